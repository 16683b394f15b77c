"""Letters, and the PDF of those that are final."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate

from acquis.accounts.api_kit import Key, Text, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.documents import queries
from acquis.desk.documents.access import letter_for
from acquis.desk.documents.models import Letter
from acquis.kernel import files

router = Router(tags=[_("courriers")])
PDF = "application/pdf"
PDF_ANSWER = {
    200: {
        "description": "Le PDF, dont l’empreinte est dans l’en-tête X-Content-SHA256",
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class LetterOut(Schema):
    id: int
    customer_id: int
    conversation_id: int | None
    state: Letter.State
    subject: str
    references: str
    place: str
    dated_on: date | None
    salutation: str
    body: str
    closing: str
    signature: str
    enclosures: str
    author_label: str
    saved_at: datetime
    finalised_at: datetime | None
    sha256: str | None

    @staticmethod
    def resolve_sha256(letter: Letter) -> str | None:
        return letter.file.sha256 if letter.file else None


@router.get(
    "/workspaces/{workspace_id}/letters",
    response=list[LetterOut],
    summary=_("Les lettres d’un poste"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def letters(
    request: HttpRequest, workspace_id: Key, q: Text = "", state: Letter.State | None = None
) -> QuerySet[Letter]:
    workspace = desk_for(request, workspace_id)
    return queries.letters(workspace, typed=q[:120], state=state or "")


@router.get(
    "/workspaces/{workspace_id}/letters/{letter_id}", response=LetterOut, summary=_("Une lettre")
)
@scoped(Verb.DESK_USE)
def letter(request: HttpRequest, workspace_id: Key, letter_id: Key) -> Letter:
    desk_for(request, workspace_id)
    return letter_for(caller(request).user, workspace_id, letter_id)[1]


@router.get(
    "/workspaces/{workspace_id}/letters/{letter_id}/pdf",
    summary=_("Le PDF d’une lettre finalisée"),
    openapi_extra={"responses": PDF_ANSWER},
)
@scoped(Verb.DESK_USE)
def letter_pdf(request: HttpRequest, workspace_id: Key, letter_id: Key) -> HttpResponse:
    desk_for(request, workspace_id)
    _workspace, found = letter_for(caller(request).user, workspace_id, letter_id)
    if found.file is None:
        raise Http404
    return HttpResponse(
        files.read(found.file),
        content_type=PDF,
        headers={
            "X-Content-SHA256": found.file.sha256,
            "Content-Disposition": f'attachment; filename="{found.file.name}"',
        },
    )
