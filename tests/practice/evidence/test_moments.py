"""Jurors attach moments to criteria and set proposed ones aside: theirs alone until grids are closed."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from acquis.certification.grading.models import Deliberation, Grid
from acquis.kernel import trace
from acquis.practice.evidence import queries
from acquis.practice.evidence.actions.attach_moment import (
    Wanted,
    attach_moment,
    put_back_moment,
    withdraw_moment,
)
from acquis.practice.evidence.actions.dismiss_observation import (
    dismiss_observation,
    restore_observation,
)
from acquis.practice.evidence.actions.read_evidence import read_evidence
from acquis.practice.evidence.errors import (
    EvidenceFixed,
    NothingSaid,
    NotShown,
    PassageImpossible,
    ReasonMissing,
    UnknownLine,
    UnknownPlace,
)
from acquis.practice.evidence.gathering import gather
from acquis.practice.evidence.models import AttachedMoment, Dismissal, MomentNote, Observation
from acquis.practice.evidence.places import place_at, places
from acquis.practice.evidence.policy import passage_is_possible, seconds_of
from acquis.practice.evidence.presentation import beside, served
from tests.factories import certification as make
from tests.factories import phone as phones
from tests.factories.evidence import played_exam

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
LATER = make.DAY + timedelta(hours=1)
SECRET = "Reformule sans relire la demande."
REASON = "Phrase dite avant l’appel du client."


@pytest.fixture
def played():
    sitting = played_exam()
    read_evidence(sitting=sitting, by=None, at=LATER)
    return sitting


@pytest.fixture
def jurors(played):
    rows = played.candidate.session.jurors.select_related("juror__user").order_by("pk")
    return [row.juror.user for row in rows]


def message_of(sitting) -> str:
    return next(one.ref for one in places(sitting, make.writer(sitting)) if "message-" in one.ref)


def reformulation(sitting) -> Observation:
    return Observation.objects.get(candidate=sitting.candidate, unit="reformulation")


def grids(sitting, *, closed: int, opened: int = 2) -> None:
    for number, seat in enumerate(sitting.candidate.session.jurors.order_by("pk")[:opened]):
        Grid.objects.create(
            candidate=sitting.candidate,
            juror=seat,
            opened_at=make.DAY,
            closed_at=LATER if number < closed else None,
        )


def attach(sitting, by, *, criterion="CCP1.2", ref="", words=SECRET, **more):
    wanted = Wanted(ref=ref, words=words, **more)
    return attach_moment(sitting=sitting, criterion=criterion, wanted=wanted, by=by, at=LATER)


def dismiss(sitting, by, **more):
    values = {"criterion": "CCP1.2", "reason": REASON} | more
    return dismiss_observation(observation=reformulation(sitting), by=by, at=LATER, **values)


def recording(sitting):
    call = phones.active_call(sitting.workspace, make.writer(sitting))
    began, ended = make.DAY, make.DAY + timedelta(minutes=2)
    return phones.ready_recording(call, started_at=began, ended_at=ended, seconds=120)


def told(sitting) -> list[str]:
    return [
        line.verb
        for line in trace.lines(sitting.candidate.trace_stream)
        if line.verb.startswith("evidence.") and line.verb != "evidence.read"
    ]


def page(client, user, sitting, criterion="CCP1.2") -> str:
    client.force_login(user)
    where = reverse("evidence:beside", args=[sitting.candidate_id, criterion])
    return client.get(where, headers={"HX-Request": "true"}).content.decode()


# ---- Attaching


def test_a_place_of_the_file_is_attached_with_what_stands_there(played, jurors):
    ref = message_of(played)
    row = AttachedMoment.objects.get(pk=attach(played, jurors[0], ref=ref, words=""))
    place = place_at(played, jurors[0], ref)
    assert (row.label, row.excerpt, row.occurred_at) == (place.label, place.excerpt, place.at)
    assert (row.author, row.attached_at, row.withdrawn_at) == (jurors[0], LATER, None)
    assert told(played) == ["evidence.attached"]


def test_something_seen_and_heard_needs_words_and_keeps_its_hour(played, jurors):
    hour = make.DAY + timedelta(minutes=12)
    row = AttachedMoment.objects.get(pk=attach(played, jurors[0], occurred_at=hour))
    assert (row.ref, row.words, row.occurred_at) == ("", SECRET, hour)
    with pytest.raises(NothingSaid):
        attach(played, jurors[0], words="  ")
    assert AttachedMoment.objects.count() == 1


def test_a_passage_of_a_recording_goes_forward_and_lies_in_it(played, jurors):
    ref = f"recording-{recording(played).pk}"
    row = AttachedMoment.objects.get(pk=attach(played, jurors[0], ref=ref, passage=(65, 90)))
    assert (row.from_second, row.to_second) == (65, 90)
    for passage in ((90, 65), (65, 65), (100, 400)):
        with pytest.raises(PassageImpossible):
            attach(played, jurors[0], ref=ref, passage=passage)
    with pytest.raises(PassageImpossible):  # a message is no sound
        attach(played, jurors[0], ref=message_of(played), passage=(1, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        AttachedMoment.objects.filter(pk=row.pk).update(to_second=10)


@pytest.mark.parametrize("kind", ["message", "production", "qualification", "note", "act"])
def test_each_kind_of_place_may_be_attached(kind, played, jurors):
    MomentNote.objects.create(
        candidate=played.candidate, author=jurors[0], body="À revoir", noted_at=make.DAY
    )
    if kind == "act":
        ref = f"act-{trace.lines(f'workspace:{played.workspace_id}').first().position}"
    else:
        offered = [one.ref for one in places(played, jurors[0])]
        ref = next(one for one in offered if one.startswith(f"{kind}-"))
    assert attach(played, jurors[0], ref=ref, words="")


def test_a_place_of_another_file_or_a_note_of_another_juror_is_unknown(played, jurors):
    note = MomentNote.objects.create(
        candidate=played.candidate, author=jurors[1], body="À moi", noted_at=make.DAY
    )
    for ref in ("message-999999", "act-999999", f"note-{note.pk}", "ailleurs"):
        with pytest.raises(UnknownPlace):
            attach(played, jurors[0], ref=ref)
    with pytest.raises(UnknownLine):
        attach(played, jurors[0], criterion="CCP9.9")
    assert not AttachedMoment.objects.exists()


def test_notes_that_the_room_says_are_not_evaluated_are_no_evidence(played, jurors):
    notes = played.productions.get(key="letter_body")
    notes.pk, notes.key = None, "preparation_notes"
    notes.save()
    assert "production-letter_body" in {one.ref for one in places(played, jurors[0])}
    assert [one.key for one in gather(played).written] == ["letter_body"]
    with pytest.raises(UnknownPlace):
        attach(played, jurors[0], ref="production-preparation_notes")


def test_the_same_key_attaches_once(played, jurors):
    first = attach(played, jurors[0], key="une-fois")
    assert attach(played, jurors[0], key="une-fois") == first
    assert AttachedMoment.objects.count() == 1


def test_a_moment_is_taken_back_and_put_back_never_removed(played, jurors):
    row = AttachedMoment.objects.get(pk=attach(played, jurors[0]))
    for _twice in range(2):
        withdraw_moment(moment=row, by=jurors[0], at=LATER)
    row.refresh_from_db()
    assert row.withdrawn_at == LATER
    assert not beside(played, "CCP1.2", jurors[0]).attached
    assert list(beside(played, "CCP1.2", jurors[0]).withdrawn) == [row]
    for _twice in range(2):
        put_back_moment(moment=row, by=jurors[0], at=LATER)
    assert list(beside(played, "CCP1.2", jurors[0]).attached) == [row]
    assert told(played) == [
        "evidence.attached",
        "evidence.moment_withdrawn",
        "evidence.moment_put_back",
    ]


# ---- Setting aside


def test_an_observation_is_set_aside_for_one_criterion_with_its_reason(played, jurors):
    row = dismiss(played, jurors[0])
    assert (row.reason, row.author, row.dismissed_at) == (REASON, jurors[0], LATER)
    found = beside(played, "CCP1.2", jurors[0])
    assert reformulation(played) not in [one.row for one in found.observations]
    assert list(found.set_aside) == [row]
    assert Observation.objects.filter(pk=reformulation(played).pk).exists()
    assert told(played) == ["evidence.dismissed"]
    assert dismiss(played, jurors[0], reason="Une autre") == row  # set aside once


def test_one_moment_is_set_aside_and_the_others_stay(played, jurors):
    before = len(reformulation(played).moments)
    dismiss(played, jurors[0], moment=0)
    found = beside(played, "CCP1.2", jurors[0])
    shown = next(one for one in found.observations if one.row == reformulation(played))
    assert [one.number for one in shown.moments] == list(range(1, before))


def test_nothing_is_set_aside_without_a_reason_or_beside_another_criterion(played, jurors):
    with pytest.raises(ReasonMissing):
        dismiss(played, jurors[0], reason=" ")
    with pytest.raises(NotShown):
        dismiss(played, jurors[0], criterion="CCP1.4")
    with pytest.raises(NotShown):
        dismiss(played, jurors[0], moment=99)
    with pytest.raises(UnknownLine):
        dismiss(played, jurors[0], criterion="CCP9.9")
    assert not Dismissal.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Dismissal.objects.create(
            candidate=played.candidate, author=jurors[0], criterion="CCP1.2", dismissed_at=LATER
        )


def test_what_was_set_aside_is_taken_up_again_and_its_reason_kept(played, jurors):
    row = dismiss(played, jurors[0])
    for _twice in range(2):
        restore_observation(dismissal=row, by=jurors[0], at=LATER)
    assert reformulation(played) in [
        one.row for one in beside(played, "CCP1.2", jurors[0]).observations
    ]
    again = dismiss(played, jurors[0], reason="Relu : elle est hors sujet.")
    assert again.pk != row.pk
    assert Dismissal.objects.get(pk=row.pk).reason == REASON
    assert told(played) == ["evidence.dismissed", "evidence.restored", "evidence.dismissed"]


def test_a_later_reading_that_sees_the_same_leaves_it_aside(played, jurors):
    dismiss(played, jurors[0])
    read_evidence(sitting=played, by=jurors[0], at=LATER + timedelta(minutes=1))
    units = {one.row.unit for one in beside(played, "CCP1.2", jurors[0]).observations}
    assert "reformulation" not in units
    assert "reformulation" in {
        one.row.unit for one in beside(played, "CCP1.2", jurors[1]).observations
    }


# ---- Blind until every grid is closed


@pytest.mark.parametrize("closed", [0, 1])
def test_jurors_are_blind_until_every_grid_is_closed(closed, played, jurors, client):
    grids(played, closed=closed)
    attach(played, jurors[0])
    dismiss(played, jurors[0])
    MomentNote.objects.create(
        candidate=played.candidate, author=jurors[0], body="Note à part", noted_at=make.DAY
    )
    own, other = page(client, jurors[0], played), page(client, jurors[1], played)
    for words in (SECRET, REASON, "Note à part"):
        assert words in own
        assert words not in other
    assert "Écarté par" not in other


def test_every_juror_reads_the_others_once_all_grids_are_closed(played, jurors, client):
    grids(played, closed=2)
    attach(played, jurors[0])
    dismiss(played, jurors[0])
    other = page(client, jurors[1], played)
    assert SECRET in other
    assert f"Écarté par {jurors[0].full_name}" in other
    assert REASON in other
    assert reformulation(played).statement in other  # still shown to those who did not set it aside


def test_without_a_grid_nothing_is_open_to_all(played):
    assert not queries.open_to_all(played.candidate_id)


def test_the_readers_of_the_trace_stay_blind(played, jurors):
    attach(played, jurors[0])
    dismiss(played, jurors[0])
    lines = trace.lines(played.candidate.trace_stream).filter(verb__startswith="evidence.")
    for line in lines:
        assert not {SECRET, REASON, "CCP1.2"} & set(map(str, line.data.values()))
    sealed = [trace.personal_part(line) for line in lines if line.verb != "evidence.read"]
    assert [part.get("words") or part.get("reason") for part in sealed] == [SECRET, REASON]


def test_a_closed_deliberation_fixes_the_evidence(played, jurors):
    row = AttachedMoment.objects.get(pk=attach(played, jurors[0]))
    aside = dismiss(played, jurors[0])
    Deliberation.objects.create(
        candidate=played.candidate, opened_at=LATER, closed_at=LATER, outcome="passed"
    )
    before = told(played)
    for act in (
        lambda: attach(played, jurors[0]),
        lambda: dismiss(played, jurors[0], moment=0),
        lambda: withdraw_moment(moment=row, by=jurors[0], at=LATER),
        lambda: restore_observation(dismissal=aside, by=jurors[0], at=LATER),
    ):
        with pytest.raises(EvidenceFixed):
            act()
    assert told(played) == before


# ---- Both ways


def test_a_moment_says_which_criteria_it_serves(played, jurors):
    moment = reformulation(played).moments[0]["ref"]
    by = {one.criterion: one.by for one in served(played, jurors[0])[moment]}
    assert "Passages de reformulation" in by["CCP1.2"]
    attach(played, jurors[0], criterion="CCP1.1", ref=moment)
    by = {one.criterion: one.by for one in served(played, jurors[0])[moment]}
    assert by["CCP1.1"] == [jurors[0].full_name]
    assert list(by) == sorted(by)
    assert "CCP1.1" not in {one.criterion for one in served(played, jurors[1])[moment]}


def test_what_is_set_aside_or_taken_back_serves_nothing(played, jurors):
    ref = next(one.ref for one in places(played, jurors[0]) if one.ref.startswith("qualification-"))
    before = {one.criterion for one in served(played, jurors[0])[ref]}
    key = attach(played, jurors[0], criterion="CCP1.5", ref=ref)
    withdraw_moment(moment=AttachedMoment.objects.get(pk=key), by=jurors[0], at=LATER)
    for row in Observation.objects.filter(unit="qualification"):
        dismiss_observation(
            observation=row, criterion="CCP1.1", reason=REASON, by=jurors[0], at=LATER
        )
    after = {one.criterion for one in served(played, jurors[0]).get(ref, [])}
    assert before - after == {"CCP1.1"}
    assert "CCP1.5" not in after


def test_the_file_leads_from_each_moment_to_its_criteria(played, jurors, client):
    moment = reformulation(played).moments[0]["ref"]
    client.force_login(jurors[0])
    shown = client.get(reverse("rooms:dossier", args=[played.candidate_id])).content.decode()
    way = f"{reverse('evidence:attach', args=[played.candidate_id])}?ref={moment}"
    assert f'href="{way}"' in shown
    anchors = set(re.findall(r'\bid="([^"]+)"', shown))
    assert {one.split("ref=")[1] for one in re.findall(r"rattacher\?ref=[\w-]+", shown)} <= anchors
    grids(played, closed=0)
    told = client.get(way).content.decode()
    assert reverse("evidence:beside", args=[played.candidate_id, "CCP1.2"]) in told
    grid = Grid.objects.get(juror__juror__user=jurors[0])
    mark = grid.marks.create(position=1, criterion="CCP1.2", text="La demande est comprise")
    told = client.get(way).content.decode()
    assert f"{reverse('grading:grid', args=[grid.pk])}#critere-{mark.pk}" in told


def test_the_manager_reads_the_file_without_the_ways_of_the_jury(played, client):
    client.force_login(played.candidate.session.manager)
    shown = client.get(reverse("rooms:dossier", args=[played.candidate_id])).content.decode()
    assert "rattacher?ref=" not in shown


# ---- Pages


def test_a_moment_is_attached_from_its_criterion_by_a_page_without_script(played, jurors, client):
    client.force_login(jurors[0])
    where = reverse("evidence:attach", args=[played.candidate_id])
    shown = client.get(where, {"critere": "CCP1.2"}).content.decode()
    assert "Vu ou entendu, hors du dossier" in shown
    answer = client.post(
        where, {"criterion": "CCP1.2", "ref": "", "words": SECRET, "hour": "10:12", "key": "k1"}
    )
    assert answer["Location"] == reverse("evidence:beside", args=[played.candidate_id, "CCP1.2"])
    row = AttachedMoment.objects.get()
    assert f"{row.occurred_at.astimezone(PARIS):%d %H:%M}" == (
        f"{played.started_at.astimezone(PARIS):%d} 10:12"
    )


def test_what_cannot_be_attached_is_said_and_nothing_typed_is_lost(played, jurors, client):
    client.force_login(jurors[0])
    where = reverse("evidence:attach", args=[played.candidate_id])
    ref = f"recording-{recording(played).pk}"
    typed = {"criterion": "CCP1.2", "ref": ref, "words": SECRET, "passage_from": "1:05"}
    for end, said in (("bientôt", "comme 1:05"), ("0:30", "finir après son début")):
        answer = client.post(where, typed | {"passage_to": end}, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert SECRET in answer.content.decode()
        assert answer["HX-Retarget"] == "closest .attach"  # the evidence above stays
        assert 'name="depuis"' not in answer.content.decode()
    empty = client.post(where, {"criterion": "CCP1.2", "ref": "", "words": ""})
    assert empty.status_code == 422
    assert "vu ou entendu" in empty.content.decode()
    kept = client.post(
        where,
        typed | {"passage_to": "1:30", "depuis": "dossier", "key": "k2"},
        headers={"HX-Request": "true"},
    )
    assert "Moment rattaché" in kept.content.decode()
    assert 'data-listen-at="65" data-listen-to="90"' in page(client, jurors[0], played)


def test_setting_aside_and_taking_up_again_answer_beside_the_criterion(played, jurors, client):
    client.force_login(jurors[0])
    row = reformulation(played)
    where = reverse("evidence:dismiss", args=[played.candidate_id])
    typed = {"criterion": "CCP1.2", "observation": row.pk, "what": "0"}
    refused = client.post(where, typed | {"reason": ""})
    assert refused.status_code == 422
    assert "Écrivez pourquoi" in refused.content.decode()
    answer = client.post(where, typed | {"reason": REASON})
    assert answer.status_code == 302
    aside = Dismissal.objects.get()
    shown = page(client, jurors[0], played)
    assert "1 preuve écartée par vous" in shown
    back = client.post(
        reverse("evidence:restore", args=[played.candidate_id]),
        {"dismissal": aside.pk},
        headers={"HX-Request": "true"},
    )
    assert "preuve écartée" not in back.content.decode()
    moment = attach(played, jurors[0])
    for name in ("withdraw", "put_back"):
        done = client.post(
            reverse(f"evidence:{name}", args=[played.candidate_id]),
            {"moment": moment},
            headers={"HX-Request": "true"},
        )
        assert SECRET in done.content.decode()


def test_a_juror_takes_back_and_takes_up_only_their_own(played, jurors, client):
    grids(played, closed=2)
    moment, aside = attach(played, jurors[0]), dismiss(played, jurors[0])
    client.force_login(jurors[1])
    for name, field, key in (
        ("withdraw", "moment", moment),
        ("put_back", "moment", moment),
        ("restore", "dismissal", aside.pk),
    ):
        where = reverse(f"evidence:{name}", args=[played.candidate_id])
        assert client.post(where, {field: key}).status_code == 404
        assert client.post(where, {field: "x"}).status_code == 404


def test_looking_writes_nothing(played, jurors, client):
    attach(played, jurors[0])
    lines = trace.lines(played.candidate.trace_stream).count()
    client.force_login(jurors[0])
    where = reverse("evidence:attach", args=[played.candidate_id])
    for address in (
        reverse("rooms:dossier", args=[played.candidate_id]),
        f"{where}?ref={message_of(played)}",
        f"{where}?critere=CCP1.2",
        reverse("evidence:beside", args=[played.candidate_id, "CCP1.2"]),
    ):
        assert client.get(address).status_code == 200
    assert trace.lines(played.candidate.trace_stream).count() == lines


@pytest.mark.parametrize("many", [1, 50])
def test_the_pages_ask_the_same_number_of_queries(
    many, played, jurors, client, django_assert_max_num_queries
):
    ref = message_of(played)
    for number in range(many):
        attach(played, jurors[number % 2], ref=ref, key=f"k{number}")
    grids(played, closed=2)
    client.force_login(jurors[0])
    for name, args in (("evidence:beside", ["CCP1.2"]), ("rooms:dossier", [])):
        with django_assert_max_num_queries(60):
            client.get(reverse(name, args=[played.candidate_id, *args]))


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("1:05", 65), ("65", 65), ("1:02:03", 3723), ("1:75", None), ("", None), ("vite", None)],
)
def test_a_position_is_read_as_it_is_typed(typed, seconds):
    assert seconds_of(typed) == seconds


def test_a_passage_may_reach_the_end_of_its_recording():
    assert passage_is_possible(0, 120, 119.6)
    assert not passage_is_possible(0, 122, 119.6)
