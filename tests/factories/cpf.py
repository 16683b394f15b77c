"""Delivered certificates of a centre whose contract and certification are settled."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.db import models

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.cpf import actions
from acquis.certification.cpf.models import CdcAccount, Deposit, RegisteredCertification
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.models import Deliberation
from acquis.kernel import files
from tests.factories import grading

DELIVERED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
_number = count(1)
# Who lacks nothing.
WHOLE = {
    "birth_name": "Durand",
    "usual_name": "",
    "first_name": "Zoé",
    "other_first_names": "",
    "sex": "F",
    "birth_date": date(1994, 7, 9),
    "birth_city": "Ajaccio",
    "birth_insee_code": "2A004",
    "birth_postcode": "",
    "birth_country": "France",
}


def session(**fields: Any) -> ExamSession:
    """A session for the whole certification, without anybody yet."""
    made = grading.session(candidates=0, jurors=1)
    ExamSession.objects.filter(pk=made.pk).update(block=fields.pop("block", ""))
    made.refresh_from_db()
    return made


def account(organisation: Organisation, **fields: Any) -> CdcAccount:
    values = {"client_id": "00TEST00", "certifier_id": "00TEST00", "contract_id": "MCFCER000000"}
    return CdcAccount.objects.create(organisation=organisation, **(values | fields))


def certification(of: ExamSession, **fields: Any) -> RegisteredCertification:
    values = {
        "register": "RNCP",
        "code": "RNCP35304",
        "exam_postcode": "59000",
        "block": of.block,
    }
    return RegisteredCertification.objects.create(
        organisation=of.organisation, framework=of.version.framework, **(values | fields)
    )


def ready_centre(**fields: Any) -> ExamSession:
    made = session(**fields)
    account(made.organisation)
    certification(made)
    return made


def sender(organisation: Organisation, role: Role = Role.CERTIFYING_BODY) -> User:
    return grading.person(role, organisation=organisation)


def holder(
    of: ExamSession, *, route: str = "training", at: datetime = DELIVERED, **person: Any
) -> IssuedDocument:
    """The certificate of a person admitted in this session; `person` changes who lacks nothing."""
    number = next(_number)
    seat = grading.add_candidate(of, order=number, route=route)
    candidate = seat.enrolment.candidate
    default = {"birth_name": f"Durand-{number}"} if "birth_name" not in person else {}
    for name, value in (WHOLE | default | person).items():
        setattr(candidate, name, value)
    candidate.save()
    Deliberation.objects.create(
        candidate=seat,
        opened_at=grading.AT,
        closed_at=grading.AT,
        outcome=Deliberation.Outcome.PASSED,
    )
    return certificate(of, seat, number=f"CERT-2026-{number:04}", at=at)


def certificate(of: ExamSession, seat: Any, *, number: str, at: datetime, **fields: Any) -> Any:
    candidate = seat.enrolment.candidate
    return IssuedDocument.objects.create(
        organisation=of.organisation,
        session=of,
        candidate=seat,
        kind=IssuedDocument.Kind.CERTIFICATE,
        number=number,
        state=IssuedDocument.State.ISSUED,
        data={"candidate": {"name": candidate.full_name, "birth_name": candidate.birth_name}},
        data_sha256="0" * 64,
        file=files.store(
            b"%PDF-1.7", name="c.pdf", media_type="application/pdf", by=None, at=grading.AT
        ),
        written_at=at,
        written_by=of.manager,
        issued_at=at,
        **fields,
    )


def opened(of: ExamSession, *, at: datetime = NOW, **fields: Any) -> Deposit:
    return actions.open_deposit(
        organisation=of.organisation,
        chosen=fields.pop("chosen", None),
        by=of.manager,
        at=at,
        **fields,
    )


def written(of: ExamSession, **fields: Any) -> Deposit:
    return actions.write_deposit(deposit=opened(of, **fields), by=of.manager, at=NOW)


def sent(of: ExamSession, **fields: Any) -> Deposit:
    return actions.send_deposit(deposit=written(of, **fields), by=of.manager, at=NOW)


def report(
    file: Any, *, accepted: Iterable[str] = (), rejected: Iterable[tuple[str, str]] = ()
) -> bytes:
    """As the portal writes one that was processed passage by passage."""
    ko = "".join(
        f"<passage><idTechnique>{one}</idTechnique><messageErreur>{said}</messageErreur></passage>"
        for one, said in rejected
    )
    ok = "".join(f"<idTechnique>{one}</idTechnique>" for one in accepted)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rapport xmlns:ns2="urn:cdc:cpf:pc5:rapport:schema">'
        f"<nomFichier>{file.name}</nomFichier><idFlux>{file.flux_id}</idFlux>"
        f"<idTraitement>4711</idTraitement><PassagesKO>{ko}</PassagesKO>"
        f"<PassagesOK>{ok}</PassagesOK></rapport>"
    ).encode()


def refusal(file: Any, *, line: int = 3, text: str = "cvc-enumeration-valid: sexe") -> bytes:
    """As the portal writes of a file that it refuses whole."""
    return (
        '<rapport xmlns:ns2="urn:cdc:cpf:pc5:rapport:schema">'
        f"<nomFichier>{file.name}</nomFichier><idTraitement>4712</idTraitement><erreurs><erreur>"
        f"<type>XSD</type><message>{text}</message><ligne>{line}</ligne><colonne>40</colonne>"
        "</erreur></erreurs></rapport>"
    ).encode()


def one_of_each() -> dict[str, models.Model]:
    """Of one centre, by the names that the tests of isolation use."""
    of = ready_centre()
    delivery = holder(of)
    deposit = sent(of)
    file = deposit.files.get()
    said = report(file, rejected=[(deposit.passages.get().technical_id, "Aucun titulaire")])
    return {
        "cpf_delivery": delivery,
        "cpf_deposit": deposit,
        "cpf_file": file,
        "cpf_report": actions.read_report(
            organisation=of.organisation, content=said, name="a.xml", by=of.manager, at=NOW
        ),
        "cpf_framework": of.version.framework,
    }


def answered(session, said):
    """The platform's report, as the centre's manager gives it."""
    return actions.read_report(
        organisation=session.organisation, content=said, name="a.xml", by=session.manager, at=NOW
    )
