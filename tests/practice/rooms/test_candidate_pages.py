"""What a candidate's browser sends and receives."""

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from acquis.certification.sittings import actions as sittings
from acquis.certification.sittings.models import Phase, Production, ProductionRevision, Sitting
from acquis.kernel import speech
from acquis.kernel.testing import StrictClient
from acquis.practice.scenarios import library
from tests.factories import certification as make
from tests.practice.rooms.conftest import entered

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Phase]
JURY_ONLY = ("role", "expected", "agreed", "criteria", "interview", "qualification", "guide")
PLAIN = 18  # characters: a shorter text may stand on a page by chance


def save(client: StrictClient, sitting: Sitting, text: str, base: int = 0, **given: str) -> Any:
    key = given.pop("key", "summary")
    body = {
        key: text,
        "seq": str(base + 1),
        "base_seq": str(base),
        "client_id": f"tab:{base}",
        **given,
    }
    return client.post(
        reverse("rooms:save", args=[sitting.pk, key]), body, headers={"Accept": "application/json"}
    )


def test_a_save_is_answered_once_it_is_kept(sitting, begin: Begin, candidate_client) -> None:
    phase = begin(1)
    answer = save(candidate_client, sitting, "Madame Marchenoir attend.")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["seq"], told["late"]) == (1, False)
    assert datetime.fromisoformat(told["ends_at"]) == phase.ends_at
    assert Production.objects.get(sitting=sitting).content == "Madame Marchenoir attend."
    assert save(candidate_client, sitting, "Madame Marchenoir attend.").json()["seq"] == 1
    assert ProductionRevision.objects.count() == 1


def test_a_save_costs_the_same_for_the_first_text_and_the_fiftieth(
    sitting, begin: Begin, candidate_client, count_queries
) -> None:
    begin(1)
    save(candidate_client, sitting, "Début.")
    second = count_queries(lambda: save(candidate_client, sitting, "Début, suite.", 1))
    for base in range(2, 12):
        save(candidate_client, sitting, f"Début, suite {base}.", base)
    later = count_queries(lambda: save(candidate_client, sitting, "Début, suite, fin.", 12))
    assert later == second
    assert later <= 16


@pytest.mark.parametrize("listens", [True, False])
def test_a_candidate_is_told_before_and_during_that_a_machine_transcribes(
    sitting, begin: Begin, today, candidate_client, monkeypatch: pytest.MonkeyPatch, listens: bool
) -> None:
    monkeypatch.setattr(speech, "transcriber", lambda: object() if listens else None)
    exchanges = sitting.phases.get(kind=Phase.Kind.EXCHANGES)
    last = begin(exchanges.position - 1)
    sittings.end_phase(phase=last, by=make.writer(sitting), at=today)
    address = reverse("rooms:room", args=[sitting.pk])
    before = html.unescape(candidate_client.get(address).content.decode())
    begin(exchanges.position)
    during = html.unescape(candidate_client.get(address).content.decode())
    assert "Vos appels seront enregistrés" in before
    assert "Les appels sont enregistrés" in during
    assert ("Une machine du centre les transcrit" in before) is listens
    assert ("Une machine du centre les transcrit" in during) is listens


def test_another_device_is_refused_and_nothing_is_kept(sitting, begin, candidate_client) -> None:
    begin(1)
    other = StrictClient()
    other.force_login(make.writer(sitting))
    session = other.session
    session["exam_device"] = "another"
    session.save()
    answer = save(other, sitting, "Depuis un autre poste.")
    assert answer.status_code == 422
    assert answer.json()["code"] == "sittings.device_not_authorised"
    assert not Production.objects.exists()
    assert "Code d’accès" in html.unescape(
        other.get(reverse("rooms:room", args=[sitting.pk])).content.decode()
    )


def test_an_unknown_field_is_refused(sitting, begin: Begin, candidate_client) -> None:
    begin(1)
    answer = save(candidate_client, sitting, "…", key="verdict")
    assert answer.status_code == 422
    assert answer.json()["code"] == "rooms.unknown_piece"
    assert not Production.objects.exists()


def test_what_comes_after_time_is_kept_and_said_to_be_late(
    sitting, begin: Begin, candidate_client, today
) -> None:
    phase = begin(1)
    phase.ends_at = today - timedelta(minutes=1)
    phase.save(update_fields=["ends_at"])
    answer = save(candidate_client, sitting, "Trop tard.")
    assert (answer.status_code, answer.json()["late"]) == (200, True)
    assert Production.objects.get(sitting=sitting).late


def test_another_window_is_shown_the_newer_text(sitting, begin: Begin, candidate_client) -> None:
    begin(1)
    save(candidate_client, sitting, "Première fenêtre.", client_id="one:1")
    answer = save(candidate_client, sitting, "Seconde fenêtre.", client_id="two:1")
    assert answer.status_code == 409
    assert answer.json()["text"] == "Première fenêtre."
    assert answer.json()["seq"] == 1
    assert Production.objects.get(sitting=sitting).content == "Première fenêtre."
    assert ProductionRevision.objects.get(conflicting=True).content == "Seconde fenêtre."


@pytest.mark.parametrize("name", ["room", "state"])
def test_another_s_exam_cannot_be_looked_at(sitting, today, name: str) -> None:
    other = _other(sitting)
    client = entered(other, today)
    assert client.get(reverse(f"rooms:{name}", args=[sitting.pk])).status_code == 404


@pytest.mark.parametrize("name", ["enter", "begin", "hand_in", "call"])
def test_another_s_exam_cannot_be_acted_on(sitting, today, name: str) -> None:
    client = entered(_other(sitting), today)
    assert client.post(reverse(f"rooms:{name}", args=[sitting.pk])).status_code == 404


def test_another_s_text_cannot_be_written(sitting, begin: Begin, today) -> None:
    begin(1)
    assert save(entered(_other(sitting), today), sitting, "Pas le mien.").status_code == 404
    assert not Production.objects.exists()


def test_a_phase_of_another_exam_is_not_begun(sitting, candidate_client) -> None:
    foreign = _other(sitting).phases.get(position=1)
    address = reverse("rooms:begin", args=[sitting.pk])
    assert candidate_client.post(address, {"phase": foreign.pk}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == Phase.State.WAITING


def test_the_jury_s_part_never_reaches_the_candidate(
    sitting, begin: Begin, candidate_client, juror_client, scenarios
) -> None:
    secrets = _secrets(scenarios)
    assert len(secrets) > 50
    for position in (1, 2, 3):
        begin(position)
        if position == 3:
            exchange = scenarios["exchanges"].parts()[0]["key"]
            juror_client.post(reverse("rooms:ring", args=[sitting.candidate_id, exchange]))
        for name in ("room", "state", "home"):
            args = [] if name == "home" else [sitting.pk]
            page = candidate_client.get(reverse(f"rooms:{name}", args=args))
            assert page.status_code == 200
            _holds_none(page.content.decode(), secrets)
        assert sitting.workspace_id is not None
        desk = candidate_client.get(reverse("conversations:desk", args=[sitting.workspace_id]))
        assert desk.status_code == 200
        _holds_none(desk.content.decode(), secrets)
    answer = save(candidate_client, sitting, "…", key="preparation_notes")
    _holds_none(answer.content.decode(), secrets)


def test_a_candidate_opens_no_page_of_the_jury(sitting, begin: Begin, candidate_client) -> None:
    begin(3)
    candidate = sitting.candidate_id
    for name in ("cockpit", "dossier"):
        address = reverse(f"rooms:{name}", args=[candidate])
        assert candidate_client.get(address).status_code == 403
    address = reverse("rooms:open_role", args=[candidate])
    assert candidate_client.post(address).status_code == 403


def _other(sitting: Sitting) -> Sitting:
    return Sitting.objects.exclude(pk=sitting.pk).get(candidate__session=sitting.candidate.session)


def _secrets(scenarios: dict[str, library.Scenario]) -> set[str]:
    """The sentences of the jury's part of both subjects, up to the first mark put in at opening."""
    found: set[str] = set()
    for scenario in scenarios.values():
        for part in [scenario.payload, *scenario.parts()]:
            for name in JURY_ONLY:
                if name == "role" and name in part:
                    role = {key: value for key, value in part[name].items() if key != "opening"}
                    found.update(_texts(role))
                elif name in ("role", "expected", "interview", "guide") and name in part:
                    found.update(_texts(part[name]))
    return {text.partition("{")[0].strip() for text in found if len(text.partition("{")[0]) > PLAIN}


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return set().union(*map(_texts, value.values()))
    if isinstance(value, list):
        return set().union(*map(_texts, value))
    return set()


def _holds_none(body: str, secrets: set[str]) -> None:
    page = html.unescape(body)
    assert [text for text in secrets if text in page] == []


def test_before_the_jury_one_reads_who_how_long_what_they_have_and_what_to_bring(
    sitting, begin: Begin, candidate_client
) -> None:
    begin(1)
    save(candidate_client, sitting, "<p>Faits.</p>")
    begin(6)
    page = candidate_client.get(reverse("rooms:room", args=[sitting.pk])).content.decode()
    for words in (
        "Le jury, 2 personnes",
        "Vos écrits",
        "échanges avec les clients",
        "pièce d’identité",
    ):
        assert words in html.unescape(page)


def test_a_break_stops_the_clock_of_the_page_and_the_work_comes_back(
    sitting, begin: Begin, candidate_client
) -> None:
    phase = begin(1)
    room = reverse("rooms:room", args=[sitting.pk])
    assert "Prendre une pause" not in candidate_client.get(room).content.decode()
    Phase.objects.filter(pk=phase.pk).update(pause_seconds=600)
    assert "Prendre une pause" in candidate_client.get(room).content.decode()
    given = {"phase": phase.pk}
    candidate_client.post(reverse("rooms:pause", args=[sitting.pk]), given)
    page = candidate_client.get(room).content.decode()
    assert "Votre temps est arrêté" in page
    assert "piece-summary" not in page
    mark = candidate_client.get(reverse("rooms:state", args=[sitting.pk])).json()
    assert mark["mark"] in page
    assert "ends_at" not in mark
    assert save(candidate_client, sitting, "Parti avant la pause.").status_code == 200
    candidate_client.post(reverse("rooms:resume", args=[sitting.pk]), given)
    assert "Parti avant la pause." in candidate_client.get(room).content.decode()
