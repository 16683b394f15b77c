"""A mail finds its exchange; machines begin nothing; what was not delivered is told."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.mail import policy, queries
from acquis.desk.mail.actions.keep_mailbox import keep_mailbox, set_message_aside, settle_set_aside
from acquis.desk.mail.actions.mail_message import mail_message
from acquis.desk.mail.actions.receive_mail import receive_mail
from acquis.desk.mail.actions.settle_sending import settle_failed, settle_sent
from acquis.desk.mail.actions.take_bounce import take_bounce
from acquis.desk.mail.errors import AlreadySettled, SenderFloods, ServersOfLiveDesks
from acquis.desk.mail.models import DeadAddress, Mail, SetAside
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.kernel import trace
from tests.factories import accounts, queues
from tests.factories import desk as make
from tests.factories import mail as known

OURS = "<acquis.1@valbrenne.example>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def take(workspace: Workspace, raw: bytes, at: datetime = known.NOW, **fields: object) -> Mail:
    return receive_mail(workspace=workspace, raw=raw, at=at, **({"mailbox": None} | fields))  # type: ignore[arg-type]


def sent_mail(of: Conversation, by: User, **fields: object) -> Mail:
    values = {"state": Mail.State.SENT, "identifier": OURS, "message": make.message(of)}
    return known.draft(of, by, **(values | fields))


def said(conversation: Conversation) -> list[tuple[str, str]]:
    rows = conversation.messages.order_by("position")
    return [(one.author, one.body) for one in rows]


# ---- Threads ----


def test_a_mail_begins_an_exchange_with_the_customer_of_its_address(workspace: Workspace) -> None:
    odile = make.customer(workspace, email="odile@boite.example")

    mail = take(workspace, known.eml())
    again = take(workspace, known.eml(Message_ID=mail.identifier))

    assert again == mail
    assert mail.conversation is not None
    assert (mail.conversation.customer, mail.conversation.subject) == (odile, "Ma commande")
    assert said(mail.conversation) == [("customer", "Bonjour,\n\nOù est ma commande ?")]


def test_an_address_of_two_customers_names_neither(workspace: Workspace) -> None:
    for _ in range(2):
        make.customer(workspace, email="odile@boite.example")

    assert take(workspace, known.eml()).customer is None


def test_an_answer_joins_by_its_headers_and_never_by_its_subject_alone(
    workspace: Workspace, adviser: User
) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="mail")
    sent_mail(exchange, adviser)

    joined = take(workspace, known.eml(In_Reply_To=OURS))
    stranger = take(workspace, known.eml(Subject="Re: Ma commande"))

    assert joined.conversation == exchange
    assert stranger.conversation != exchange


def test_the_reference_of_a_subject_joins_when_its_seal_is_true(
    workspace: Workspace, adviser: User
) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="mail")
    token = queries.token_of(exchange)

    joined = take(workspace, known.eml(Subject=f"Re: Ma commande {token}"))
    forged = take(workspace, known.eml(Subject=f"Re: [réf. {exchange.pk}-00000000]"))

    assert joined.conversation == exchange
    assert forged.conversation != exchange


def test_an_ended_exchange_opens_again_and_a_qualified_one_begins_another(
    workspace: Workspace, adviser: User
) -> None:
    ended = make.ended_conversation(workspace, adviser, channel="mail")
    done = make.ended_conversation(
        workspace,
        adviser,
        channel="mail",
        qualified_at=known.NOW,
        customer=make.customer(workspace),
    )
    sent_mail(ended, adviser)
    sent_mail(done, adviser, identifier="<acquis.2@valbrenne.example>")

    first = take(workspace, known.eml(In_Reply_To=OURS))
    second = take(workspace, known.eml(In_Reply_To="<acquis.2@valbrenne.example>"))

    ended.refresh_from_db()
    assert (first.conversation, ended.state) == (ended, "open")
    assert second.conversation is not None
    assert second.conversation != done
    assert second.conversation.customer == done.customer


def test_a_mail_without_sender_subject_or_text_is_taken_all_the_same(workspace: Workspace) -> None:
    mail = take(workspace, known.eml("", From="", Subject=""))

    assert mail.conversation is not None
    assert mail.conversation.subject == "(sans objet)"
    assert said(mail.conversation) == [("customer", "(sans texte)")]


def test_an_image_of_the_text_is_shown_in_it_and_a_file_is_attached(workspace: Workspace) -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "o@x.example", "Photo", "<p@x>"
    message.set_content("Voici.")
    message.add_alternative('<p>Voici <img src="cid:photo"></p><script>x</script>', subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(PNG, "image", "png", cid="<photo>", filename="photo.png")  # type: ignore[union-attr]
    message.add_attachment(b"Bon de livraison", "text", "plain", filename="bon.txt")

    mail = take(workspace, message.as_bytes())

    assert [one.content_id for one in mail.files.all()] == ["photo"]
    assert mail.message is not None
    assert [one.name for one in mail.message.attachments.all()] == ["bon.txt"]
    assert "<script" not in mail.html


# ---- Machines ----


def test_an_automatic_answer_is_shown_and_begins_nothing(
    workspace: Workspace, adviser: User
) -> None:
    exchange = make.ended_conversation(workspace, adviser, channel="mail")
    sent_mail(exchange, adviser)

    absent = take(workspace, known.eml("Absente", In_Reply_To=OURS, Auto_Submitted="auto-replied"))
    stray = take(workspace, known.eml("Absente", Auto_Submitted="auto-replied"))

    exchange.refresh_from_db()
    assert (absent.conversation, exchange.state) == (exchange, "ended")
    assert said(exchange)[-1] == ("system", "Absente")
    assert (stray.conversation, stray.message) == (None, None)


def test_our_own_mail_that_comes_back_begins_nothing(workspace: Workspace, adviser: User) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="mail")
    sent_mail(exchange, adviser)
    box = known.mailbox(workspace)

    by_identifier = take(workspace, known.eml(Message_ID=OURS))
    by_address = take(workspace, known.eml(From=box.address))

    assert {by_identifier.kind, by_address.kind} == {"own"}
    assert by_identifier.conversation is by_address.conversation is None


def test_a_sender_who_floods_is_refused_before_anything_is_written(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "MOST_AN_HOUR", 2)
    for _ in range(2):
        take(workspace, known.eml())

    with pytest.raises(SenderFloods):
        take(workspace, known.eml())
    take(workspace, known.eml(), at=known.NOW + timedelta(hours=2))

    assert Mail.objects.count() == 3


def test_a_mailbox_that_wishes_it_acknowledges_once_a_day(workspace: Workspace) -> None:
    box = known.mailbox(workspace, acknowledge="always", acknowledgement="Bien reçu.")

    first = take(workspace, known.eml(), mailbox=box)
    take(workspace, known.eml(), mailbox=box)
    take(workspace, known.eml(From="autre@x.example", X_Auto_Response_Suppress="All"), mailbox=box)
    take(workspace, known.eml(From=""), mailbox=box)

    (answer,) = Mail.objects.filter(kind=Mail.Kind.AUTOMATIC)
    assert (answer.answers, answer.to) == (first, "odile@boite.example")
    assert answer.body.startswith("Bien reçu.")


def test_a_sealed_desk_takes_no_mail(workspace: Workspace) -> None:
    accounts.sealed(workspace)

    with pytest.raises(WorkspaceSealed):
        take(workspace, known.eml())

    assert not Mail.objects.exists()


# ---- What was not delivered ----


def test_a_report_marks_the_mail_and_tells_who_wrote_it_once(
    workspace: Workspace, adviser: User
) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="mail")
    left = sent_mail(exchange, adviser)

    for _ in range(2):
        take(workspace, known.dsn(OURS, "Odile@boite.example"))

    left.refresh_from_db()
    assert left.state == Mail.State.BOUNCED
    assert [one["status"] for one in left.refused] == ["5.1.1"]
    assert DeadAddress.objects.get().address == "odile@boite.example"
    told = [body for author, body in said(exchange) if author == "system"]
    assert len(told) == 1
    assert "n’a pas été remis" in told[0]
    # Somebody who writes from there again is alive.
    take(workspace, known.eml())
    assert not DeadAddress.objects.exists()


def test_a_delay_and_a_report_on_nothing_of_ours_change_nothing(
    workspace: Workspace, adviser: User
) -> None:
    left = sent_mail(make.open_conversation(workspace, adviser, channel="mail"), adviser)

    take(workspace, known.dsn(OURS, "odile@boite.example", "4.4.1", "delayed"))
    take(workspace, known.dsn("<ailleurs@x>", "odile@boite.example"))

    left.refresh_from_db()
    assert (left.state, left.refused) == (Mail.State.SENT, [])


def test_a_report_that_names_no_mail_is_left_alone(workspace: Workspace) -> None:
    report = known.received(None, workspace_id=workspace.pk)

    assert take_bounce(mail=report, deliveries=[], original_id="", at=known.NOW) is None


def test_what_was_qualified_is_told_in_another_exchange(
    workspace: Workspace, adviser: User
) -> None:
    done = make.ended_conversation(workspace, adviser, channel="mail", qualified_at=known.NOW)
    sent_mail(done, adviser)
    alone = known.draft(done, adviser, conversation=None, state=Mail.State.SENT, identifier="<s@x>")

    take(workspace, known.dsn(OURS, "odile@boite.example", "5.2.2"))
    take(workspace, known.dsn("<s@x>", "odile@boite.example", "5.2.2"))

    (other,) = Conversation.objects.exclude(pk=done.pk)
    assert other.subject == "Non remis : Re: Ma commande"
    alone.refresh_from_db()
    assert alone.state == Mail.State.BOUNCED
    assert not DeadAddress.objects.exists()


def test_a_server_says_at_once_what_it_refuses(workspace: Workspace, adviser: User) -> None:
    left = known.draft(
        make.open_conversation(workspace, adviser), adviser, conversation=None,
        state=Mail.State.SENDING,
    )  # fmt: skip

    settle_sent(
        mail=left, raw=b"x", at=known.NOW,
        refused={"a@x.example": "550 5.1.1 unknown", "b@x.example": "550 no", "c@x.example": "450 later"},
    )  # fmt: skip

    left.refresh_from_db()
    assert left.state == Mail.State.BOUNCED
    assert [one["status"] for one in left.refused] == ["5.1.1", "5.0.0"]
    assert [one.address for one in DeadAddress.objects.all()] == ["a@x.example"]
    settle_failed(mail=left, reason="Refusé", refused={"d@x.example": "550 5.1.2 no"}, at=known.NOW)
    assert DeadAddress.objects.count() == 2


# ---- A message written otherwise ----


def test_a_message_of_the_adviser_leaves_as_a_mail_where_an_address_is_known(
    workspace: Workspace, adviser: User
) -> None:
    box = known.mailbox(workspace, signature="Le service clients")
    answered = make.open_conversation(workspace, adviser, channel="mail")
    known.received(answered, reply_to="ailleurs@boite.example", mailbox=box)
    fresh = make.open_conversation(
        workspace, adviser, channel="mail", contact_address="paul@y.example"
    )
    nobody = make.open_conversation(workspace, adviser, channel="mail")

    def leave(of: Conversation) -> Mail | None:
        said = make.message(of, author=Message.Author.ADVISER, body="Elle part demain.")
        return mail_message(message=said, at=known.NOW)

    first, second, none = leave(answered), leave(fresh), leave(nobody)

    assert none is None
    assert first is not None
    assert second is not None
    assert (first.to, first.mailbox, first.answers is not None) == (
        "ailleurs@boite.example", box, True,
    )  # fmt: skip
    assert second.to == "paul@y.example"
    assert second.body == "Elle part demain.\n\nLe service clients"


@pytest.mark.parametrize(
    ("direction", "subject"), [("in", "Re: Ma commande"), ("out", "Ma commande")]
)
def test_what_the_desk_writes_first_bears_its_own_subject(
    workspace: Workspace, adviser: User, direction: str, subject: str
) -> None:
    talk = make.open_conversation(
        workspace, adviser, channel="mail", contact_address="o@x.example", direction=direction
    )

    left = mail_message(message=make.message(talk, author="adviser", body="Bonjour"), at=known.NOW)

    assert left is not None
    assert left.subject.startswith(f"{subject} [réf. ")


def test_a_desk_without_mailbox_writes_in_its_own_name(workspace: Workspace, adviser: User) -> None:
    chat = make.open_conversation(
        workspace, adviser, channel="mail", customer=make.customer(workspace, email="o@x.example")
    )

    left = mail_message(message=make.message(chat, author="adviser", body="Bonjour"), at=known.NOW)

    assert left is not None
    assert (left.mailbox, left.to, left.body) == (None, "o@x.example", "Bonjour")


# ---- Mailboxes ----


def test_a_mailbox_keeps_its_password_until_its_server_goes(
    workspace: Workspace, adviser: User
) -> None:
    values = {"address": "Contact@Valbrenne.example", "imap_host": "imap.x", "imap_password": "s"}

    box = keep_mailbox(workspace=workspace, mailbox=None, values=values, by=adviser, at=known.NOW)
    box.last_uid = 40
    box.save(update_fields=["last_uid"])
    same = keep_mailbox(
        workspace=workspace, mailbox=box, values={"display_name": "Nous"}, by=adviser, at=known.NOW
    )
    assert (same.address, bool(same.imap_secret), same.last_uid) == (
        "contact@valbrenne.example", True, 40,
    )  # fmt: skip
    gone = keep_mailbox(
        workspace=workspace, mailbox=box, values={"imap_host": ""}, by=adviser, at=known.NOW
    )
    assert (bytes(gone.imap_secret), gone.last_uid) == (b"", 0)


def test_a_mailbox_never_waits_in_the_queue_of_another_desk(
    workspace: Workspace, adviser: User
) -> None:
    box = known.mailbox(workspace)

    with pytest.raises(NotOfThisDesk):
        keep_mailbox(
            workspace=workspace, mailbox=box, values={"queue": queues.queue(make.desk())},
            by=adviser, at=known.NOW,
        )  # fmt: skip

    box.refresh_from_db()
    assert box.queue is None


def test_a_copy_of_a_desk_reaches_no_server(workspace: Workspace, adviser: User) -> None:
    workspace.kind = "copy"

    with pytest.raises(ServersOfLiveDesks):
        keep_mailbox(
            workspace=workspace, mailbox=None, values={"smtp_host": "x"}, by=adviser, at=known.NOW
        )


def test_what_is_set_aside_is_kept_once_and_settled_once(
    workspace: Workspace, adviser: User
) -> None:
    box = known.mailbox(workspace)

    def aside(uid: int | None, raw: bytes | None) -> SetAside:
        return set_message_aside(
            mailbox=box, uid=uid, raw=raw, sender="o@x", subject="Facture", reason="illisible",
            at=known.NOW,
        )  # fmt: skip

    first, again, loose = aside(7, None), aside(7, b"x"), aside(None, b"x")
    settle_set_aside(row=first, outcome="left", by=adviser, at=known.NOW)

    assert first == again
    assert (first.raw, loose.raw is not None) == (None, True)
    with pytest.raises(AlreadySettled):
        settle_set_aside(row=first, outcome="left", by=adviser, at=known.NOW)
    verbs = [line.verb for line in trace.lines(workspace.trace_stream)]
    assert verbs.count("mail.set_aside") == 2
