"""Who manages the certificate of a centre."""

from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb


def managed_centre(user: User, organisation: Organisation) -> Organisation:
    """The centre in whose name this person acts, when they manage its seal."""
    if not may(user, Verb.SEAL_MANAGE, organisation=organisation):
        raise Http404
    return organisation
