"""A subject of the library is sealed in the bank, then played in a candidate's private copy."""

from datetime import datetime, timedelta

import pytest

from acquis.accounts.enums import Role
from acquis.accounts.models import Workspace
from acquis.certification.papers import sealing
from acquis.certification.papers.errors import OwnSubjectValidated
from acquis.certification.papers.models import Subject
from acquis.certification.papers.policy import candidate_side
from acquis.desk.conversations.models import Conversation
from acquis.kernel import trace
from acquis.practice.enterprises import packs
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from acquis.practice.scenarios import library
from acquis.practice.scenarios.actions.begin_exchange import begin_exchange
from acquis.practice.scenarios.actions.install_library import install_library
from acquis.practice.scenarios.actions.open_subject import open_subject, put_letters_away
from acquis.practice.scenarios.errors import (
    CustomerAbsent,
    ExchangeOutgoing,
    ExchangeUnknown,
    NotAPrivateCopy,
    OtherEnterprise,
)
from tests.factories.certification import person
from tests.factories.practice import SLUG, model_workspace, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def subjects() -> dict[str, dict]:
    return {scenario.code: scenario.payload for scenario in library.load(packs.load(SLUG))}


@pytest.fixture
def copy(now: datetime) -> Workspace:
    return copy_workspace(source=model_workspace(at=now), name="Copie", by=None, at=now)


def test_install_library_seals_every_subject_once(now: datetime, subjects) -> None:
    centre = organisation()
    author = person(Role.TRAINER, organisation=centre)
    director = person(Role.CERTIFYING_BODY, organisation=centre)
    new = install_library(organisation=centre, slug=SLUG, by=author, at=now, validated_by=director)
    assert {subject.reference for subject in new} == set(subjects)
    assert {subject.state for subject in new} == {Subject.State.VALIDATED}
    assert sealing.unseal(new[0]) == subjects[new[0].reference]
    assert b"Marchenoir" not in bytes(new[0].sealed)
    assert install_library(organisation=centre, slug=SLUG, by=author, at=now) == []


def test_install_library_refuses_the_author_as_validator_and_writes_nothing(now: datetime) -> None:
    centre = organisation()
    author = person(Role.TRAINER, organisation=centre)
    with pytest.raises(OwnSubjectValidated):
        install_library(organisation=centre, slug=SLUG, by=author, at=now, validated_by=author)
    assert not Subject.objects.filter(organisation=centre).exists()


def test_open_subject_puts_the_letter_on_the_desk_once(
    copy: Workspace, now: datetime, subjects
) -> None:
    letter = open_subject(workspace=copy, content=subjects["VAL-E01"], by=None, at=now)
    again = open_subject(workspace=copy, content=subjects["VAL-E01"], by=None, at=now)
    assert letter == again
    assert letter is not None
    assert letter.state == Conversation.State.WAITING
    assert letter.customer is not None
    assert letter.customer.reference == "C-20417"
    assert letter.started_at < now - timedelta(hours=20)
    (message,) = letter.messages.all()
    assert "Le 28 octobre 2026 au matin" in message.body
    assert "{" not in message.body
    verbs = [line.verb for line in trace.lines(copy.trace_stream)]
    assert verbs == ["workspace.copied", "subject.put_on_desk"]


def test_open_subject_needs_no_part_of_the_jury(copy: Workspace, now: datetime, subjects) -> None:
    shown = candidate_side(subjects["VAL-E03"])
    assert open_subject(workspace=copy, content=shown, by=None, at=now) is not None
    assert "expected" not in library.dated(shown, now.date())


def test_open_subject_refuses_a_model_a_sealed_copy_and_another_enterprise(
    copy: Workspace, now: datetime, subjects
) -> None:
    content = subjects["VAL-E01"]
    assert copy.origin is not None
    with pytest.raises(NotAPrivateCopy):
        open_subject(workspace=copy.origin, content=content, by=None, at=now)
    with pytest.raises(OtherEnterprise):
        open_subject(workspace=copy, content={**content, "enterprise": "autre"}, by=None, at=now)
    Workspace.objects.filter(pk=copy.pk).update(sealed_at=now)
    with pytest.raises(NotAPrivateCopy):
        open_subject(workspace=copy, content=content, by=None, at=now)
    assert not Conversation.objects.filter(played_key="VAL-E01").exists()


def test_begin_exchange_lets_an_unnamed_customer_speak_first(
    copy: Workspace, now: datetime, subjects
) -> None:
    content = subjects["VAL-S01"]
    assert open_subject(workspace=copy, content=content, by=None, at=now) is None
    first = begin_exchange(workspace=copy, content=content, key="a", by=None, at=now)
    again = begin_exchange(workspace=copy, content=content, key="a", by=None, at=now)
    assert first == again
    assert first.customer is None
    assert first.state == Conversation.State.WAITING
    (message,) = first.messages.all()
    assert message.author == "customer"
    assert message.body.startswith("coucou")


def test_begin_exchange_refuses_an_unknown_key(copy: Workspace, now: datetime, subjects) -> None:
    with pytest.raises(ExchangeUnknown):
        begin_exchange(workspace=copy, content=subjects["VAL-S01"], key="z", by=None, at=now)


def test_a_dossier_written_in_the_form_brings_no_letter(copy: Workspace, now: datetime) -> None:
    content = {"kind": "written", "code": "VAL-P01", "enterprise": SLUG, "situation": "Lisez."}
    assert open_subject(workspace=copy, content=content, by=None, at=now) is None
    assert not Conversation.objects.filter(workspace=copy).exclude(played_key="").exists()


def test_letters_are_put_away_once_and_bear_no_end(
    copy: Workspace, now: datetime, subjects
) -> None:
    letter = open_subject(workspace=copy, content=subjects["VAL-E01"], by=None, at=now)
    assert letter is not None
    assert put_letters_away(workspace=copy, by=None, at=now) == 1
    assert put_letters_away(workspace=copy, by=None, at=now) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.ended_at) == (Conversation.State.ENDED, None)


def test_a_customer_who_is_not_in_the_copy_is_refused(
    copy: Workspace, now: datetime, subjects
) -> None:
    content = subjects["VAL-E01"] | {"customer": "C-00000"}
    with pytest.raises(CustomerAbsent):
        open_subject(workspace=copy, content=content, by=None, at=now)


def test_a_customer_calls_and_calls_again_when_nobody_answered(
    copy: Workspace, now: datetime, subjects
) -> None:
    def call() -> Conversation:
        return begin_exchange(workspace=copy, content=subjects["VAL-S07"], key="a", by=None, at=now)

    first = call()
    assert (first.channel, first.played_key) == (Conversation.Channel.PHONE, "VAL-S07.a")
    Conversation.objects.filter(pk=first.pk).update(state=Conversation.State.ENDED)
    again = call()
    first.refresh_from_db()
    assert (first.played_key, again.played_key) == ("VAL-S07.a~1", "VAL-S07.a")


def test_who_is_to_be_called_does_not_call(copy: Workspace, now: datetime, subjects) -> None:
    with pytest.raises(ExchangeOutgoing):
        begin_exchange(workspace=copy, content=subjects["VAL-F01"], key="a", by=None, at=now)


def test_every_subject_can_be_played(copy: Workspace, now: datetime, subjects) -> None:
    for content in subjects.values():
        open_subject(workspace=copy, content=content, by=None, at=now)
        for exchange in content.get("exchanges", []):
            if exchange["direction"] == "in":
                begin_exchange(
                    workspace=copy, content=content, key=exchange["key"], by=None, at=now
                )
    # Eight dossiers; in the sets, twelve contacts of CCP1, one of CCP2, twice four of the title.
    assert Conversation.objects.filter(workspace=copy).exclude(played_key="").count() == 29
