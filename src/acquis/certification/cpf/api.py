"""The CPF file: where each holder stands, the deposits, their files, the reports that answer."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.api_kit import Key, Text, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.certification.cpf import access, actions, downloads, policy, queries
from acquis.certification.cpf.models import Deposit, DepositFile, Passage, Report

Brought = Annotated[UploadedFile, File()]
router = Router(tags=[_("passeport de compétences")])


class DeliveryOut(Schema):
    id: int
    certificate: str
    candidate_id: int
    session_id: int
    code: str | None
    status: str
    lacks: list[str]
    delivered_at: datetime
    due: date
    message: str | None

    @staticmethod
    def resolve_certificate(row: Any) -> str:
        return str(row.number)

    @staticmethod
    def resolve_candidate_id(row: Any) -> int:
        return int(row.candidate.enrolment.candidate_id)

    @staticmethod
    def resolve_lacks(row: Any) -> list[str]:
        return queries.gaps_of(row) if row.is_open else []

    @staticmethod
    def resolve_delivered_at(row: Any) -> datetime:
        found: datetime = row.issued_at
        return found

    @staticmethod
    def resolve_due(row: Any) -> date:
        return policy.due(timezone.localtime(row.issued_at).date())

    @staticmethod
    def resolve_message(row: Any) -> str | None:
        found: str | None = row.line_message
        return found


class FileOut(Schema):
    id: int
    number: int
    name: str
    flux_id: str
    state: DepositFile.State
    sha256: str
    size: int
    count: int


class DepositOut(Schema):
    id: int
    number: str
    state: Deposit.State
    schema_version: str
    total: int
    problem: str
    opened_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None


class DepositFullOut(DepositOut):
    files: list[FileOut]

    @staticmethod
    def resolve_files(row: Deposit) -> list[DepositFile]:
        return list(row.files.order_by("number"))


class PassageOut(Schema):
    technical_id: str
    file_id: int | None
    line: int | None
    state: Passage.State
    message: str
    answered_at: datetime | None


class DepositIn(Schema):
    """`deliveries`: those to put in the deposit; without it, all that is ready."""

    deliveries: list[int] | None = None
    schema_version: Text = ""


class ReportOut(Schema):
    id: int
    deposit_id: int
    accepted: int
    rejected: int
    sha256: str


@router.get(
    "/cpf/deliveries",
    response=list[DeliveryOut],
    summary=_("Ce qui a été délivré, et où en est sa transmission"),
)
@paginate(Window)
@scoped(Verb.CPF_DEPOSIT)
def deliveries(request: HttpRequest) -> QuerySet[Any]:
    found = queries.deliveries(caller(request).organisation)
    return queries.with_gaps(queries.shown(found)).order_by("issued_at", "pk")


@router.get("/cpf/deposits", response=list[DepositOut], summary=_("Les dépôts"))
@paginate(Window)
@scoped(Verb.CPF_DEPOSIT)
def deposits(request: HttpRequest) -> QuerySet[Deposit]:
    return queries.deposits_of(caller(request).organisation)


@router.post(
    "/cpf/deposits", response={201: DepositOut}, summary=_("Ouvrir un dépôt de ce qui est prêt")
)
@scoped(Verb.CPF_DEPOSIT)
def open_deposit(request: HttpRequest, body: DepositIn) -> Status[Deposit]:
    who = caller(request)
    deposit = actions.open_deposit(
        organisation=who.organisation,
        chosen=body.deliveries,
        schema_version=body.schema_version,
        by=who.user,
        at=timezone.now(),
    )
    return Status(201, deposit)


@router.get("/cpf/deposits/{deposit_id}", response=DepositFullOut, summary=_("Un dépôt"))
@scoped(Verb.CPF_DEPOSIT)
def deposit(request: HttpRequest, deposit_id: Key) -> Deposit:
    return _deposit(request, deposit_id)


@router.get(
    "/cpf/deposits/{deposit_id}/passages",
    response=list[PassageOut],
    summary=_("Les passages d’un dépôt et leurs réponses"),
)
@paginate(Window)
@scoped(Verb.CPF_DEPOSIT)
def passages(request: HttpRequest, deposit_id: Key) -> QuerySet[Passage]:
    return _deposit(request, deposit_id).passages.order_by("rank")


@router.post(
    "/cpf/deposits/{deposit_id}/sent",
    response=DepositOut,
    summary=_("Dire qu’un dépôt est envoyé"),
)
@scoped(Verb.CPF_DEPOSIT)
def sent(request: HttpRequest, deposit_id: Key) -> Deposit:
    return actions.send_deposit(
        deposit=_deposit(request, deposit_id), by=caller(request).user, at=timezone.now()
    )


@router.get(
    "/cpf/files/{file_id}",
    response={200: bytes},
    summary=_("Le fichier XML d’un dépôt"),
    openapi_extra={
        "responses": {
            200: {
                "content": {"application/xml": {"schema": {"type": "string", "format": "binary"}}}
            }
        }
    },
)
@scoped(Verb.CPF_DEPOSIT)
def file(request: HttpRequest, file_id: Key) -> HttpResponseBase:
    who = caller(request)
    return downloads.xml_response(access.file_for(who.user, who.organisation, file_id))


@router.post(
    "/cpf/reports", response={201: ReportOut}, summary=_("Déposer un rapport de traitement")
)
@scoped(Verb.CPF_DEPOSIT)
def report(request: HttpRequest, report: Brought) -> Status[Report]:
    who = caller(request)
    found = actions.read_report(
        organisation=who.organisation,
        content=report.read(),
        name=report.name or "rapport.xml",
        by=who.user,
        at=timezone.now(),
    )
    return Status(201, found)


def _deposit(request: HttpRequest, deposit_id: int) -> Deposit:
    who = caller(request)
    return access.deposit_for(who.user, who.organisation, deposit_id)
