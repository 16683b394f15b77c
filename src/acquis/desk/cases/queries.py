"""Cases of one workspace."""

from django.db.models import Q, QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.cases.models import Case
from acquis.desk.directory.policy import fold


def cases(
    workspace: Workspace, *, typed: str = "", kind: str = "", state: str = ""
) -> QuerySet[Case]:
    """The most urgent first, then the oldest; closed ones only when `state` says so, or « all »."""
    found = Case.objects.filter(workspace=workspace).select_related("customer")
    if kind in Case.Kind.values:
        found = found.filter(kind=kind)
    if state in Case.State.values:
        found = found.filter(state=state)
    elif state != "all":
        found = found.exclude(state=Case.State.CLOSED)
    for word in typed.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(customer__search_text__contains=fold(word))
        )
    return found.order_by("priority", "opened_at", "pk")
