from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions as sessions
from acquis.certification.registrations import access, actions, errors, files, policy, queries
from acquis.certification.registrations.models import Admissibility, HeldBlock, Proof
from acquis.certification.registrations.policy import Request, Way
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY, ccp1_content

ON = DAY.date()
PDF = b"%PDF-1.7\n%dossier"


def codes(way: Way, on: date = ON) -> list[str]:
    return [bar.code for bar in policy.bars(way, on)]


@pytest.mark.parametrize(
    ("request_file", "found"),
    [
        (None, ["vae_not_requested"]),
        (Request(date(2026, 9, 20)), []),  # two months of silence, to the day
        (Request(date(2026, 9, 21)), ["vae_too_early"]),
        (Request(date(2026, 9, 1), "accepted", date(2026, 11, 20)), []),
        (Request(date(2026, 9, 1), "accepted", date(2026, 11, 21)), ["vae_too_early"]),
        (Request(date(2026, 1, 1), "refused", date(2026, 2, 1), "Hors champ"), ["vae_refused"]),
    ],
)
def test_a_vae_is_sat_once_its_file_is_admitted(request_file, found: list[str]) -> None:
    assert codes(Way("vae", request=request_file)) == found


def test_silence_counts_in_months_even_at_the_end_of_one() -> None:
    assert policy.admitted_on(Request(date(2026, 12, 31))) == date(2027, 2, 28)
    assert policy.start_by(Request(date(2026, 12, 31))) == date(2027, 8, 28)
    assert policy.start_by(Request(date(2026, 1, 1), "refused", date(2026, 2, 1))) is None


@given(st.dates(date(2000, 1, 1), date(2400, 1, 1)))
def test_silence_lasts_two_months_whatever_their_days(asked: date) -> None:
    admitted, begun = policy.admitted_on(Request(asked)), policy.start_by(Request(asked))
    assert admitted is not None
    assert begun is not None
    assert 59 <= (admitted - asked).days <= 62
    assert 181 <= (begun - admitted).days <= 184
    assert codes(Way("vae", request=Request(asked)), admitted) == []
    assert codes(Way("vae", request=Request(asked)), admitted - timedelta(days=1)) == [
        "vae_too_early"
    ]


@pytest.mark.parametrize(
    ("way", "found"),
    [
        (Way("training", "CCP1"), []),
        (Way("free"), []),
        (Way("capitalisation", "CCP1", ["CCP1", "CCP2"]), []),
        (Way("capitalisation", "CCP1", ["CCP1", "CCP2"], {"CCP1"}), ["block_held"]),
        (Way("capitalisation", "", ["CCP1", "CCP2"], {"CCP1"}), ["blocks_missing"]),
        (Way("capitalisation", "", ["CCP1", "CCP2"], {"CCP1", "CCP2"}), []),
        (Way("ccs"), ["ccs_without_title"]),
        (Way("ccs", title_held=True), []),
    ],
)
def test_each_route_asks_for_what_comes_before(way: Way, found: list[str]) -> None:
    assert codes(way) == found


@pytest.mark.parametrize(
    ("same", "others", "passed"),
    [(0, 0, ""), (0, 2, ""), (0, 3, "year"), (1, 0, "certification"), (1, 3, "certification")],
)
def test_one_vae_a_certification_and_three_a_year(same: int, others: int, passed: str) -> None:
    assert policy.vae_quota(same, others) == passed


@pytest.mark.parametrize(
    ("route", "kind", "papers"),
    [
        ("training", "titre_professionnel", ("identity", "portfolio", "in_training")),
        ("vae", "titre_professionnel", ("identity", "portfolio", "admissibility")),
        ("capitalisation", "titre_professionnel", ("identity", "portfolio", "booklet")),
        ("ccs", "titre_professionnel", ("identity", "portfolio", "in_training", "title")),
        ("free", "titre_professionnel", ("identity", "portfolio")),
        ("training", "certificat_professionnel", ("identity",)),
        ("vae", "rncp", ("identity", "admissibility")),
    ],
)
def test_the_papers_follow_from_the_route(route: str, kind: str, papers) -> None:
    assert policy.required(route, kind) == papers


def test_papers_are_due_before_the_first_session_to_come() -> None:
    days = [("S-1", ON - timedelta(days=9)), ("S-2", ON + timedelta(days=30))]
    assert files.papers_due(days, ON) == ON + timedelta(days=15)
    assert files.papers_due([], ON) is None


@pytest.fixture
def centre(db):
    return make.organisation()


@pytest.fixture
def manager(client, centre):
    person = make.person(Role.SESSION_MANAGER, organisation=centre)
    client.force_login(person)
    return person


def enrolled(centre, route: str = "training", **fields):
    version = fields.pop("version", None) or make.framework_version()
    return make.enrolment(make.candidate(centre), version, route=route, **fields)


def whole(code: str):
    content = ccp1_content() | {"code": code}
    return make.framework_version(content=content, code=code)


def test_a_fourth_vae_of_the_year_is_refused_and_blocks_do_not_count(centre) -> None:
    by, candidate = make.person(), make.candidate(centre)

    def file(version, block: str = "", at=DAY):
        return actions.enrol(
            candidate=candidate, version=version, block=block, route="vae", by=by, at=at
        )

    first = whole("T-1")
    file(first)
    file(first, "CCP1")
    with pytest.raises(errors.VaeQuotaReached, match="un seul par certification"):
        file(make.framework_version(content=ccp1_content() | {"code": "T-1"}, code="T-1"))
    file(whole("T-2"))
    file(whole("T-3"))
    with pytest.raises(errors.VaeQuotaReached, match="trois certifications"):
        file(whole("T-4"))
    file(whole("T-5"), at=DAY + timedelta(days=60))  # the next year


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"block": "CCP9"}, errors.BlockUnknown),
        ({"version_state": "draft"}, errors.VersionNotPublished),
    ],
)
def test_nobody_is_enrolled_for_what_does_not_exist(centre, fields, refusal) -> None:
    version = make.framework_version(state=fields.get("version_state", "published"))
    with pytest.raises(refusal):
        actions.enrol(
            candidate=make.candidate(centre),
            version=version,
            block=fields.get("block", "CCP1"),
            route="training",
            by=make.person(),
            at=DAY,
        )


def admissibility(**fields):
    return {
        "requested_on": date(2026, 9, 1),
        "authority": "France VAE",
        "decision": "",
        "decided_on": None,
        "reason": "",
        **fields,
    }


def test_the_admissibility_is_written_then_corrected(centre) -> None:
    enrolment, by = enrolled(centre, "vae"), make.person()
    for data in (
        admissibility(),
        admissibility(decision="accepted", decided_on=date(2026, 10, 1)),
    ):
        actions.record_admissibility(enrolment=enrolment, data=data, by=by, at=DAY)
    assert Admissibility.objects.get().decision == "accepted"
    with pytest.raises(errors.DatesReversed):
        actions.record_admissibility(
            enrolment=enrolment,
            data=admissibility(decision="accepted", decided_on=date(2026, 8, 1)),
            by=by,
            at=DAY,
        )
    with pytest.raises(errors.NotThisRoute):
        actions.record_admissibility(
            enrolment=enrolled(centre), data=admissibility(), by=by, at=DAY
        )


def test_the_composition_of_a_session_refuses_who_may_not_sit(centre) -> None:
    session = make.bare_session(centre)
    enrolment = enrolled(centre, "vae", version=session.version)
    with pytest.raises(errors.MayNotSit, match="recevabilité"):
        sessions.add_candidate(session=session, enrolment=enrolment, by=session.manager, at=DAY)
    assert not session.candidates.exists()
    actions.record_admissibility(
        enrolment=enrolment, data=admissibility(), by=session.manager, at=DAY
    )
    sessions.add_candidate(session=session, enrolment=enrolment, by=session.manager, at=DAY)
    assert session.candidates.count() == 1


def test_a_block_already_held_is_not_sat_again(centre) -> None:
    enrolment = enrolled(centre, "capitalisation")
    access.refuse_barred(enrolment, ON)
    make.held(enrolment)
    with pytest.raises(errors.MayNotSit, match="CCP1 est déjà au livret"):
        access.refuse_barred(enrolment, ON)


def test_the_database_refuses_a_decision_before_its_request(centre) -> None:
    enrolment = enrolled(centre, "vae")
    with pytest.raises(IntegrityError), transaction.atomic():
        Admissibility.objects.create(
            enrolment=enrolment,
            requested_on=date(2026, 9, 1),
            decision="accepted",
            decided_on=date(2026, 8, 31),
        )


def test_a_paper_is_brought_replaced_and_verified_again(centre) -> None:
    enrolment, by = enrolled(centre), make.person()
    first, second = make.proof(enrolled(centre)).file, make.proof(enrolled(centre)).file
    proof = actions.deposit_proof(enrolment=enrolment, kind="portfolio", file=first, by=by, at=DAY)
    verified = actions.verify_proof(proof=proof, by=by, at=DAY)
    assert actions.verify_proof(proof=proof, by=None, at=DAY).verified_by == by
    assert verified.verified_at == DAY
    actions.deposit_proof(enrolment=enrolment, kind="portfolio", file=second, by=by, at=DAY)
    proof.refresh_from_db()
    assert (proof.file, proof.verified_at) == (second, None)


def test_of_an_identity_no_copy_is_kept(centre) -> None:
    enrolment, by = enrolled(centre), make.person()
    copy = make.proof(enrolled(centre)).file

    def deposit(kind: str, file):
        return actions.deposit_proof(enrolment=enrolment, kind=kind, file=file, by=by, at=DAY)

    with pytest.raises(errors.CopyNotKept):
        deposit("identity", copy)
    with pytest.raises(errors.CopyMissing):
        deposit("portfolio", None)
    with pytest.raises(errors.ProofNotAsked):
        deposit("booklet", copy)
    assert deposit("identity", None).verified_by == by
    with pytest.raises(IntegrityError), transaction.atomic():
        Proof.objects.filter(kind="identity").update(file=copy)


def test_files_that_lack_a_paper_are_found_until_the_jury_has_decided(centre) -> None:
    complete = enrolled(centre)
    for kind in ("identity", "portfolio", "in_training"):
        make.proof(complete, kind)
    lacking = enrolled(centre)
    for kind in ("identity", "portfolio"):
        make.proof(lacking, kind)
    decided = enrolled(centre)
    make.seat(make.bare_session(centre, version=decided.version, state="issued"), enrolment=decided)
    enrolled(make.organisation())
    assert list(files.with_missing_papers(centre)) == [lacking]
    asked = dict(queries.proofs_of(lacking, make.DAY.date()))
    assert [kind for kind, proof in asked.items() if proof is None] == ["in_training"]


def test_the_page_says_why_and_takes_what_is_missing(client, manager, centre) -> None:
    enrolment = enrolled(centre, "vae")
    page = reverse("registrations:enrolment", args=[enrolment.pk])
    assert "Ne peut pas se présenter" in client.get(page).content.decode()
    address = reverse("registrations:admissibility", args=[enrolment.pk])
    wrong = client.post(address, {"requested_on": "2026-09-01", "decision": "refused",
                                  "decided_on": "2026-08-01"})  # fmt: skip
    assert wrong.status_code == 422
    assert set(wrong.context["admissibility_form"].errors) == {"decided_on", "reason"}
    for data, names in (
        ({"requested_on": "2999-01-01"}, {"requested_on"}),
        ({"requested_on": "2026-09-01", "decision": "accepted"}, {"decided_on"}),
        ({"requested_on": "2026-09-01", "decided_on": "2026-09-02"}, {"decision"}),
    ):
        assert set(client.post(address, data).context["admissibility_form"].errors) == names
    long_ago = timezone.localtime().date() - timedelta(days=90)
    client.post(address, {"requested_on": long_ago.isoformat()})
    assert "Peut se présenter" in client.get(page).content.decode()


def test_the_livret_is_kept_from_the_page(client, manager, centre) -> None:
    enrolment = enrolled(centre, "capitalisation")
    address = reverse("registrations:hold_block", args=[enrolment.pk])
    data = {"block": "CCP1", "obtained_on": "2026-03-02", "pv_reference": "PV-7"}
    client.post(address, data)
    assert HeldBlock.objects.get().pv_reference == "PV-7"
    assert client.post(address, data).status_code == 422
    late = client.post(address, data | {"obtained_on": "2999-01-01"})
    assert set(late.context["held_form"].errors) == {"obtained_on"}
    held = HeldBlock.objects.get()
    stranger = make.held(enrolled(centre, "capitalisation"))
    withdraw = "registrations:withdraw_held"
    assert client.post(reverse(withdraw, args=[enrolment.pk, stranger.pk])).status_code == 404
    client.post(reverse(withdraw, args=[enrolment.pk, held.pk]))
    assert list(HeldBlock.objects.all()) == [stranger]


def test_papers_are_deposited_read_and_verified_from_the_page(client, manager, centre) -> None:
    enrolment = enrolled(centre)
    address = reverse("registrations:deposit", args=[enrolment.pk])
    client.post(address, {"kind": "identity"})
    client.post(address, {"kind": "portfolio", "file": SimpleUploadedFile("dp.pdf", PDF)})
    client.post(address, {"kind": "in_training", "file": SimpleUploadedFile("x.exe", b"MZ\0\1")})
    assert client.post(address, {"kind": "portfolio"}).status_code == 422
    kinds = set(enrolment.proofs.values_list("kind", flat=True))
    assert kinds == {"identity", "portfolio"}
    proof = enrolment.proofs.get(kind="portfolio")
    answer = client.get(reverse("registrations:proof_file", args=[proof.pk]))
    assert b"".join(answer.streaming_content) == PDF
    client.post(reverse("registrations:verify", args=[proof.pk]))
    page = client.get(reverse("registrations:enrolment", args=[enrolment.pk])).content.decode()
    assert proof.file.sha256[:12] in page
    assert "Vérifié" in page
    listed = client.get(reverse("registrations:list"), {"etat": "pieces"})
    assert listed.context["page_obj"].paginator.count == 1


def test_a_juror_reads_the_dp_of_their_session_and_nothing_else(client, centre) -> None:
    session = make.session(organisation=centre, candidates=1)
    enrolment = session.candidates.get().enrolment
    portfolio, booklet = make.proof(enrolment), make.proof(enrolment, "booklet")
    elsewhere = make.proof(enrolled(centre))
    identity = make.proof(enrolment, "identity")
    client.force_login(session.jurors.first().juror.user)
    statuses = []
    for each in (portfolio, booklet, elsewhere, identity):
        answer = client.get(reverse("registrations:proof_file", args=[each.pk]))
        statuses.append(answer.status_code)
        if answer.streaming:
            assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert statuses == [200, 404, 404, 404]


def test_the_list_of_a_quarter_costs_the_same(client, manager, centre, count_queries) -> None:
    version = make.framework_version()
    make.proof(enrolled(centre, version=version))

    def cost() -> int:
        return count_queries(lambda: client.get(reverse("registrations:list"), {"etat": "pieces"}))

    cost()
    one = cost()
    for _ in range(5):
        enrolled(centre, version=version)
    assert cost() == one


def test_a_result_stands_before_what_was_typed_and_is_not_withdrawn_by_hand(centre) -> None:
    by, enrolment = make.person(), enrolled(centre, block="CCP1")
    make.held(enrolment, pv_reference="")
    told = {"obtained_on": DAY.date(), "pv_reference": "PV-2026-0001", "by": by, "at": DAY}
    held = actions.record_result(enrolment=enrolment, **told)
    assert (held.block, held.pv_reference, held.earned_by) == ("CCP1", "PV-2026-0001", enrolment)
    again = actions.record_result(enrolment=enrolment, **(told | {"pv_reference": "PV-9"}))
    assert (again.pk, again.pv_reference) == (held.pk, "PV-2026-0001")
    assert trace.lines(enrolment.trace_stream).filter(verb="candidate.block_held").count() == 1
    with pytest.raises(errors.HeldByResult):
        actions.withdraw_held(held=held, by=by, at=DAY)
    assert HeldBlock.objects.count() == 1


def test_a_revoked_result_leaves_the_livret_once_and_what_was_typed_stays(centre) -> None:
    by, enrolment = make.person(), enrolled(centre, block="CCP1")
    actions.record_result(
        enrolment=enrolment, obtained_on=ON, pv_reference="PV-2026-0001", by=by, at=DAY
    )
    typed = make.held(enrolled(centre, "capitalisation"))

    for _twice in range(2):
        actions.revoke_result(enrolment=enrolment, reason=" Fraude. ", by=by, at=DAY)

    assert list(files.lines_in_force()) == [typed]
    gone = files.withdrawn_lines(enrolment).get()
    assert (gone.withdrawn_at, gone.withdrawn_by, gone.withdrawal_reason) == (DAY, by, "Fraude.")
    line = trace.lines(enrolment.trace_stream).get(verb="candidate.block_revoked")
    assert (line.data["block"], line.data["pv"]) == ("CCP1", "PV-2026-0001")
    assert trace.personal_part(line) == {"reason": "Fraude."}


def test_a_line_that_was_withdrawn_may_be_written_again(client, manager, centre) -> None:
    by, enrolment = make.person(), enrolled(centre, block="CCP1")
    told = {"obtained_on": ON, "pv_reference": "PV-2026-0001", "by": by, "at": DAY}
    actions.record_result(enrolment=enrolment, **told)
    actions.revoke_result(enrolment=enrolment, reason="Fraude reconnue.", by=by, at=DAY)
    again = actions.record_result(enrolment=enrolment, **told)

    assert files.lines_in_force().get() == again
    assert HeldBlock.objects.count() == 2
    page = client.get(reverse("registrations:enrolment", args=[enrolment.pk])).content.decode()
    assert "Fraude reconnue." in page


def test_the_database_refuses_a_line_withdrawn_without_a_reason(centre) -> None:
    held = make.held(enrolled(centre))
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldBlock.objects.filter(pk=held.pk).update(withdrawn_at=DAY)


def test_the_database_refuses_something_typed_before_an_exam_that_was_none(centre) -> None:
    held = make.held(enrolled(centre))
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldBlock.objects.filter(pk=held.pk).update(typed_on=ON, typed_pv="PV-7")


def test_a_result_of_which_nothing_was_typed_is_a_line_of_its_own(centre) -> None:
    by, enrolment = make.person(), enrolled(centre, block="CCP1")
    held = actions.record_result(
        enrolment=enrolment, obtained_on=ON, pv_reference="PV-2026-0001", by=by, at=DAY
    )
    assert HeldBlock.objects.get() == held
    assert (held.block, held.obtained_on, held.earned_by) == ("CCP1", ON, enrolment)
    line = trace.lines(enrolment.trace_stream).get(verb="candidate.block_held")
    assert (line.data["block"], line.data["pv"]) == ("CCP1", "PV-2026-0001")


def test_who_employs_and_trains_is_corrected_and_what_was_there_is_traced(
    client, manager, centre
) -> None:
    enrolment = enrolled(centre, employer="Atlantique")
    address = reverse("registrations:revise", args=[enrolment.pk])
    data = {"employer": " Voix du Large ", "training_body": "Gréta"}
    for _twice in range(2):
        assert client.post(address, data).status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.employer, enrolment.training_body) == ("Voix du Large", "Gréta")
    line = trace.lines(enrolment.trace_stream).get(verb="candidate.enrolment_revised")
    assert line.data["fields"] == ["employer", "training_body"]
    assert trace.personal_part(line)["before"]["employer"] == "Atlantique"
    too_long = client.post(address, data | {"employer": "x" * 201})
    assert too_long.status_code == 422
    assert "x" * 201 in too_long.content.decode()
    other = enrolled(make.organisation())
    refused = client.post(reverse("registrations:revise", args=[other.pk]), data)
    assert refused.status_code == 404
