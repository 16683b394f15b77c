"""A session of ten weeks ago: its certificates are delivered, some already told to the CPF portal."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.certification.awards.actions.issue_documents import issue_documents
from acquis.certification.awards.actions.sign_document import countersign, sign_document
from acquis.certification.awards.actions.write_documents import write_documents
from acquis.certification.badges.actions import issue_missing
from acquis.certification.cpf import actions as cpf
from acquis.certification.cpf import queries
from acquis.certification.cpf.models import DepositFile
from acquis.certification.exam_sessions.actions.compose import add_candidate, add_juror
from acquis.certification.exam_sessions.actions.plan_session import plan_session
from acquis.certification.exam_sessions.models import ExamSession, SessionJuror
from acquis.certification.grading.models import Deliberation
from acquis.certification.registrations.actions.enrol import enrol
from acquis.certification.registrations.models import Enrolment
from acquis.kernel import trace
from acquis.practice.demo.people import PASSWORD
from acquis.practice.demo.summoned import Summoned, register

HELD = timedelta(days=75)
DELIVERED = timedelta(days=70)  # the last day to tell it is in three weeks
SENT = timedelta(days=6)
TOLD = 2  # of the holders, in the first deposit; the second of them is rejected
HOLDERS = (
    Summoned("Capucine", "Delestre", "F", date(1997, 3, 18), "Vannes", "56260", ""),
    Summoned("Yanis", "Morvezen", "M", date(1990, 10, 2), "Saint-Nazaire", "44184", ""),
    Summoned("Perrine", "Auffray", "F", date(1994, 5, 27), "Laval", "53130", ""),
    Summoned("Thibault", "Kersauzon", "M", date(1986, 1, 14), "Paris", "75056", ""),
    Summoned("Imane", "Belkacem", "F", date(1999, 8, 9), "", "", ""),
)


def deliver_and_tell(
    *,
    centre: Organisation,
    people: Mapping[Role, Sequence[User]],
    today: ExamSession,
    now: datetime,
) -> ExamSession:
    """Everybody admitted and certified, with their badges; two deposited, one not found by the portal.

    Two are ready, one lacks the commune of birth. One of the holders has an account.
    """
    certifier = people[Role.CERTIFYING_BODY][0]
    session = _held(centre, people[Role.CANDIDATE], today, now)
    _issued(session, now - DELIVERED)
    cpf.keep_account(
        organisation=centre,
        data={
            "client_id": "00TEST00",
            "certifier_id": "00TEST00",
            "contract_id": "MCFCER000000",
            "depositor": "CERTIFICATEUR",
            "split_at": 50_000,
            "keep_days": 30,
            "schema_version": "1.1.2",
        },
        by=certifier,
        at=now - DELIVERED,
    )
    cpf.keep_certification(
        organisation=centre,
        framework=session.version.framework,
        block="",
        data={"register": "RNCP", "code": "RNCP35304", "exam_postcode": centre.postcode},
        by=certifier,
        at=now - DELIVERED,
    )
    _told(centre, certifier, now - SENT)
    return session


def _held(
    centre: Organisation, candidates: Sequence[User], today: ExamSession, now: datetime
) -> ExamSession:
    by, at = today.manager, now - HELD
    session = plan_session(
        organisation=centre,
        data={
            "reference": "",
            "version": today.version,
            "block": "",
            "starts_at": today.starts_at - HELD,
            "place": today.place,
            "address": today.address,
            "room": "Salle Boussole",
            "enterprise_id": None,
        },
        by=by,
        at=at,
    )
    accounts = {(user.first_name, user.last_name): user for user in candidates}
    for one in HOLDERS:
        candidate = register(centre, one, by, at)
        candidate.user = accounts.get((one.first_name, one.birth_name))
        candidate.save(update_fields=["user"])
        enrolled = enrol(
            candidate=candidate,
            version=today.version,
            block="",
            route=Enrolment.Route.TRAINING,
            by=by,
            at=at,
        )
        add_candidate(session=session, enrolment=enrolled, by=by, at=at)
    for member in SessionJuror.objects.filter(session=today).select_related("juror"):
        add_juror(session=session, juror=member.juror, function=member.function, by=by, at=at)
    return session


def _issued(session: ExamSession, at: datetime) -> None:
    """The jury was there and admitted everybody; its minutes are signed and all is issued."""
    session.candidates.update(present=True)
    session.jurors.update(present=True)
    seats = list(session.jurors.values_list("pk", flat=True))
    for candidate in session.candidates.all():
        deliberation = Deliberation.objects.create(
            candidate=candidate,
            opened_at=at,
            closed_at=at,
            outcome=Deliberation.Outcome.PASSED,
            reasons="Le jury est unanime.",
            present=seats,
        )
        trace.record(
            "deliberation.closed",
            deliberation,
            by=session.manager,
            at=at,
            candidate=candidate.pk,
            outcome=deliberation.outcome,
            present=seats,
        )
    session.state = ExamSession.State.DELIBERATED
    session.save(update_fields=["state"])
    pv = write_documents(session=session, by=session.manager, at=at)
    for seat in session.jurors.select_related("juror__user"):
        if seat.juror.user is not None:
            sign_document(document=pv, by=seat.juror.user, at=at, password=PASSWORD)
    countersign(document=pv, by=session.manager, at=at, password=PASSWORD)
    session.refresh_from_db()
    issue_documents(session=session, by=session.manager, at=at)
    issue_missing(session_id=session.pk, by=session.manager, at=at)


def _told(centre: Organisation, by: User, at: datetime) -> None:
    """A first deposit: the portal took one holder and did not find the other."""
    ready = queries.deliveries(centre).filter(is_open=True, lacks=False).order_by("number")
    chosen = list(ready.values_list("pk", flat=True)[:TOLD])
    deposit = cpf.open_deposit(organisation=centre, chosen=chosen, by=by, at=at)
    deposit = cpf.write_deposit(deposit=deposit, by=by, at=at)
    cpf.send_deposit(deposit=deposit, by=by, at=at)
    file = deposit.files.get()
    cpf.read_report(
        organisation=centre,
        content=_report(file),
        name=f"Accuse_de_traitement_{file.name}_{at:%Y%m%d}.xml",
        by=by,
        at=at + timedelta(days=1),
    )


def _report(file: DepositFile) -> bytes:
    taken, lost = file.passages.order_by("rank").values_list("technical_id", flat=True)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rapport xmlns:ns2="urn:cdc:cpf:pc5:rapport:schema">'
        f"<nomFichier>{file.name}</nomFichier><idFlux>{file.flux_id}</idFlux>"
        "<idTraitement>204711</idTraitement><PassagesKO><passage>"
        f"<idTechnique>{lost}</idTechnique><messageErreur>Aucun titulaire ne correspond aux"
        " critères de recherche</messageErreur></passage></PassagesKO>"
        f"<PassagesOK><idTechnique>{taken}</idTechnique></PassagesOK></rapport>"
    ).encode()
