"""A deposit of the CPF file from the records to the report that answers it, through the real acts."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks import engines

if TYPE_CHECKING:
    from acquis.certification.exam_sessions.models import ExamSession

NAME = "cpf"
TITLE = "a deposit of the CPF file: written, sealed, validated, answered"
SIZES = (5_000, 50_000)
_AT_ONCE = 1_000


def run(size: int, engine: str) -> dict[str, float]:
    """`size` is the passages, all in one file; the last tenth is rejected by the report."""
    with engines.database(engine):
        from tests.factories import cpf as make

        session = make.ready_centre()
        _holders(session, size)
        return _measured(session, size)


def _measured(session: "ExamSession", size: int) -> dict[str, float]:
    from tests.factories import cpf as make

    from acquis.certification.cpf import actions, checking, schemas
    from acquis.certification.cpf.models import Passage
    from acquis.certification.cpf.schemas.reading import read
    from acquis.certification.cpf.sealing import Unsealed

    before = engines.peak_mb()
    start = time.perf_counter()
    deposit = make.opened(session)
    opened = time.perf_counter() - start
    start = time.perf_counter()
    deposit = actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    written = time.perf_counter() - start
    peak = engines.peak_mb()
    file = deposit.files.get()
    start = time.perf_counter()
    with file.sealed.open() as sealed:
        valid, seen = checking.is_valid(Unsealed(sealed), read(schemas.shipped("1.1.2")))
    checked = time.perf_counter() - start
    actions.send_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    said = _report(file, size)
    start = time.perf_counter()
    actions.read_report(
        organisation=session.organisation,
        content=said,
        name="rapport.xml",
        by=session.manager,
        at=make.NOW,
    )
    answered = time.perf_counter() - start
    accepted = deposit.passages.filter(state=Passage.State.ACCEPTED).count()
    rejected = deposit.passages.filter(state=Passage.State.REJECTED).count()
    return {
        "opened_s": round(opened, 2),
        "written_s": round(written, 2),
        "checked_again_s": round(checked, 2),
        "report_read_s": round(answered, 2),
        "file_mb": round(file.size / 1_000_000, 1),
        "valid_count": seen if valid else 0,
        "accepted_count": accepted,
        "passages_lost_count": size - accepted - rejected,
        "before_mb": before,
        "written_peak_mb": peak,
        "peak_mb": engines.peak_mb(),
    }


def _report(file: Any, size: int) -> bytes:
    from tests.factories import cpf as make

    ids = list(file.passages.order_by("rank").values_list("technical_id", flat=True))
    kept = size - size // 10
    refused = ((one, "Aucun titulaire ne correspond") for one in ids[kept:])
    return make.report(file, accepted=ids[:kept], rejected=refused)


def _holders(session: "ExamSession", size: int) -> None:
    """Invented people with their certificates: one in ten by VAE, one in ten born abroad."""
    from tests.factories import cpf as make
    from tests.factories import grading

    from acquis.certification.awards.models import IssuedDocument
    from acquis.certification.cpf.models import Particulars
    from acquis.certification.exam_sessions.models import SessionCandidate
    from acquis.certification.grading.models import Deliberation
    from acquis.certification.registrations.models import Candidate, Enrolment

    kept = _pdf()
    for first in range(0, size, _AT_ONCE):
        ranks = range(first, min(first + _AT_ONCE, size))
        people = Candidate.objects.bulk_create(
            Candidate(organisation=session.organisation, **person) for person in _people(ranks)
        )
        enrolled = Enrolment.objects.bulk_create(
            Enrolment(
                candidate=person,
                version=session.version,
                route="vae" if rank % 10 == 3 else "training",
                created_at=grading.AT - timedelta(days=90),
            )
            for rank, person in zip(ranks, people, strict=True)
        )
        Particulars.objects.bulk_create(
            Particulars(enrolment=one, vae_way="VAE_CLASSIQUE")
            for one in enrolled
            if one.route == "vae"
        )
        seats = SessionCandidate.objects.bulk_create(
            SessionCandidate(session=session, enrolment=one) for one in enrolled
        )
        Deliberation.objects.bulk_create(
            Deliberation(
                candidate=seat, opened_at=grading.AT, closed_at=grading.AT, outcome="passed"
            )
            for seat in seats
        )
        IssuedDocument.objects.bulk_create(
            IssuedDocument(
                organisation=session.organisation,
                session=session,
                candidate=seat,
                kind="certificate",
                number=f"CERT-2026-{rank:06}",
                state="issued",
                data={"candidate": {"name": person.full_name, "birth_name": person.birth_name}},
                data_sha256="0" * 64,
                file=kept,
                written_at=make.DELIVERED,
                written_by=session.manager,
                issued_at=make.DELIVERED,
            )
            for rank, seat, person in zip(ranks, seats, people, strict=True)
        )


def _people(ranks: range) -> Iterator[dict[str, Any]]:
    from tests.factories import grading

    for rank in ranks:
        abroad = rank % 10 == 7
        yield {
            "reference": f"B{rank:06}",
            "birth_name": f"Inventé-{rank}",
            "usual_name": "Ozanne" if rank % 4 == 0 else "",
            "first_name": "Zoé",
            "other_first_names": "Lou Anne" if rank % 3 == 0 else "",
            "sex": "F" if rank % 2 else "M",
            "birth_date": date(1970, 1, 1) + timedelta(days=rank % 10_000),
            "birth_city": "Köln" if abroad else "Nantes",
            "birth_insee_code": "99109" if abroad else "44109",
            "birth_country": "Allemagne" if abroad else "France",
            "email": f"b{rank}@personnes.example",
            "created_at": grading.AT,
        }


def _pdf() -> Any:
    from tests.factories import grading

    from acquis.kernel import files

    return files.store(
        b"%PDF-1.7", name="c.pdf", media_type="application/pdf", by=None, at=grading.AT
    )
