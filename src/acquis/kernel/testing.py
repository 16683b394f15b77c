"""What makes whole classes of faults impossible in tests."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client

WRITING = re.compile(
    r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\s+(?:INTO\s+|FROM\s+)?[\"`]?(\w+)", re.IGNORECASE
)
# Reading may renew a session and note when a key of the API was last used, nothing else.
MAY_BE_TOUCHED = {"django_session", "accounts_apitoken"}


class UnknownVariable(str):
    """As `string_if_invalid`: a variable that the view did not give is a fault, not a blank."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, missing: object) -> str:
        raise AssertionError(f"Unknown template variable: {missing}")


class WriteOnSafeMethod(AssertionError):  # noqa: N818  named as what happened
    """A GET or HEAD wrote to the database."""


class SafeMethodsDoNotWrite:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        with connection.execute_wrapper(_refuse_writes):
            return self.get_response(request)


def _refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    found = WRITING.match(sql)
    if found and found[2] not in MAY_BE_TOUCHED:
        raise WriteOnSafeMethod(sql[:200])
    return execute(sql, params, many, context)


class _InlineFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.faults.append("<script> without src")
        if tag == "style":
            self.faults.append("<style>")
        self.faults += [
            f"{name}= on <{tag}>"
            for name, value in attrs
            if name == "style"
            or name.startswith(("on", "hx-on"))
            or (value or "").strip().lower().startswith("javascript:")
        ]


# What every fault holds: most pages hold none of it and need no parsing, which is slow in Python.
_SUSPECT = re.compile(
    r"""<style | <script(?![^>]*\ssrc=) | [\s"'/](?:style|on[^\s=>]*|hx-on[^\s=>]*)\s*=
    | javascript\s*: | &(?:\#(?!x27;|39;)|colon|tab|newline)""",
    re.IGNORECASE | re.VERBOSE,
)


def inline_faults(html: str) -> list[str]:
    """What a strict Content-Security-Policy would refuse in a page."""
    if not _SUSPECT.search(html):
        return []
    finder = _InlineFinder()
    finder.feed(html)
    return finder.faults


class StrictClient(Client):
    """A test client that refuses pages a strict Content-Security-Policy would break."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            faults = inline_faults(response.content.decode())
            if faults:
                raise AssertionError(f"{request.get('PATH_INFO')}: {', '.join(faults)}")
        return response
