"""Letters of one workspace."""

from django.db.models import Q, QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.directory.policy import fold
from acquis.desk.documents.models import Letter


def letters(workspace: Workspace, *, typed: str = "", state: str = "") -> QuerySet[Letter]:
    """Newest first; every word typed is in the subject or names the customer."""
    found = Letter.objects.filter(workspace=workspace).select_related("customer", "file")
    if state in Letter.State.values:
        found = found.filter(state=state)
    for word in typed.split():
        found = found.filter(
            Q(subject__icontains=word) | Q(customer__search_text__contains=fold(word))
        )
    return found
