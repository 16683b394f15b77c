"""Every page of the product with its address, and the table that says who may open it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership
from acquis.accounts.verbs import ROLES

TESTS = Path(__file__).parent
Admitted = set[Role] | Literal["public", "any"]

# A value that each converter accepts; that nothing is found behind it is an answer too.
SAMPLES: dict[str, Any] = {
    "IntConverter": 1,
    "SlugConverter": "exemple",
    "StringConverter": "exemple",
    "PathConverter": "exemple/fichier",
    "UUIDConverter": UUID("7f1d9d7e-8a53-4bd5-9f54-0a4c1f0a5e11"),
}


@dataclass(frozen=True)
class Page:
    name: str
    view: Callable[..., Any]
    kwargs: dict[str, Any]


def pages() -> list[Page]:
    """All pages but those of the HTTP API, which has tokens and tests of its own."""
    return [page for page in _walk(get_resolver(), "", {}) if not page.name.startswith("api:")]


def _walk(resolver: URLResolver, prefix: str, kwargs: dict[str, Any]) -> Iterator[Page]:
    for entry in resolver.url_patterns:
        reached = kwargs | _sample(entry)
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, inner, reached)
        else:
            yield Page(f"{prefix}{entry.name or entry.pattern}", entry.callback, reached)


def _sample(entry: URLPattern | URLResolver) -> dict[str, Any]:
    if not isinstance(entry.pattern, RoutePattern):
        groups = re.findall(r"\(\?P<(\w+)>([^)]*)\)", entry.pattern.regex.pattern)
        return {
            name: body.split("|")[0] if body.isalnum() or "|" in body else "1"
            for name, body in groups
        }
    return {
        name: SAMPLES[type(converter).__name__]
        for name, converter in entry.pattern.converters.items()
    }


def tables() -> dict[str, Admitted]:
    """The tables of all applications in one. A page placed twice is a fault."""
    table: dict[str, Admitted] = {}
    for file in sorted(TESTS.glob("*/**/rights.py")):
        module = ".".join(["tests", *file.relative_to(TESTS).with_suffix("").parts])
        for name, admitted in import_module(module).PAGES.items():
            assert name not in table, f"{name} is in two tables"
            table[name] = admitted
    return table


def marked(view: Callable[..., Any]) -> Admitted | None:
    """Whom the view's mark admits, in the words of the tables; None without a mark."""
    public = getattr(view, "is_public", None)
    if public is None:
        return None
    if public:
        return "public"
    verbs = set(view.required_verbs)
    return {role for role in Role if verbs & ROLES[role]} if verbs else "any"


def admits(admitted: Admitted, role: Role) -> bool:
    return admitted in ("public", "any") or role in admitted


def door(client: Client) -> Callable[[Page], bool]:
    """Whether the mark of a page admits who is signed in: it is read before the object is looked for.

    Whom it turns away is answered the same for every number, so that one is enough.
    """
    held = Membership.objects.filter(user=client.session["_auth_user_id"])
    roles = {Role(role) for role in held.values_list("role", flat=True)}

    def admits_them(page: Page) -> bool:
        admitted = marked(page.view)
        return admitted in (None, "public", "any") or any(admits(admitted, one) for one in roles)

    return admits_them
