"""What every page knows about the person who looks at it."""

from typing import Any

from django.http import HttpRequest

from acquis.accounts.access import may
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
        verb = _VERBS[name]
        return self._user is not None and may(self._user, verb, self._organisation)

    def allows(self, verb: str | None) -> bool:
        if self._user is None:
            return False
        return verb is None or may(self._user, verb, self._organisation)


_VERBS = {verb.value.replace(".", "_"): verb for verb in Verb}


def account(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    organisation = organisation_of(request)
    permissions = Permissions(person, organisation)
    return {
        "current_organisation": organisation,
        "navigation": navigation.visible(permissions.allows, request.path) if person else [],
        "may": permissions,
    }
