from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.juries.models import DeclaredLink, Juror


def juror_for(user: User, pk: int, verb: Verb = Verb.JUROR_READ) -> Juror:
    """A juror of an organisation where one may `verb`; another's does not exist."""
    juror = Juror.objects.select_related("organisation", "user").filter(pk=pk).first()
    if juror is None or not may(user, verb, organisation=juror.organisation):
        raise Http404
    return juror


def link_for(user: User, pk: int) -> DeclaredLink:
    link = DeclaredLink.objects.select_related("juror").filter(pk=pk).first()
    if link is None:
        raise Http404
    link.juror = juror_for(user, link.juror_id, Verb.JUROR_EDIT)
    return link
