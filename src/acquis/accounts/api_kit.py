"""What the routers of every application share: scopes, pages of results, safe values.

    router = Router(tags=["sessions"])

    @router.get("/sessions", response=list[SessionOut])
    @paginate(Window)
    @scoped(Verb.SESSION_READ)
    def sessions(request: HttpRequest) -> QuerySet[ExamSession]:
        who = caller(request)
        return sessions_of(who.user, who.organisation)

A DomainRefusal, Http404 or PermissionDenied that a function raises becomes a problem document.
"""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Field, Path, Schema
from ninja.errors import ValidationError
from ninja.pagination import PaginationBase
from pydantic import StringConstraints

from acquis.accounts.api_auth import Caller
from acquis.accounts.verbs import Verb

LARGEST_KEY = 2**63 - 1
MOST_ROWS = 200
SCOPES = "\n\nPortée : "  # between the note of an operation and the verbs it asks for

Key = Annotated[int, Path(ge=1, le=LARGEST_KEY)]
# PostgreSQL stores no NUL character.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=20_000)]
Operation = TypeVar("Operation", bound=Callable[..., Any])


def caller(request: HttpRequest) -> Caller:
    """Who asks, for which organisation, within which scopes."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    return found


def scoped(*verbs: Verb, note: str = "") -> Callable[[Operation], Operation]:
    """Ask for a key with all these scopes; without a verb, for any valid key.

    `note` is what the documentation says besides the summary. Stands nearest to the
    function. Raises PermissionDenied.
    """

    def decorate(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            lacking = [verb for verb in verbs if verb not in caller(request).scopes]
            if lacking:
                raise PermissionDenied(", ".join(lacking))
            return operation(request, *args, **kwargs)

        guarded.required_scopes = verbs  # type: ignore[attr-defined]
        asked = ", ".join(f"`{verb}`" for verb in verbs) or "—"
        guarded.__doc__ = f"{note}{SCOPES}{asked}"
        return guarded  # type: ignore[return-value]

    return decorate


class Window(PaginationBase):
    """`?limit=50&offset=0`, answered with the addresses of the next and previous windows."""

    class Input(Schema):
        limit: int = Field(50, ge=1, le=MOST_ROWS)
        offset: int = Field(0, ge=0, le=10_000_000)

    class Output(Schema):
        items: list[Any]
        count: int
        next: str | None
        previous: str | None

    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: HttpRequest, **_params: Any
    ) -> dict[str, Any]:
        limit, offset = pagination.limit, pagination.offset
        count = self._items_count(queryset)
        before, after = max(0, offset - limit), offset + limit
        return {
            "items": list(queryset[offset:after]),
            "count": count,
            "next": _address(request, limit, after) if after < count else None,
            "previous": _address(request, limit, before) if offset > 0 else None,
        }


def _address(request: HttpRequest, limit: int, offset: int) -> str:
    query = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name not in {"limit", "offset"}
    ]
    asked = urlencode([*query, ("limit", limit), ("offset", offset)])
    return request.build_absolute_uri(f"{request.path}?{asked}")


def cleaned(form: forms.BaseForm) -> dict[str, Any]:
    """What a form of the pages makes of a request's body. Raises ValidationError (422)."""
    if form.is_valid():
        return form.cleaned_data
    raise ValidationError(
        [
            {"loc": ["body", name], "type": error.code or "invalid", "msg": text}
            for name, errors in form.errors.as_data().items()
            for error in errors
            for text in error.messages
        ]
    )
