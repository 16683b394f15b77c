from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.models import RecurrenceAlert
from acquis.desk.raising import policy
from acquis.desk.raising.models import Raised

COMPARED = 500  # the last ones that a new one is compared with
LIVING = (Raised.State.RAISED, Raised.State.ACCEPTED, Raised.State.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for; every part may be left out."""

    typed: str = ""
    kind: str = ""
    state: str = ""
    mine: bool = False


def raised(workspace: Workspace, asked: Asked | None = None, *, user: User) -> QuerySet[Raised]:
    """Those not settled first, then those that most people see; each with its counts."""
    asked = asked or Asked()
    found = _counted(Raised.objects.filter(workspace=workspace))
    if asked.kind in Raised.Kind.values:
        found = found.filter(kind=asked.kind)
    if asked.state in Raised.State.values:
        found = found.filter(state=asked.state)
    elif asked.state != "all":
        found = found.filter(state__in=LIVING)
    if asked.mine:
        found = found.filter(author=user)
    for word in asked.typed.split():
        found = found.filter(
            Q(title__icontains=word) | Q(seen__icontains=word) | Q(proposal__icontains=word)
        )
    return found.order_by(F("people").desc(), "-raised_at", "-pk")


def alike(workspace: Workspace, typed: str) -> Sequence[Raised]:
    """Those of the last 500 not refused that say about the same."""
    last = Raised.objects.filter(workspace=workspace).exclude(state=Raised.State.REFUSED)
    texts = {pk: f"{title} {seen}" for pk, title, seen in
             last.order_by("-pk").values_list("pk", "title", "seen")[:COMPARED]}  # fmt: skip
    order = policy.alike(typed, texts)
    found = {one.pk: one for one in _counted(Raised.objects.filter(pk__in=order))}
    return [found[pk] for pk in order]


def alerts_to_raise(workspace: Workspace) -> QuerySet[RecurrenceAlert]:
    """Recurring malfunctions that nobody has raised yet."""
    found = RecurrenceAlert.objects.filter(workspace=workspace, raised__isnull=True)
    return found.select_related("product", "symptom").order_by(
        F("acknowledged_at").desc(nulls_first=True), "-raised_at"
    )


def _counted(found: QuerySet[Raised]) -> QuerySet[Raised]:
    return found.annotate(
        people=Count("me_toos", distinct=True) + 1, case_count=Count("ties", distinct=True)
    )
