"""The HTTP API: `/api/v1`, its OpenAPI document and a page that lists its operations."""

from importlib import import_module
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from acquis.accounts.api_auth import Caller, authenticate_token
from acquis.accounts.api_kit import SCOPES
from acquis.accounts.pages import public_page
from acquis.config.problems import MEDIA_TYPE, problem, refusal_problem
from acquis.kernel.errors import DomainRefusal

# Each module holds a `router`; the order is that of the documentation.
ROUTERS = [
    "acquis.accounts.api",
    "acquis.desk.directory.api",
    "acquis.desk.directory.part_api",
    "acquis.desk.directory.calling_api",
    "acquis.desk.directory.field_api",
    "acquis.desk.conversations.api",
    "acquis.desk.queues.api",
    "acquis.desk.webchat.api",
    "acquis.desk.mail.api",
    "acquis.desk.documents.api",
    "acquis.desk.knowledge.api",
    "acquis.desk.cases.api",
    "acquis.certification.frameworks.api",
    "acquis.certification.registrations.api",
    "acquis.certification.exam_sessions.api",
    "acquis.certification.grading.api",
    "acquis.certification.awards.api",
    "acquis.certification.cpf.api",
]

PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "kept": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
IDEMPOTENCY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$"},
    "description": "La même requête avec la même clé donne la première réponse et ne change rien.",
}


class Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:  # noqa: ARG002
        return authenticate_token(request.headers.get("Authorization", ""), at=timezone.now())


class Api(NinjaAPI):
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The generated document, with the problems that any operation may answer."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
        reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                operation["responses"]["default"] = {
                    "description": "Refus, erreur ou identité absente",
                    "content": {MEDIA_TYPE: reference},
                }
                if method == "post":
                    operation.setdefault("parameters", []).append(IDEMPOTENCY_PARAMETER)
        return schema


api = Api(
    title="Acquis",
    version="1",
    description="Un jeton dans l’en-tête « Authorization: Bearer … » ; ses portées sont des verbes",
    auth=Bearer(),
    docs_url=None,
    urls_namespace="api:v1",
)
for module in ROUTERS:
    api.add_router("", import_module(module).router)


@api.exception_handler(DomainRefusal)
def on_refusal(request: HttpRequest, error: DomainRefusal) -> HttpResponse:  # noqa: ARG001
    return refusal_problem(error)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
    errors = [
        {"loc": [str(part) for part in one["loc"]], "type": one["type"], "msg": one["msg"]}
        for one in error.errors
    ]
    return problem(
        422, "request.invalid", detail=_("La requête est incomplète ou mal formée."), errors=errors
    )


@api.exception_handler(AuthenticationError)
def on_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
    return problem(401, "token.invalid", detail=_("Le jeton manque, ou il ne vaut plus."))


@api.exception_handler(PermissionDenied)
def on_denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:  # noqa: ARG001
    return problem(
        403, "token.scope_missing", detail=_("Il manque au jeton : %s.") % (str(error) or "—")
    )


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001
    return problem(404, "not_found", detail=_("Rien ici que ce jeton puisse voir."))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
    return problem(error.status_code, "request.refused", detail=str(error))


@public_page
def docs(request: HttpRequest) -> HttpResponse:
    """The operations, read from the OpenAPI document."""
    schema = api.get_openapi_schema()
    operations = [
        {
            "method": method.upper(),
            "path": address,
            "summary": _(operation["summary"]),
            "description": described(operation["description"]),
            "tags": operation.get("tags", []),
            "parameters": operation.get("parameters", []),
            "body": "requestBody" in operation,
            "answers": [code for code in operation["responses"] if code != "default"],
        }
        for address, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    tags = list(dict.fromkeys(tag for one in operations for tag in one["tags"]))
    groups = [
        {"tag": _(tag), "operations": [one for one in operations if tag in one["tags"]]}
        for tag in tags
    ]
    return render(request, "accounts/api_docs.html", {"groups": groups})


def described(text: str) -> str:
    """The note of an operation and its scopes, in the reader's language."""
    note, _between, scopes = text.rpartition(SCOPES.strip())
    asked = _("Portée : %s") % scopes
    return f"{_(note.strip())}\n\n{asked}" if note.strip() else asked


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/docs", docs, name="docs"),
    path("v1/", api.urls),
]
