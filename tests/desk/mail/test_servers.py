"""Mail with real servers: what comes by IMAP, what leaves by SMTP."""

import email
import email.policy
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.mail import fetching, gateway, reading
from acquis.desk.mail.actions.schedule_mail import retry_mail, schedule_mail
from acquis.desk.mail.errors import ConnectionRefused
from acquis.desk.mail.models import DeadAddress, Mail, Mailbox, SetAside
from acquis.kernel import crypto, outbox
from acquis.kernel.models import OutboxMessage
from tests.factories import desk as make
from tests.factories import mail as make_mail

pytestmark = pytest.mark.django_db(transaction=True)


def deliver(later=timedelta(0)) -> None:
    """What a worker does that looks so much later."""
    while outbox.deliver(now=timezone.now() + later) or outbox.deliver_slow(
        now=timezone.now() + later
    ):
        pass


def test_new_mail_is_taken_in_once_and_left_unread(served, imap, now):
    imap.append(make_mail.eml(), make_mail.eml("Deuxième"))

    assert fetching.fetch_due(now, clock=lambda: now) == 1
    assert Mail.objects.count() == 2
    assert Conversation.objects.filter(state="waiting", channel="mail").count() == 2
    served.refresh_from_db()
    assert (served.fetched_at, served.failures, served.leased_until) == (now, 0, None)

    later = now + timedelta(minutes=1)
    imap.append(make_mail.eml("Troisième"))
    assert fetching.fetch_due(now, clock=lambda: now) == 0  # not due yet
    assert fetching.fetch_due(later, clock=lambda: later) == 1
    assert Mail.objects.count() == 3
    assert not any(b"\\Seen" in line for line in imap.seen_flags())
    assert len(imap.seen_flags()) == 3


def test_folder_numbered_anew_doubles_nothing(served, imap, now):
    same = make_mail.eml()
    imap.append(same)
    fetching.fetch(served, clock=lambda: now)
    served.uid_validity = 1
    served.save()

    fetching.fetch(served, clock=lambda: now)

    served.refresh_from_db()
    assert served.uid_validity != 1
    assert Mail.objects.count() == Message.objects.count() == 1


def test_message_that_breaks_is_kept_aside_and_blocks_no_other(served, imap, now, monkeypatch):
    parse = reading.parse

    def fragile(raw):
        if b"poison" in raw:
            raise RecursionError("too deep")
        return parse(raw)

    monkeypatch.setattr(reading, "parse", fragile)
    imap.append(make_mail.eml("poison", Subject="Piège"), make_mail.eml("Sain"))

    fetching.fetch(served, clock=lambda: now)

    aside = SetAside.objects.get()
    assert (aside.subject, aside.sender) == ("Piège", "odile@boite.example")
    assert "RecursionError" in aside.reason
    assert Mail.objects.get().body == "Sain"
    served.refresh_from_db()
    assert served.failures == 0


def test_message_too_large_stays_on_the_server_and_is_told(served, imap, now, monkeypatch):
    monkeypatch.setattr("acquis.desk.mail.policy.LARGEST_MESSAGE", 2000)
    imap.append(make_mail.eml("x" * 5000, Subject="Énorme"), make_mail.eml("Court"))

    fetching.fetch(served, clock=lambda: now)

    aside = SetAside.objects.get()
    assert aside.raw is None
    assert aside.subject == "Énorme"
    assert Mail.objects.get().body == "Court"


def test_failing_server_is_told_and_asked_less_often(served, imap, now):
    served.imap_secret = crypto.seal(b"faux")
    served.save()

    fetching.fetch(served, clock=lambda: now)
    served.refresh_from_db()
    assert served.failing_since == now
    assert "refuse l’identifiant ou le mot de passe" in served.last_error
    first = served.next_fetch_at - now
    fetching.fetch(served, clock=lambda: now)
    served.refresh_from_db()
    assert served.next_fetch_at - now > first
    assert served.failures == 2

    served.imap_secret = crypto.seal(b"secret")
    served.save()
    fetching.fetch(served, clock=lambda: now)
    served.refresh_from_db()
    assert (served.failures, served.failing_since, served.last_error) == (0, None, "")


def test_one_worker_at_a_time_reads_a_mailbox(served, imap, now):
    served.leased_until = now + timedelta(minutes=1)
    served.save()

    assert fetching.fetch_due(now, clock=lambda: now) == 0
    # Its worker died: the lease runs out.
    later = now + timedelta(minutes=2)
    assert fetching.fetch_due(later, clock=lambda: later) == 1
    with transaction.atomic():
        assert fetching._leased(served.pk, later) is not None
        assert fetching._leased(served.pk, later) is None


def test_mailbox_of_a_copy_is_never_read(served, imap, now):
    served.workspace.kind, served.workspace.origin = "copy", make.desk()
    served.workspace.save()
    assert fetching.fetch_due(now, clock=lambda: now) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"imap_secret": b""}, "identifiant ou le mot de passe"),
        ({"imap_host": "nulle-part.invalid"}, "n’existe pas"),
        ({"imap_port": 1}, "Rien n’écoute"),
        ({"folder": "Inconnu"}, "Le dossier « Inconnu » n’existe pas"),
        ({"imap_security": "tls"}, "TLS"),
        ({"imap_secret": b"autre"}, "ne se lit plus"),
    ],
)
def test_trying_to_read_says_what_is_wrong(served, change, said):
    for name, value in change.items():
        setattr(served, name, value)
    with pytest.raises(ConnectionRefused) as refusal:
        gateway.try_reading(served)
    assert said in str(refusal.value)


def test_trying_says_yes(served, imap):
    imap.append(make_mail.eml())
    assert gateway.try_reading(served) == 1
    gateway.try_sending(served)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"smtp_port": 1}, "Rien n’écoute"),
        ({"smtp_secret": b"autre"}, "ne se lit plus"),
        ({"smtp_security": "starttls"}, "protection"),
    ],
)
def test_trying_to_send_says_what_is_wrong(served, change, said):
    for name, value in change.items():
        setattr(served, name, value)
    with pytest.raises(ConnectionRefused) as refusal:
        gateway.try_sending(served)
    assert said in str(refusal.value)


@pytest.fixture
def answered(served, adviser, now):
    """A draft that answers a customer's mail."""
    fetching.take_in(served, make_mail.eml(), uid=None, at=now)
    theirs = Mail.objects.get()
    conversation = theirs.conversation
    conversation.state, conversation.adviser = "open", adviser
    conversation.save()
    return make_mail.draft(
        conversation, adviser, mailbox=served, answers=theirs, references=theirs.identifier,
        cc="Paul <paul@boite.example>", bcc="cachee@valbrenne.example", body="Elle **part** demain.",
    )  # fmt: skip


def test_answer_leaves_after_ten_seconds_with_its_headers(answered, adviser, smtp):
    at = timezone.now() - timedelta(seconds=20)
    schedule_mail(mail=answered, by=adviser, at=at)
    deliver()

    taken = smtp.taken[0]
    message = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert taken.mail_from == "contact@valbrenne.example"
    assert set(taken.rcpt_tos) == {
        "odile@boite.example",
        "paul@boite.example",
        "cachee@valbrenne.example",
    }
    assert message["Message-ID"].endswith("@valbrenne.example>")
    assert message["In-Reply-To"] == answered.references
    assert message["References"] == answered.references
    assert "cachee" not in taken.content.decode()
    assert "Auto-Submitted" not in message
    assert "<strong>part</strong>" in message.get_body(("html",)).get_content()
    assert message.get_body(("plain",)).get_content().startswith("Elle **part** demain.")
    answered.refresh_from_db()
    assert answered.state == Mail.State.SENT
    assert answered.message.body == "Elle **part** demain."


def test_customers_answer_joins_the_exchange(served, answered, adviser, smtp, imap):
    schedule_mail(mail=answered, by=adviser, at=timezone.now() - timedelta(seconds=20))
    deliver()
    answered.refresh_from_db()
    imap.append(make_mail.eml("Merci !", In_Reply_To=answered.identifier, Subject="Autre objet"))

    fetching.fetch(served)

    latest = Mail.objects.filter(state="received").order_by("pk").last()
    assert latest.conversation_id == answered.conversation_id
    assert latest.answers_id == answered.pk


def test_refused_for_good_is_told_and_not_tried_again(answered, adviser, smtp):
    smtp.answer = "554 5.7.1 Message refused"
    schedule_mail(mail=answered, by=adviser, at=timezone.now() - timedelta(seconds=20))
    deliver()

    answered.refresh_from_db()
    assert answered.state == Mail.State.FAILED
    assert "Message refused" in answered.last_error
    told = answered.conversation.messages.order_by("position").last()
    assert (told.author, told.author_label) == ("system", "Envoi impossible")
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()

    smtp.answer = ""
    retry_mail(mail=answered, by=adviser, at=timezone.now())
    deliver()
    answered.refresh_from_db()
    assert answered.state == Mail.State.SENT
    assert answered.conversation.messages.filter(author="adviser").count() == 1


def test_refused_for_now_is_tried_again_later(answered, adviser, smtp):
    smtp.answer = "451 4.3.0 Try later"
    schedule_mail(mail=answered, by=adviser, at=timezone.now() - timedelta(seconds=20))
    deliver()
    answered.refresh_from_db()
    assert (answered.state, answered.attempts) == (Mail.State.SENDING, 1)
    assert "Try later" in answered.last_error

    smtp.answer = ""
    deliver(timedelta(minutes=3))
    answered.refresh_from_db()
    assert answered.state == Mail.State.SENT
    assert len(smtp.taken) == 1


def test_after_the_last_attempt_it_is_told(answered, adviser, smtp, monkeypatch):
    monkeypatch.setattr("acquis.desk.mail.policy.LAST_SENDING", 2)
    smtp.answer = "451 4.3.0 Try later"
    schedule_mail(mail=answered, by=adviser, at=timezone.now() - timedelta(seconds=20))
    deliver()
    deliver(timedelta(minutes=3))
    answered.refresh_from_db()
    assert answered.state == Mail.State.FAILED


def test_one_refused_recipient_is_told_beside_the_others(answered, adviser, smtp):
    smtp.refuse = {"paul@boite.example": "550 5.1.1 User unknown"}
    schedule_mail(mail=answered, by=adviser, at=timezone.now() - timedelta(seconds=20))
    deliver()
    answered.refresh_from_db()
    assert answered.state == Mail.State.BOUNCED
    assert [one["address"] for one in answered.refused] == ["paul@boite.example"]
    assert DeadAddress.objects.get().address == "paul@boite.example"
    assert len(smtp.taken) == 1


def test_all_recipients_refused_for_good(answered, adviser, smtp):
    answered.cc = answered.bcc = ""
    answered.save()
    smtp.refuse = {"odile@boite.example": "550 5.1.1 User unknown"}
    schedule_mail(mail=answered, by=adviser, at=timezone.now() - timedelta(seconds=20))
    deliver()
    answered.refresh_from_db()
    assert answered.state == Mail.State.FAILED
    assert DeadAddress.objects.get().address == "odile@boite.example"


def test_acknowledgement_says_it_is_automatic(served, imap, smtp):
    served.acknowledge = Mailbox.Acknowledge.ALWAYS
    served.save()
    imap.append(
        make_mail.eml(), make_mail.eml(Auto_Submitted="auto-replied"), make_mail.eml("Encore")
    )
    fetching.fetch(served)
    deliver()

    assert len(smtp.taken) == 1  # once a day to a sender
    message = email.message_from_bytes(smtp.taken[0].content, policy=email.policy.default)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["In-Reply-To"] == Mail.objects.filter(state="received").earliest("pk").identifier
