"""An exam is played in a copy of the enterprise; its evidence is read and shown beside a criterion."""

import copy
import re
from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings.actions.abort_sitting import abort_sitting
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import jobs, outbox, trace
from acquis.kernel.models import Job
from acquis.practice.evidence.access import evidence_for
from acquis.practice.evidence.actions.read_evidence import read_evidence
from acquis.practice.evidence.errors import ExchangesNotOver
from acquis.practice.evidence.gathering import gather
from acquis.practice.evidence.models import Observation
from tests.factories import certification as make
from tests.factories.evidence import CRITERIA, LETTER, juror_of, played_exam, ready_exam

pytestmark = pytest.mark.django_db
LATER = make.DAY + timedelta(hours=1)


@pytest.fixture
def played():
    return played_exam()


def address(sitting, criterion: str) -> str:
    return reverse("evidence:beside", args=[sitting.candidate_id, criterion])


def read_when_told(now) -> list[Job]:
    outbox.deliver(now=now)
    while jobs.run_due(now=now):
        pass
    return list(Job.objects.filter(kind="evidence.read"))


def test_gather_sets_the_recorded_beside_what_the_drawn_subject_expects(played):
    sources = gather(played)
    (talk,) = sources.talks
    assert {answer.label: answer.recorded for answer in talk.details}["Identité vérifiée"] == "oui"
    assert any(answer.expected for answer in talk.details)
    assert talk.expected_reasons
    assert sources.letter_received is not None
    assert sources.letter_received.key.startswith("VAL-E")
    assert sources.letter_received.expected_outcomes
    assert {answer.label: answer.recorded for answer in sources.letter_received.details}[
        "Degré d'urgence"
    ] == "critique"
    assert [one.text for one in sources.letter] == [LETTER]
    assert sources.letter_agreed
    assert sources.acts


def test_evidence_is_read_when_the_invigilator_ends_the_exchanges(played):
    (job,) = read_when_told(LATER)
    assert (job.state, job.error) == (Job.State.DONE, "")
    assert Observation.objects.filter(candidate=played.candidate, reading=1).exists()


def test_evidence_is_read_again_when_the_exam_is_stopped(played):
    read_when_told(LATER)
    manager = played.candidate.session.manager
    abort_sitting(sitting=played, reason="Malaise", by=manager, at=LATER)
    assert len(read_when_told(LATER + timedelta(minutes=1))) == 2
    assert set(Observation.objects.values_list("reading", flat=True)) == {1, 2}


def test_evidence_of_an_absent_candidate_is_not_read():
    absent = make.sitting()
    abort_sitting(sitting=absent, reason="Absent", by=absent.candidate.session.manager, at=make.DAY)
    assert read_when_told(LATER) == []


def test_read_evidence_refuses_while_exchanges_last_and_writes_nothing():
    running = played_exam(ended=False)
    with pytest.raises(ExchangesNotOver):
        read_evidence(sitting=running, by=juror_of(running), at=LATER)
    assert not Observation.objects.exists()


def test_each_criterion_gets_the_observations_that_may_serve_it(played):
    kept = read_evidence(sitting=played, by=None, at=LATER)
    by_criterion = {code: {one.unit for one in kept if code in one.criteria} for code in CRITERIA}
    assert "qualification" in by_criterion["CCP1.1"]
    assert "reformulation" in by_criterion["CCP1.2"]
    assert "understanding-check" in by_criterion["CCP1.3"]
    assert by_criterion["CCP1.4"] == {"spelling-grammar"}
    assert by_criterion["CCP1.5"] == {"response-times"}
    statements = " ".join(one.statement for one in kept if one.unit == "qualification")
    # What the scenario expects depends on the subject drawn; what was recorded does not.
    assert "Degré d'urgence « critique »" in statements
    assert "Identité vérifiée « oui »" in statements
    assert "par le scénario)" in statements or "le scénario prévoit" in statements


def test_no_observation_of_a_played_exam_speaks_as_a_judge(played):
    judging = re.compile(r"\b(insuffisant|mauvais|correcte?|score|réussie?|excellent|échec)\b")
    for one in read_evidence(sitting=played, by=None, at=LATER):
        assert not judging.search(one.statement.casefold()), one.statement
        assert not {"score", "verdict", "colour"} & set(one.figures)


def test_every_link_leads_to_a_place_of_the_file(played, client):
    kept = read_evidence(sitting=played, by=None, at=LATER)
    client.force_login(juror_of(played))
    page = client.get(reverse("rooms:dossier", args=[played.candidate_id])).content.decode()
    anchors = set(re.findall(r'\bid="([^"]+)"', page))
    refs = {moment["ref"] for one in kept for moment in one.moments}
    assert refs
    assert refs <= anchors


def test_beside_is_a_page_and_a_fragment_and_looking_writes_nothing(played, client):
    read_evidence(sitting=played, by=None, at=LATER)
    lines = trace.lines(played.trace_stream).count()
    client.force_login(juror_of(played))
    page = client.get(address(played, "CCP1.1"))
    fragment = client.get(address(played, "CCP1.1"), headers={"HX-Request": "true"})
    assert CRITERIA["CCP1.1"].replace("'", "&#x27;") in page.content.decode()
    assert "<html" in page.content.decode()
    assert fragment.content.decode().lstrip().startswith("<div")
    assert "scénario" in fragment.content.decode()
    assert Observation.objects.filter(reading=2).count() == 0
    assert trace.lines(played.trace_stream).count() == lines


def test_a_juror_may_have_the_evidence_read_when_it_was_not(played, client):
    client.force_login(juror_of(played))
    shown = client.get(address(played, "CCP1.2"), headers={"HX-Request": "true"})
    reread = reverse("evidence:reread", args=[played.candidate_id])
    assert f'action="{reread}"' in shown.content.decode()
    answer = client.post(
        reread, headers={"Referer": f"http://testserver{address(played, 'CCP1.2')}"}
    )
    assert answer.status_code == 302
    assert answer["Location"].endswith(address(played, "CCP1.2"))
    shown = client.get(address(played, "CCP1.2"), headers={"HX-Request": "true"})
    assert f'action="{reread}"' not in shown.content.decode()
    assert Observation.objects.filter(candidate=played.candidate, reading=1).exists()


def test_reading_again_makes_a_new_set_and_keeps_the_old(played, client):
    first = read_evidence(sitting=played, by=None, at=LATER)
    client.force_login(juror_of(played))
    client.post(reverse("evidence:reread", args=[played.candidate_id]))
    assert Observation.objects.filter(reading=1).count() == len(first)
    assert Observation.objects.filter(reading=2).count() == len(first)
    shown = client.get(address(played, "CCP1.5")).content.decode()
    assert shown.count("evidence-item") == len([one for one in first if "CCP1.5" in one.criteria])


def test_before_the_end_of_the_exchanges_nothing_is_offered(client):
    sitting = ready_exam()
    assert not sitting.phases.filter(state=Phase.State.ENDED).exists()
    client.force_login(juror_of(sitting))
    assert (
        "<form"
        not in client.get(
            address(sitting, "CCP1.1"), headers={"HX-Request": "true"}
        ).content.decode()
    )
    answer = client.post(reverse("evidence:reread", args=[sitting.candidate_id]))
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["manager", "candidate", "other juror"])
def test_only_the_jurors_of_the_session_see_the_evidence(who, client):
    sitting = ready_exam()
    people = {
        "manager": sitting.candidate.session.manager,
        "candidate": make.writer(sitting),
        "other juror": make.person(Role.JUROR, organisation=sitting.candidate.session.organisation),
    }
    client.force_login(people[who])
    assert client.get(address(sitting, "CCP1.1")).status_code in {403, 404}
    refused = client.post(reverse("evidence:reread", args=[sitting.candidate_id]))
    assert refused.status_code in {403, 404}


def test_without_an_exam_there_is_no_evidence_to_read(client):
    session = make.session(candidates=1)
    juror = session.jurors.first().juror.user
    client.force_login(juror)
    for candidate in (session.candidates.get().pk, 10**9):
        where = reverse("evidence:beside", args=[candidate, "CCP1.1"])
        assert client.get(where).status_code == 404
        with pytest.raises(Http404):
            evidence_for(juror, candidate)


def test_a_framework_whose_words_no_reading_serves_gets_no_observation(played):
    version = played.candidate.session.version
    content = copy.deepcopy(version.content)
    for criterion in content["blocks"][0]["criteria"]:
        criterion["text"] = "Le poste est rangé"
    other = make.framework_version(content=content)
    ExamSession.objects.filter(pk=played.candidate.session_id).update(version=other)
    played = Sitting.objects.get(pk=played.pk)
    assert read_evidence(sitting=played, by=None, at=LATER) == []
