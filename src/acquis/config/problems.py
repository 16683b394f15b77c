"""Errors of the HTTP API as problem documents (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

from acquis.kernel.errors import DomainRefusal

MEDIA_TYPE = "application/problem+json"


def problem(status: int, code: str, *, detail: str = "", **more: Any) -> JsonResponse:
    """`code` is stable and in words; `title` is the same for every problem of that code."""
    answer = JsonResponse(
        {
            "type": f"urn:acquis:problem:{code}",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "code": code,
            **more,
        },
        status=status,
        content_type=MEDIA_TYPE,
    )
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="Acquis"'
    return answer


def refusal_problem(error: DomainRefusal) -> JsonResponse:
    more = {"kept": str(error.kept)} if error.kept else {}
    return problem(error.status, error.code, detail=str(error), **more)
