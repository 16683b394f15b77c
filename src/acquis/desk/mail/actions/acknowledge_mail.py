from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Message
from acquis.desk.mail import policy, queries
from acquis.desk.mail.actions.release_mail import new_identifier, send_later
from acquis.desk.mail.models import Mail
from acquis.kernel import trace

TEXT = gettext_lazy(
    "Bonjour,\n\nNous avons bien reçu votre message et vous répondrons dès que possible."
)


@transaction.atomic
def acknowledge_mail(*, mail: Mail, suppressed: bool, at: datetime) -> Mail | None:
    """Tell the sender that the mail arrived, where the mailbox wishes it and it is safe to.

    Gives the acknowledgement that will leave, or None. Source: RFC 3834.
    """
    mailbox, conversation = mail.mailbox, mail.conversation
    if mailbox is None or conversation is None or not policy.is_address(mail.from_address):
        return None
    if not policy.may_acknowledge(
        mailbox.acknowledge,
        mail.kind,  # type: ignore[arg-type]  # the column holds the words of the policy
        open_now=queries.is_open(mailbox, at),
        last_to_sender=queries.last_acknowledged(mail.workspace, mail.from_address),
        suppressed=suppressed,
        at=at,
    ):
        return None
    answer = Mail.objects.create(
        workspace=mail.workspace,
        mailbox=mailbox,
        conversation=conversation,
        customer=conversation.customer,
        answers=mail,
        state=Mail.State.SENDING,
        kind=Mail.Kind.AUTOMATIC,
        references=policy.references_of(mail.identifier, mail.references),
        from_name=mailbox.display_name,
        from_address=mailbox.address,
        to=mail.from_address,
        subject=policy.with_token(
            policy.answer_subject(mail.subject), queries.token_of(conversation)
        ),
        body="\n\n".join(filter(None, [mailbox.acknowledgement or str(TEXT), mailbox.signature])),
        at=at,
    )
    answer.identifier = new_identifier(answer)
    answer.message = send_message(
        conversation=conversation,
        author=Message.Author.SYSTEM,
        body=answer.body,
        author_label=_("Accusé de réception automatique"),
        client_key=f"mail:{answer.pk}",
        by=None,
        at=at,
    )
    answer.save(update_fields=["identifier", "message"])
    trace.record("mail.acknowledged", answer, by=None, at=at, mail_id=mail.pk)
    send_later(answer, at=at)
    return answer
