"""The official documents of sessions: what they print, and their frozen files."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate

from acquis.accounts.api_kit import Key, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.certification.awards.access import readable_document, readable_session
from acquis.certification.awards.models import IssuedDocument, Signature
from acquis.certification.awards.queries import documents_of
from acquis.certification.seals.queries import sealed_copy
from acquis.kernel import files

router = Router(tags=[_("documents officiels")])


class SignatureOut(Schema):
    name: str
    quality: Signature.Quality
    method: str
    data_sha256: str
    signed_at: datetime


class DocumentOut(Schema):
    id: int
    kind: IssuedDocument.Kind
    number: str
    state: IssuedDocument.State
    candidate_id: int | None
    data_sha256: str
    verification_code: str | None
    corrects_id: int | None
    correction_reason: str
    revoked_at: datetime | None
    written_at: datetime
    issued_at: datetime | None
    signatures: list[SignatureOut]

    @staticmethod
    def resolve_revoked_at(document: IssuedDocument) -> datetime | None:
        return document.revoked.revoked_at if document.revoked else None


class DocumentFullOut(DocumentOut):
    data: dict[str, Any]


@router.get(
    "/sessions/{session_id}/documents",
    response=list[DocumentOut],
    summary=_("Les documents officiels d’une session"),
)
@paginate(Window)
@scoped(Verb.AWARD_READ)
def documents(request: HttpRequest, session_id: Key) -> QuerySet[IssuedDocument]:
    who = caller(request)
    session = readable_session(who.user, session_id)
    if session.organisation_id != who.organisation.pk:
        raise Http404
    return documents_of(session)


@router.get(
    "/documents/{document_id}",
    response=DocumentFullOut,
    summary=_("Un document officiel et tout ce qu’il imprime"),
)
@scoped(Verb.AWARD_READ)
def document(request: HttpRequest, document_id: Key) -> IssuedDocument:
    return _document(request, document_id)


@router.get(
    "/documents/{document_id}/file",
    response={200: bytes},
    summary=_("Le PDF d’un document émis"),
    openapi_extra={
        "responses": {
            200: {
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
            }
        }
    },
)
@scoped(Verb.AWARD_READ)
def file(request: HttpRequest, document_id: Key) -> HttpResponse:
    found = _document(request, document_id)
    if found.file is None:
        raise Http404
    return HttpResponse(files.read(sealed_copy(found.file)), content_type="application/pdf")


def _document(request: HttpRequest, document_id: int) -> IssuedDocument:
    who = caller(request)
    found = readable_document(who.user, document_id)
    if found.organisation_id != who.organisation.pk:
        raise Http404
    return found
