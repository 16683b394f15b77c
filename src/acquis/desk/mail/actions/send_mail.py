from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.mail.actions.schedule_mail import schedule_mail
from acquis.desk.mail.actions.write_draft import begin_draft, save_draft_parts
from acquis.desk.mail.models import Mail


@transaction.atomic
def send_mail(
    *,
    workspace: Workspace,
    conversation: Conversation | None,
    customer: Customer | None,
    parts: Mapping[str, str],
    by: User,
    at: datetime,
) -> Mail:
    """Write a mail and ask it to leave in one act; drafts that are held stay as they are.

    `parts` replaces what a new mail or an answer begins with. Like any other it can be called back
    for ten seconds. Raises what `begin_draft`, `save_draft_parts` and `schedule_mail` raise; nothing
    is written then.
    """
    draft = begin_draft(
        workspace=workspace,
        kind="reply" if conversation else "new",
        conversation=conversation,
        customer=customer,
        by=by,
        at=at,
    )
    draft = save_draft_parts(mail=draft, parts=parts, by=by, at=at)
    return schedule_mail(mail=draft, by=by, at=at)
