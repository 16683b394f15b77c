"""Commit, draw, tell: the draws of a session that anybody can do again."""

import hashlib
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.access import may
from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions as sessions
from acquis.certification.papers import actions, errors, policy, queries
from acquis.certification.papers.models import Draw, DrawCommitment, Subject
from acquis.certification.sittings import actions as exam
from acquis.kernel import crypto, outbox, trace
from acquis.kernel.deadlines import board
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "rules" / "draw.md"


def stocked(*, subjects: int = 3, **fields):
    session = make.session(**fields)
    for _ in range(subjects):
        make.subject(session.organisation)
    return session


def committed(session) -> DrawCommitment:
    made = actions.commit_draw(session=session, by=session.manager, at=DAY)
    assert made is not None
    return made


def draw(session, seat=None, kind: str = "written") -> Draw:
    seat = seat or session.candidates.first()
    return actions.draw_subject(candidate=seat, kind=kind, by=session.manager, at=DAY)


def closed(session):
    session.state = "closed"
    session.save()
    actions.reveal_seeds(session=session, by=session.manager, at=DAY)
    return session


def test_a_session_commits_once_and_keeps_its_seed_to_itself() -> None:
    session = stocked()
    first = committed(session)
    assert committed(session) == first
    assert first.seed == ""
    seed = crypto_unsealed(first)
    assert seed not in str(list(DrawCommitment.objects.values("commitment", "frozen", "seed")))
    line = trace.lines(session.trace_stream).get(verb="draw.committed")
    assert line.data["commitment"] == first.commitment
    assert seed not in str(line.data)
    assert policy.commitment(seed, first.frozen) == first.commitment


def crypto_unsealed(commitment: DrawCommitment) -> str:
    return crypto.unseal(bytes(commitment.sealed_seed)).hex()


def test_nothing_is_committed_where_nothing_is_drawn() -> None:
    empty = make.session()
    assert actions.commit_draw(session=empty, by=empty.manager, at=DAY) is None
    alone = make.session(enterprise_id=None)
    assert actions.commit_draw(session=alone, by=alone.manager, at=DAY) is None
    assert not DrawCommitment.objects.exists()


def test_each_letter_says_the_fingerprint_before_the_day() -> None:
    start = timezone.now() + timedelta(days=60)
    session = stocked(starts_at=start, candidates=1, jurors=1)
    for person in (session.candidates.get(), session.jurors.get()):
        sessions.issue_summons(recipient=person, by=session.manager, at=timezone.now())
    while outbox.deliver_slow(now=timezone.now() + timedelta(seconds=1)):
        pass
    made = DrawCommitment.objects.get()
    assert len(mail.outbox) == 2
    assert all(made.commitment in one.body for one in mail.outbox)


def test_the_draw_follows_from_the_seed_whoever_asks_and_when() -> None:
    session = stocked(candidates=2)
    made = committed(session)
    first, second = session.candidates.all()
    later = actions.draw_subject(
        candidate=second, kind="written", by=make.person(), at=DAY + timedelta(hours=3)
    )
    sooner = draw(session, first)
    for one in (first, second):
        drawn = Draw.objects.get(candidate=one)
        own = policy.own_seed(crypto_unsealed(made), one.enrolment.candidate.reference, "written")
        assert (drawn.seed, drawn.commitment) == (own, made)
        assert policy.pick(own, drawn.pool) == drawn.subject.reference
    assert sooner.seed != later.seed


def test_a_subject_that_came_after_the_commitment_is_not_drawn() -> None:
    session = stocked(subjects=1)
    committed(session)
    make.subject(session.organisation)
    assert len(draw(session).pool) == 1


def test_a_subject_withdrawn_or_changed_since_is_left_out_with_its_reason() -> None:
    session = stocked(subjects=3)
    committed(session)
    gone, changed, kept = Subject.objects.order_by("reference")
    actions.withdraw_subject(subject=gone, by=make.person(), at=DAY)
    Subject.objects.filter(pk=changed.pk).update(sha256="0" * 64)
    made = draw(session)
    assert made.subject == kept
    assert made.excluded == [
        {"reference": each.reference, "reason": "withdrawn"} for each in (gone, changed)
    ]


def test_nobody_draws_what_they_saw_even_when_nothing_else_is_left() -> None:
    first = stocked(subjects=1, candidates=1)
    draw(first)
    second = make.bare_session(first.organisation, version=first.version)
    again = make.seat(second, enrolment=first.candidates.get().enrolment)
    with pytest.raises(errors.NoFreshSubject):
        draw(second, again)
    assert Draw.objects.count() == 1


def test_a_new_version_of_a_seen_subject_is_seen() -> None:
    first = stocked(subjects=1, candidates=1)
    draw(first)
    seen = Subject.objects.get()
    author = make.person(Role.TRAINER, organisation=first.organisation)
    newer = actions.revise_subject(
        subject=seen, title="Dossier client", content={"brief": "Autre"}, by=author, at=DAY
    )
    director = make.person(Role.CERTIFYING_BODY, organisation=first.organisation)
    actions.validate_subject(subject=newer, by=director, at=DAY)
    fresh = make.subject(first.organisation)
    second = make.bare_session(first.organisation, version=first.version)
    made = draw(second, make.seat(second, enrolment=first.candidates.get().enrolment))
    assert made.subject == fresh
    assert made.excluded == [{"reference": newer.reference, "reason": "already_seen"}]


def test_the_seed_is_told_once_the_exams_are_over_and_not_before() -> None:
    session = stocked(candidates=1)
    made = committed(session)
    for state in ("draft", "summoned", "open"):
        session.state = state
        session.save()
        with pytest.raises(errors.DrawNotOver):
            actions.reveal_seeds(session=session, by=session.manager, at=DAY)
    closed(session)
    made.refresh_from_db()
    assert policy.commitment(made.seed, made.frozen) == made.commitment
    assert actions.reveal_seeds(session=session, by=session.manager, at=DAY) == 0
    line = trace.lines(session.trace_stream).get(verb="draw.revealed")
    assert line.data["seed"] == made.seed


def test_closing_a_session_tells_its_seed() -> None:
    session = make.open_session(candidates=1)
    draw(session)
    seat = session.candidates.get()
    exam.confirm_presence(candidate=seat, present=False, by=session.manager, at=DAY)
    exam.close_session(session=session, by=session.manager, at=DAY)
    assert DrawCommitment.objects.get().seed


def test_a_commitment_is_renewed_with_a_reason_and_the_former_stays() -> None:
    session = stocked(subjects=1, candidates=2)
    first = committed(session)
    before = draw(session)
    make.subject(session.organisation)
    with pytest.raises(errors.CommitmentReasonMissing):
        actions.renew_commitment(session=session, reason=" ", by=session.manager, at=DAY)
    second = actions.renew_commitment(
        session=session, reason="Un sujet de plus", by=session.manager, at=DAY
    )
    assert second is not None
    after = draw(session, session.candidates.last())
    first.refresh_from_db()
    assert first.replaced_at == DAY
    assert (before.commitment, after.commitment) == (first, second)
    closed(session)
    assert all(one["seed"] for one in queries.proofs_of(session))
    assert [policy.faults(one) for one in queries.proofs_of(session)] == [[], []]
    with pytest.raises(errors.CommitmentFrozen):
        actions.renew_commitment(session=session, reason="Trop tard", by=session.manager, at=DAY)


def test_a_renewal_without_former_commits() -> None:
    session = stocked()
    assert actions.renew_commitment(session=session, reason="Début", by=session.manager, at=DAY)


def test_a_kind_that_came_later_has_a_commitment_of_its_own_and_the_others_keep_theirs() -> None:
    session = stocked(candidates=2)
    first = committed(session)
    with pytest.raises(errors.NoEligibleSubject):
        draw(session, kind="exchanges")
    make.subject(session.organisation, kind="exchanges")
    later = [draw(session, seat, "exchanges") for seat in session.candidates.all()]
    assert later[0].commitment == later[1].commitment != first
    assert later[0].commitment.supplement
    assert draw(session).commitment == first
    closed(session)
    assert [policy.faults(one) for one in queries.proofs_of(session)] == [[], []]


def ten_lines() -> str:
    return re.search(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[1]


def run_ten_lines(proofs: list) -> None:
    """Exactly what the document prints, with the file it opens."""
    text = json.dumps(proofs, ensure_ascii=False)
    exec(ten_lines(), {"open": lambda *_args, **_more: io.StringIO(text)})  # noqa: S102


def test_the_ten_lines_of_the_document_do_the_draws_again(client) -> None:
    session = stocked(candidates=2)
    make.subject(session.organisation, kind="exchanges")
    seen = make.bare_session(session.organisation, version=session.version)
    draw(seen, make.seat(seen, enrolment=session.candidates.first().enrolment))
    for seat in session.candidates.all():
        draw(session, seat)
        draw(session, seat, "exchanges")
    closed(session)
    client.force_login(session.manager)
    answer = client.get(reverse("papers:proof", args=[session.pk]))
    proofs = json.loads(answer.content)
    assert len(proofs[0]["draws"]) == 4
    assert any(one["excluded"] for one in proofs[0]["draws"])
    run_ten_lines(proofs)
    for change in ({"commitment": "0" * 64}, {"seed": hashlib.sha256(b"x").hexdigest()}):
        with pytest.raises(AssertionError):
            run_ten_lines([proofs[0] | change])
    written = next(one for one in proofs[0]["draws"] if one["kind"] == "written")
    forged = [proofs[0] | {"draws": [written | {"candidate": f"X-{rank}"}]} for rank in range(30)]
    assert not all(holds(each) for each in forged)


def holds(proof: dict) -> bool:
    try:
        run_ten_lines([proof])
    except AssertionError:
        return False
    return True


# ---- The pages ----


def test_before_the_end_all_see_the_fingerprint_and_nobody_the_seed(client) -> None:
    session = stocked(candidates=2)
    made = committed(session)
    drawn = draw(session)
    other = draw(session, session.candidates.last())
    seed = crypto_unsealed(made)
    me = session.candidates.first().enrolment.candidate
    for person in (me.user, session.jurors.first().juror.user, session.manager):
        client.force_login(person)
        page = client.get(reverse("papers:verify", args=[session.pk])).content.decode()
        assert made.commitment in page
        assert seed not in page
        assert client.get(reverse("papers:proof", args=[session.pk])).status_code == 422
    client.force_login(me.user)
    page = client.get(reverse("papers:verify", args=[session.pk])).content.decode()
    assert drawn.subject.reference in page
    assert other.candidate.enrolment.candidate.reference not in page


def test_after_the_end_the_page_does_the_draws_again(client) -> None:
    session = stocked(candidates=2)
    draws = [draw(session, seat) for seat in session.candidates.all()]
    closed(session)
    client.force_login(session.candidates.first().enrolment.candidate.user)
    page = client.get(reverse("papers:verify", args=[session.pk])).content.decode()
    assert "tout concorde" in page
    for one in draws:
        assert one.candidate.enrolment.candidate.reference in page
        assert one.candidate.enrolment.candidate.birth_name not in page
    DrawCommitment.objects.update(commitment="0" * 64)
    page = client.get(reverse("papers:verify", args=[session.pk])).content.decode()
    assert "Ne se vérifie pas" in page.replace("\u00a0", " ")


def test_who_takes_no_part_in_the_session_checks_nothing(client) -> None:
    session = stocked(candidates=1)
    committed(session)
    centre = session.organisation
    for person in (
        make.person(Role.CANDIDATE, organisation=centre),
        make.person(Role.JUROR, organisation=centre),
        make.person(Role.SESSION_MANAGER, organisation=make.organisation()),
    ):
        client.force_login(person)
        for name in ("verify", "proof"):
            assert client.get(reverse(f"papers:{name}", args=[session.pk])).status_code == 404


def test_the_pages_of_a_session_without_draws_say_so(client) -> None:
    bare = make.session()
    client.force_login(bare.manager)
    page = client.get(reverse("papers:verify", args=[bare.pk])).content.decode()
    assert "Aucune empreinte" in page
    assert client.get(reverse("papers:proof", args=[bare.pk])).status_code == 422


def test_the_manager_publishes_and_renews_the_fingerprint(client) -> None:
    session = stocked()
    client.force_login(session.manager)
    address = reverse("papers:renew", args=[session.pk])
    client.post(address)
    assert DrawCommitment.objects.count() == 1
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "Un sujet retiré"})
    page = client.get(reverse("papers:session", args=[session.pk])).content.decode()
    for one in DrawCommitment.objects.all():
        assert one.commitment in page
    assert "Un sujet retiré" in page


# ---- Told before the day ----


def lacks(session) -> list[tuple[str, int, int]]:
    found = queries.shortages([session])
    return [(one.kind, one.stock, one.people) for one in found]


def test_a_bank_too_small_is_told_before_the_day(client) -> None:
    start = timezone.now() + timedelta(days=30)
    session = stocked(starts_at=start, subjects=0, candidates=1)
    assert lacks(session) == [("written", 0, 1), ("exchanges", 0, 1), ("recording", 0, 1)]
    one = make.subject(session.organisation)
    assert lacks(session)[0] == ("written", 1, 0)
    past = make.bare_session(session.organisation, version=session.version)
    make.seat(past, enrolment=session.candidates.get().enrolment)
    draw(past)
    assert lacks(session)[0] == ("written", 1, 1)
    for _ in range(2):
        make.subject(session.organisation)
    assert [kind for kind, *_rest in lacks(session)] == ["exchanges", "recording"]
    client.force_login(session.manager)
    page = client.get(reverse("papers:session", args=[session.pk])).content.decode()
    assert "La banque ne suffit pas" in page
    make.subject(session.organisation, kind="exchanges")
    page = client.get(reverse("papers:session", args=[session.pk])).content.decode()
    assert "pas de hasard" in page
    found = board(
        session.manager,
        session.organisation,
        timezone.now(),
        timezone.now().date(),
        lambda verb: may(session.manager, verb, session.organisation),
    )
    (line,) = [each for each in found if each.kind == "subjects"]
    assert line.title == session.reference
    assert line.due == timezone.localtime(start).date() - timedelta(days=14)
    assert one.reference not in line.text


def test_what_everybody_saw_is_told_by_their_number(client) -> None:
    start = timezone.now() + timedelta(days=30)
    session = stocked(starts_at=start, subjects=2, candidates=2)
    for _ in range(2):
        past = make.bare_session(session.organisation, version=session.version)
        for seat in session.candidates.all():
            made = make.seat(past, enrolment=seat.enrolment)
            draw(past, made)
    client.force_login(session.manager)
    page = client.get(reverse("papers:session", args=[session.pk])).content.decode()
    assert "2 candidats ont déjà vu tous les sujets" in page.replace("\u00a0", " ")
    draws = Draw.objects.filter(session=session).count()
    assert draws == 0


def test_what_is_drawn_lacks_nothing() -> None:
    session = stocked(subjects=1, candidates=1)
    draw(session)
    assert "written" not in [kind for kind, *_rest in lacks(session)]


def test_a_session_that_became_one_of_another_enterprise_draws_nothing_of_the_former() -> None:
    session = stocked()
    committed(session)
    elsewhere = make.enterprise(session.organisation, pack="autre")
    session.enterprise_id = elsewhere.pk
    session.save()
    other = make.subject(session.organisation, pack="autre")
    with pytest.raises(errors.NoFreshSubject), transaction.atomic():
        draw(session)
    actions.renew_commitment(session=session, reason="Autre", by=session.manager, at=DAY)
    assert draw(session).subject == other


def test_a_session_of_another_exam_freezes_the_subjects_of_its_own() -> None:
    session = stocked()
    first = committed(session)
    other = make.enterprise(session.organisation, pack="autre")
    data = {
        "reference": session.reference,
        "version": session.version,
        "block": session.block,
        "starts_at": session.starts_at,
        "place": session.place,
        "address": session.address,
        "room": session.room,
        "enterprise_id": session.enterprise_id,
    }
    revise = {"session": session, "by": session.manager, "at": DAY - timedelta(days=9)}
    sessions.revise_session(data=data | {"room": "Salle C"}, **revise)
    assert queries.commitment_of(session) == first

    theirs = make.subject(session.organisation, pack="autre")
    sessions.revise_session(data=data | {"enterprise_id": other.pk}, **revise)

    first.refresh_from_db()
    now = queries.commitment_of(session)
    assert first.replaced_at is not None
    assert now is not None
    assert list(now.frozen["pools"]["written"]) == [theirs.reference]
    assert "a changé" in now.reason
