"""An abusive contact, from its mark to the measure that the supervisor decides."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conduct import home, tasks
from acquis.desk.conduct.actions.mark_abuse import (
    end_contact,
    keep_reply,
    mark_abuse,
    resume_contact,
    say_step,
    see_contact,
)
from acquis.desk.conduct.actions.measure import decide_measure, lift_measure, propose_measure
from acquis.desk.conduct.errors import (
    AlreadyMarked,
    EndTooSoon,
    FactsMissing,
    MeasureDecided,
    MeasureNotInForce,
    MeasureProposed,
    NothingSaidYet,
    NotYourExchange,
    ProtocolOver,
    ReasonMissing,
    StepNotNext,
    SupervisorOnly,
    TooLong,
)
from acquis.desk.conduct.models import AbusiveContact, ContactMeasure
from acquis.desk.conduct.policy import WORDS
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.queues.models import Presence
from acquis.desk.shell import day_in_paris
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, conduct
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
FACTS = {"nature": "insult", "facts": "« Bande d’incapables », deux fois."}
THREAT = {"nature": "threat", "facts": "« Je sais où vous travaillez. »"}


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def known(workspace: Workspace) -> Customer:
    return make.customer(workspace)


@pytest.fixture
def chat(workspace: Workspace, adviser: User, known: Customer) -> Conversation:
    return make.open_conversation(workspace, adviser, customer=known, channel="chat")


@pytest.fixture
def contact(chat: Conversation, adviser: User, now: datetime) -> AbusiveContact:
    return mark_abuse(conversation=chat, **FACTS, by=adviser, at=now)


def warn(contact: AbusiveContact, by: User, at: datetime) -> None:
    for step in ("recall", "first_warning", "second_warning"):
        say_step(contact=contact, step=step, by=by, at=at)


def test_the_protocol_is_followed_in_order_and_traced(
    workspace: Workspace, contact: AbusiveContact, chat: Conversation, adviser: User, now: datetime
) -> None:
    with pytest.raises(StepNotNext):
        say_step(contact=contact, step="second_warning", by=adviser, at=now)
    with pytest.raises(EndTooSoon):
        end_contact(contact=contact, by=adviser, at=now)
    assert not contact.steps.exists()

    say_step(contact=contact, step="recall", send=True, by=adviser, at=now)
    say_step(contact=contact, step="first_warning", words="Mes mots.", by=adviser, at=now + MINUTE)
    with pytest.raises(EndTooSoon):
        end_contact(contact=contact, by=adviser, at=now + MINUTE)
    say_step(contact=contact, step="second_warning", by=adviser, at=now + 2 * MINUTE)
    end_contact(contact=contact, send=True, by=adviser, at=now + 3 * MINUTE)

    chat.refresh_from_db()
    assert chat.state == Conversation.State.ENDED
    assert [one.body for one in chat.messages.all()] == [WORDS["recall"], WORDS["end"]]  # type: ignore[index]
    said = [(one.words, one.sent) for one in contact.steps.all()]
    assert said[1] == ("Mes mots.", False)
    assert [sent for _words, sent in said] == [True, False, False, True]
    contact.refresh_from_db()
    assert (contact.outcome, contact.over_at) == ("ended", now + 3 * MINUTE)
    verbs = [line.verb for line in trace.lines(workspace.trace_stream)]
    assert verbs.count("conduct.said") == 4
    assert verbs[0] == "conduct.marked"
    assert "Bande" not in str([line.data for line in trace.lines(workspace.trace_stream)])
    with pytest.raises(ProtocolOver):
        resume_contact(contact=contact, by=adviser, at=now)


def test_a_threat_ends_at_once(chat: Conversation, adviser: User, now: datetime) -> None:
    contact = mark_abuse(conversation=chat, **THREAT, by=adviser, at=now)
    assert end_contact(contact=contact, by=adviser, at=now).outcome == "ended"


def test_warnings_of_the_same_day_count_in_the_next_exchange(
    workspace: Workspace, contact: AbusiveContact, adviser: User, known: Customer, now: datetime
) -> None:
    warn(contact, adviser, now)
    resume_contact(contact=contact, by=adviser, at=now)
    again = make.open_conversation(workspace, adviser, customer=known, channel="phone")
    marked = mark_abuse(conversation=again, **FACTS, by=adviser, at=now + MINUTE)

    with pytest.raises(EndTooSoon):
        end_contact(contact=marked, by=adviser, at=now + timedelta(days=1))
    assert end_contact(contact=marked, by=adviser, at=now + 2 * MINUTE).outcome == "ended"


def test_an_unknown_caller_has_their_own_warnings(
    workspace: Workspace, contact: AbusiveContact, adviser: User, now: datetime
) -> None:
    warn(contact, adviser, now)
    unknown = make.open_conversation(workspace, adviser, channel="phone")
    marked = mark_abuse(conversation=unknown, **THREAT | {"nature": "insult"}, by=adviser, at=now)
    with pytest.raises(EndTooSoon):
        end_contact(contact=marked, by=adviser, at=now)
    warn(marked, adviser, now)
    assert end_contact(contact=marked, send=True, by=adviser, at=now).outcome == "ended"
    assert not marked.conversation.messages.exists()
    assert not ContactMeasure.objects.exists()


def test_who_may_mark(
    workspace: Workspace, chat: Conversation, supervisor: User, adviser: User, now: datetime
) -> None:
    colleague = make.adviser(workspace.organisation)
    waiting = make.conversation(workspace)

    with pytest.raises(FactsMissing):
        mark_abuse(conversation=chat, nature="insult", facts=" ", by=adviser, at=now)
    with pytest.raises(NotYourExchange):
        mark_abuse(conversation=chat, **FACTS, by=colleague, at=now)
    with pytest.raises(NothingSaidYet):
        mark_abuse(conversation=waiting, **FACTS, by=supervisor, at=now)
    assert not AbusiveContact.objects.exists()
    mark_abuse(conversation=chat, **FACTS, by=supervisor, at=now)
    with pytest.raises(AlreadyMarked):
        mark_abuse(conversation=chat, **FACTS, by=adviser, at=now)


def test_an_exchange_already_over_is_written_down_alone(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    over = make.ended_conversation(workspace, adviser)
    contact = mark_abuse(conversation=over, **FACTS, by=adviser, at=now)
    assert (contact.outcome, contact.over_at) == ("left", now)
    with pytest.raises(ProtocolOver):
        say_step(contact=contact, step="recall", by=adviser, at=now)


def test_the_customers_answer_is_kept_and_goes_back_to_the_supervisor(
    contact: AbusiveContact, adviser: User, supervisor: User, now: datetime
) -> None:
    with pytest.raises(SupervisorOnly):
        see_contact(contact=contact, by=adviser, at=now)
    see_contact(contact=contact, by=supervisor, at=now)
    again = see_contact(contact=contact, by=supervisor, at=now + MINUTE)
    assert again.seen_at == now
    with pytest.raises(ReasonMissing):
        keep_reply(contact=contact, reply=" ", by=adviser, at=now)
    kept = keep_reply(contact=contact, reply="Je m’excuse.", by=adviser, at=now)
    assert (kept.reply, kept.seen_at) == ("Je m’excuse.", None)


def test_repetition_proposes_a_measure_and_decides_nothing(
    workspace: Workspace, adviser: User, known: Customer, now: datetime
) -> None:
    for rank in range(4):
        call = make.open_conversation(workspace, adviser, customer=known, channel="phone")
        at = now + rank * MINUTE
        mark_abuse(conversation=call, **THREAT, by=adviser, at=at)
        assert ContactMeasure.objects.count() == (0 if rank == 0 else 1)
    proposed = ContactMeasure.objects.get()
    assert (proposed.kind, proposed.decided_at, proposed.proposed_by_label) == ("", None, "Acquis")


def test_a_measure_is_decided_by_the_supervisor_for_a_time(
    known: Customer, adviser: User, supervisor: User, now: datetime
) -> None:
    with pytest.raises(ReasonMissing):
        propose_measure(customer=known, reason="", by=adviser, at=now)
    measure = propose_measure(customer=known, reason="Trois fois.", by=adviser, at=now)
    with pytest.raises(MeasureProposed):
        propose_measure(customer=known, reason="Encore.", by=adviser, at=now)
    until = now.date() + timedelta(days=90)
    asked: dict[str, Any] = {"measure": measure, "kind": "written_only", "until": until, "at": now}
    with pytest.raises(SupervisorOnly):
        decide_measure(**asked, reason="Oui.", by=adviser)
    with pytest.raises(ReasonMissing):
        decide_measure(**asked, reason="", by=supervisor)
    with pytest.raises(TooLong):
        decide_measure(**asked | {"until": None}, reason="Oui.", by=supervisor)
    with pytest.raises(TooLong):
        decide_measure(
            **asked | {"until": until + timedelta(days=400)}, reason="Oui.", by=supervisor
        )

    decided = decide_measure(**asked, reason="Oui.", by=supervisor)

    assert decided.in_force(until)
    assert not decided.in_force(until + timedelta(days=1))
    with pytest.raises(MeasureDecided):
        decide_measure(**asked, reason="Oui.", by=supervisor)
    with pytest.raises(SupervisorOnly):
        lift_measure(measure=measure, by=adviser, at=now)
    lift_measure(measure=measure, by=supervisor, at=now)
    with pytest.raises(MeasureNotInForce):
        lift_measure(measure=measure, by=supervisor, at=now)


def test_a_refused_measure_is_none_and_a_warning_letter_is_a_draft(
    known: Customer, supervisor: User, now: datetime
) -> None:
    refused = decide_measure(
        measure=conduct.measure(known),
        kind="",
        until=now.date(),
        reason="Non.",
        by=supervisor,
        at=now,
    )
    assert (refused.until, refused.in_force(now.date())) == (None, False)
    granted = decide_measure(
        measure=conduct.measure(known),
        kind="warning_letter",
        until=now.date(),
        reason="Oui.",
        by=supervisor,
        at=now,
    )
    assert granted.letter is not None
    assert granted.letter.needs_release
    assert "réclamation" in granted.letter.body


def test_the_database_wants_an_end(known: Customer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        conduct.measure(make.customer(known.workspace), kind="written_only")


def test_an_event_past_its_term_is_deleted(
    workspace: Workspace, contact: AbusiveContact, now: datetime
) -> None:
    tasks.forget(now + timedelta(days=365))
    assert AbusiveContact.objects.exists()
    tasks.forget(now + timedelta(days=366))
    assert not AbusiveContact.objects.exists()
    assert trace.lines(workspace.trace_stream).filter(verb="conduct.forgotten").exists()


def test_the_supervisor_is_told_on_their_first_page(
    workspace: Workspace, supervisor: User, adviser: User, contact: AbusiveContact, now: datetime
) -> None:
    def cards() -> list[Any]:
        return list(home.PROVIDERS[0].cards(supervisor, workspace.organisation, now))

    assert [(card.count, card.tone) for card in cards()] == [(1, "warning")]
    other = make.open_conversation(workspace, adviser)
    mark_abuse(conversation=other, **THREAT, by=adviser, at=now)
    assert [(card.count, card.tone) for card in cards()] == [(2, "danger")]


# Pages


def page(name: str, *args: Any) -> str:
    return reverse(f"conduct:{name}", args=args)


def test_the_exchange_offers_the_protocol_and_follows_it(
    signed_in: StrictClient, workspace: Workspace, chat: Conversation, htmx: dict[str, str]
) -> None:
    address = page("exchange", workspace.pk, chat.pk)
    shown = signed_in.get(reverse("conversations:conversation", args=[workspace.pk, chat.pk]))
    assert address in shown.content.decode()

    empty = signed_in.post(address, {"nature": "insult", "facts": ""}, headers=htmx)
    marked = signed_in.post(address, FACTS, headers=htmx)
    contact = AbusiveContact.objects.get()
    early = signed_in.post(page("end", workspace.pk, contact.pk), headers=htmx)

    assert (empty.status_code, marked.status_code, early.status_code) == (422, 200, 422)
    assert "Dites ce qui a été dit" in empty.content.decode()
    assert "Je suis là pour traiter" in marked.content.decode()
    for step in ("recall", "first_warning", "second_warning"):
        said = signed_in.post(page("say", workspace.pk, contact.pk), {"step": step}, headers=htmx)
        assert said.status_code == 200
    over = signed_in.post(page("end", workspace.pk, contact.pk), {"send": "1"}, headers=htmx)
    assert "prendre une pause" in over.content.decode()
    bad = signed_in.post(page("reply", workspace.pk, contact.pk), {"reply": ""}, headers=htmx)
    assert bad.status_code == 422
    replied = signed_in.post(page("reply", workspace.pk, contact.pk), {"reply": "Pardon."})
    assert replied.status_code == 302
    assert "Pardon." in signed_in.get(address).content.decode()


def test_what_says_too_much_is_confirmed_first(
    signed_in: StrictClient, workspace: Workspace, chat: Conversation
) -> None:
    address = page("exchange", workspace.pk, chat.pk)
    typed = {"nature": "insult", "facts": "« Connard », dit ce syndicaliste."}

    warned = signed_in.post(address, typed)

    assert warned.status_code == 422
    text = warned.content.decode()
    assert "« syndicaliste »" in text
    assert "« connard »" not in text
    kept = warned.context["form"]["kept_anyway"].value()
    assert signed_in.post(address, typed | {"kept_anyway": kept}).status_code == 302
    assert AbusiveContact.objects.get().facts == typed["facts"]


def test_a_colleague_does_not_read_the_facts(
    workspace: Workspace, contact: AbusiveContact, chat: Conversation, known: Customer
) -> None:
    colleague = StrictClient()
    colleague.force_login(make.adviser(workspace.organisation))

    shown = colleague.get(page("exchange", workspace.pk, chat.pk)).content.decode()
    record = colleague.get(reverse("directory:record", args=[workspace.pk, known.pk]))

    assert "incapables" not in shown
    assert "incapables" not in record.content.decode()
    assert "Contact marqué abusif" in record.content.decode()
    assert colleague.post(page("say", workspace.pk, contact.pk)).status_code == 404
    assert "Aucun contact abusif" in colleague.get(page("index", workspace.pk)).content.decode()


def test_resume_and_breath(
    signed_in: StrictClient, workspace: Workspace, contact: AbusiveContact
) -> None:
    assert signed_in.post(page("resume", workspace.pk, contact.pk)).status_code == 302
    assert signed_in.post(page("breathe", workspace.pk)).status_code == 302
    spell = Presence.objects.get()
    assert (spell.state, spell.reason) == ("paused", "breath")


def test_the_supervisor_decides_on_the_page(
    workspace: Workspace, contact: AbusiveContact, known: Customer, supervisor: User,
    signed_in: StrictClient,
) -> None:  # fmt: skip
    propose = page("propose", workspace.pk, known.pk)
    assert signed_in.get(propose).status_code == 200
    assert signed_in.post(propose, {"reason": ""}).status_code == 422
    assert signed_in.post(propose, {"reason": "Deux fois."}).status_code == 302
    measure = ContactMeasure.objects.get()
    boss = StrictClient()
    boss.force_login(supervisor)
    until = day_in_paris(timezone.now()) + timedelta(days=30)

    shown = boss.get(page("index", workspace.pk)).content.decode()
    bad = boss.post(page("decide", workspace.pk, measure.pk), {"kind": "written_only"})
    good = boss.post(
        page("decide", workspace.pk, measure.pk),
        {"kind": "written_only", "until": until.isoformat(), "reason": "Pour protéger."},
    )

    assert "Deux fois." in shown
    assert (bad.status_code, good.status_code) == (422, 302)
    assert "Dites pourquoi." in bad.content.decode()
    assert boss.post(page("see", workspace.pk, contact.pk)).status_code == 302
    index = signed_in.get(page("index", workspace.pk)).content.decode()
    assert "Échanges par écrit seulement" in index
    assert "Pour protéger." not in index
    record = signed_in.get(reverse("directory:record", args=[workspace.pk, known.pk]))
    assert "Échanges par écrit seulement" in record.content.decode()
    found = signed_in.get(reverse("directory:search", args=[workspace.pk]), {"situation": "mesure"})
    assert found.status_code == 200
    assert boss.post(page("lift", workspace.pk, measure.pk)).status_code == 302


def test_a_list_asks_as_much_for_one_row_as_for_many(
    workspace: Workspace, adviser: User, signed_in: StrictClient,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for rank in range(12):
        who = make.customer(workspace)
        chat = make.open_conversation(workspace, adviser, customer=who)
        marked = conduct.abusive_contact(chat, adviser, marked_at=timezone.now() - rank * MINUTE)
        conduct.protocol_step(marked, "recall")
    with django_assert_max_num_queries(25):
        signed_in.get(page("index", workspace.pk))
