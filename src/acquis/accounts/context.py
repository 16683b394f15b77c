"""What every page knows about the person who looks at it."""

from functools import cache, cached_property
from typing import Any

from django.http import HttpRequest

from acquis.accounts.access import verbs_of
from acquis.accounts.models import Organisation, User
from acquis.accounts.requests import organisation_of
from acquis.accounts.verbs import Verb
from acquis.kernel import navigation


class Permissions:
    """`may.framework_read` in a template: the verb `framework.read` in the current organisation."""

    def __init__(self, user: User | None, organisation: Organisation | None) -> None:
        self._user = user
        self._organisation = organisation

    def __getitem__(self, name: str) -> bool:
        # A KeyError makes a misspelt verb an unknown variable, which the suite refuses.
        return _VERBS[name] in self._verbs

    def allows(self, verb: str | None) -> bool:
        return self._user is not None and (verb is None or verb in self._verbs)

    @cached_property
    def _verbs(self) -> frozenset[Verb]:
        """Read once for a page, which asks of each entry of its navigation."""
        if self._user is None:
            return frozenset()
        return verbs_of(self._user, self._organisation)


_VERBS = {verb.value.replace(".", "_"): verb for verb in Verb}


def account(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    organisation = organisation_of(request)
    permissions = Permissions(person, organisation)

    @cache
    def shown() -> list[navigation.Link]:
        """Asked by whole pages alone: a part of a page has no navigation."""
        return navigation.visible(permissions.allows, request.path) if person else []

    return {
        "current_organisation": organisation,
        "navigation": shown,
        "may": permissions,
    }
