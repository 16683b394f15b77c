"""Ordering, writing, counting again; the key of the letters; the anonymous questionnaire."""

import json
from datetime import timedelta

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.certification.awards.policy import fingerprint
from acquis.certification.council import access, actions, errors
from acquis.certification.council.models import CouncilPack, SurveyAnswer, SurveyTicket
from acquis.kernel import crypto, jobs, trace
from acquis.kernel.models import Job, TraceLine
from tests.factories import council as make
from tests.factories import grading

pytestmark = pytest.mark.django_db


def test_a_pack_is_ordered_numbered_and_put_in_the_queue():
    session = make.season(candidates=5)
    pack = make.ordered(session)

    assert (pack.number, pack.state, pack.as_of) == (1, "writing", make.AFTER)
    assert Job.objects.get().args == {"pack": pack.pk, "by": pack.ordered_by_id}
    line = trace.lines(pack.trace_stream).get()
    assert (line.verb, line.data["year"]) == ("council.pack_ordered", 2026)


def test_one_pack_of_a_year_at_a_time_and_none_of_nobody():
    session = make.season(candidates=5)
    pack = make.ordered(session)
    with pytest.raises(errors.PackInWriting):
        make.ordered(session)
    with pytest.raises(errors.NothingJudged) as refused:
        actions.order_pack(
            organisation=session.organisation,
            framework=session.version.framework,
            year=2024,
            by=pack.ordered_by,
            at=make.AFTER,
        )
    assert "2024" in str(refused.value)
    assert CouncilPack.objects.count() == 1


def test_the_database_keeps_one_in_writing_and_ready_means_written():
    session = make.season(candidates=5)
    pack = make.ordered(session)
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilPack.objects.filter(pk=pack.pk).update(state="ready")
    twin = CouncilPack.objects.get(pk=pack.pk)
    twin.pk, twin.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_pack_is_written_once_with_its_pdf_and_names_nobody():
    session = make.season(candidates=8)
    pack = make.written(session)

    assert pack.state == CouncilPack.State.READY
    assert pack.data_sha256 == fingerprint(pack.data)
    with pack.file.open() as stream:
        printed = "\n".join(page.extract_text() for page in pypdf.PdfReader(stream).pages)
    told = printed + json.dumps(pack.data)
    assert "Jury A" in printed
    for member in session.jurors.select_related("juror"):
        assert member.juror.last_name not in told
    assert "Nom3" not in told
    again = actions.write_pack(pack=pack, by=pack.ordered_by, at=make.AFTER + timedelta(days=1))
    assert again.written_at == make.AFTER


def test_a_pack_that_another_worker_wrote_meanwhile_is_left():
    session = make.season(candidates=5)
    pack = make.ordered(session)
    late = CouncilPack.objects.select_related("organisation", "framework").get(pk=pack.pk)
    first = actions.write_pack(pack=pack, by=pack.ordered_by, at=make.AFTER)
    told = []
    second = actions.write_pack(
        pack=late,
        by=pack.ordered_by,
        at=make.AFTER + timedelta(hours=1),
        progress=lambda done, total: told.append((done, total)),
    )
    assert (second.written_at, bytes(second.sealed_key)) == (
        first.written_at,
        bytes(CouncilPack.objects.get(pk=first.pk).sealed_key),
    )
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_the_jobs_write_and_count_again():
    session = make.season(candidates=5)
    pack = make.ordered(session)
    assert jobs.run_due(now=make.AFTER)
    pack.refresh_from_db()
    assert pack.state == CouncilPack.State.READY
    done = Job.objects.get(kind=actions.JOB)
    assert done.result["links"][0]["url"].endswith(f"/conseil/{pack.pk}/")

    actions.enqueue_recount(pack, pack.ordered_by, make.AFTER)
    assert jobs.run_due(now=make.AFTER)
    assert "mêmes chiffres" in Job.objects.get(kind=actions.RECOUNT).result["notes"][0]


def test_letters_are_shuffled_for_each_pack_and_the_key_is_traced():
    session = make.season(candidates=5, jurors=12)
    first, second = (make.written(session, at=make.AFTER + timedelta(days=n)) for n in range(2))
    by = first.ordered_by

    named = actions.read_key(pack=first, by=by, at=make.AFTER)
    assert [letter for letter, _juror in named] == list("ABCDEFGHIJKL")
    assert {juror.pk for _letter, juror in named} == {one.juror_id for one in session.jurors.all()}
    assert named != actions.read_key(pack=second, by=by, at=make.AFTER)
    assert TraceLine.objects.filter(verb="council.key_read").count() == 2
    clear = json.dumps(first.data)
    assert crypto.unseal(bytes(first.sealed_key)).decode() not in clear


def test_what_is_not_ready_has_no_key_and_is_not_counted_again():
    pack = make.ordered(make.season(candidates=5))
    for act in (actions.read_key, actions.recount_pack):
        with pytest.raises(errors.PackNotReady):
            act(pack=pack, by=pack.ordered_by, at=make.AFTER)


def test_counting_again_gives_the_same_and_says_where_records_changed():
    session = make.season(candidates=8)
    pack = make.written(session)
    by, later = pack.ordered_by, make.AFTER + timedelta(days=3)
    assert actions.recount_pack(pack=pack, by=by, at=later) == []

    seat = session.candidates.all()[0]
    seat.enrolment.route = "vae"
    seat.enrolment.save()
    assert actions.recount_pack(pack=pack, by=by, at=later) == ["routes"]
    line = trace.lines(pack.trace_stream).last()
    assert (line.verb, line.data["differ"]) == ("council.pack_recounted", ["routes"])


def test_who_does_not_prepare_reads_the_last_ready_pack_of_each_year_alone():
    session = make.season(candidates=5)
    centre = session.organisation
    first, second = (make.written(session, at=make.AFTER + timedelta(days=n)) for n in range(2))
    third = make.ordered(session, at=make.AFTER + timedelta(days=2))
    trainer = grading.person(Role.TRAINER, organisation=centre)
    adviser = grading.person(Role.ADVISER, organisation=centre)

    assert list(access.packs_for(trainer, centre)) == [second]
    assert list(access.packs_for(adviser, centre)) == []
    assert set(access.packs_for(first.ordered_by, centre)) == {first, second, third}
    with pytest.raises(Http404):
        access.readable_pack(trainer, centre, first.pk)
    with pytest.raises(Http404):
        access.prepared_pack(trainer, centre, second.pk)
    assert access.prepared_pack(first.ordered_by, centre, third.pk) == third


# The questionnaire


def seated(state="issued", present=True):
    session = grading.session(candidates=0, state=state)
    return grading.add_candidate(session, present=present)


def person_of(seat):
    return seat.enrolment.candidate.user


def test_an_opinion_is_kept_apart_from_who_gave_it():
    seat = seated()
    before = TraceLine.objects.count()
    actions.answer_survey(seat=seat, opinions={"overall": 4, "jury": 2})

    answer = SurveyAnswer.objects.get()
    assert (answer.overall, answer.jury, answer.welcome, answer.year) == (4, 2, None, 2026)
    assert SurveyTicket.objects.get().seat == seat
    names = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert not names & {"seat", "session", "candidate", "user", "created_at", "answered_at"}
    assert TraceLine.objects.count() == before


def test_nobody_answers_twice_or_nothing():
    seat = seated()
    with pytest.raises(errors.NothingAnswered):
        actions.answer_survey(seat=seat, opinions={"overall": None})
    assert not SurveyTicket.objects.exists()
    actions.answer_survey(seat=seat, opinions={"overall": 4})
    with pytest.raises(errors.AlreadyAnswered):
        actions.answer_survey(seat=seat, opinions={"overall": 1})
    assert SurveyAnswer.objects.count() == 1


def test_who_sat_an_exam_whose_results_left_is_asked_until_they_answer():
    seat = seated()
    person = person_of(seat)
    assert list(access.asked_seats(person)) == [seat]
    assert access.asked_seat(person, seat.pk) == seat
    actions.answer_survey(seat=seat, opinions={"overall": 4})
    assert list(access.asked_seats(person)) == []
    assert access.asked_seat(person, seat.pk) == seat


@pytest.mark.parametrize(("state", "present"), [("deliberated", True), ("issued", False)])
def test_who_is_not_asked(state, present):
    seat = seated(state, present)
    assert list(access.asked_seats(person_of(seat))) == []
    with pytest.raises(Http404):
        access.asked_seat(person_of(seat), seat.pk)


def test_another_s_seat_does_not_exist_nor_one_s_own_without_the_role():
    seat, other = seated(), seated()
    with pytest.raises(Http404):
        access.asked_seat(person_of(other), seat.pk)
    person_of(seat).memberships.all().delete()
    with pytest.raises(Http404):
        access.asked_seat(person_of(seat), seat.pk)
