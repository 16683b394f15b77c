"""Ways to an enterprise and to its practice copies; the copies of exams are not among them."""

from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.accounts.verbs import Verb


def enterprise_for(user: User, pk: int, verb: Verb = Verb.ENTERPRISE_READ) -> Workspace:
    """A fictitious enterprise of an organisation where one may `verb`."""
    return _workspace(user, pk, WorkspaceKind.MODEL, verb)


def practice_copy_for(user: User, pk: int) -> Workspace:
    """A practice copy that one may seal or remove; the copy of an exam does not exist here."""
    copy = _workspace(user, pk, WorkspaceKind.COPY, Verb.ENTERPRISE_EDIT)
    if hasattr(copy, "sitting"):
        raise Http404
    return copy


def _workspace(user: User, pk: int, kind: WorkspaceKind, verb: Verb) -> Workspace:
    found = Workspace.objects.select_related("organisation").filter(pk=pk, kind=kind).first()
    if found is None or not may(user, verb, organisation=found.organisation):
        raise Http404
    return found
