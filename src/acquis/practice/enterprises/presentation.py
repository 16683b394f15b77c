"""What the pages show of an enterprise."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.billing.models import Invoice
from acquis.desk.cases.models import Case
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.knowledge.models import Article
from acquis.desk.sales.models import Order, Product
from acquis.practice.enterprises.moments import reference_day

COUNTED = (
    (_("Clients"), Customer),
    (_("Contacts"), Conversation),
    (_("Commandes"), Order),
    (_("Factures et avoirs"), Invoice),
    (_("Réclamations et demandes"), Case),
    (_("Articles et procédures"), Article),
    (_("Produits"), Product),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One enterprise in the list."""

    enterprise: Workspace
    activity: str
    reference_on: date | None
    practice_count: int
    exam_count: int


def line(enterprise: Workspace) -> Line:
    return Line(
        enterprise=enterprise,
        activity=str(enterprise.identity.get("activity", "")),
        reference_on=day_of(enterprise),
        practice_count=getattr(enterprise, "practice_count", 0),
        exam_count=getattr(enterprise, "exam_count", 0),
    )


def day_of(enterprise: Workspace) -> date | None:
    """The day at which its two years end; None for an enterprise that is not dated."""
    return reference_day(enterprise.identity) if "reference_on" in enterprise.identity else None


def counts(enterprise: Workspace) -> list[tuple[str | Promise, int]]:
    return [
        (label, model._default_manager.filter(workspace=enterprise).count())  # noqa: SLF001
        for label, model in COUNTED
    ]


def presented(enterprise: Workspace) -> dict[str, object]:
    """The letterhead and the departments, with what is missing left empty."""
    identity = enterprise.identity
    address = identity.get("address") or {}
    lines = [*address.get("lines", []), f"{address.get('postcode', '')} {address.get('city', '')}"]
    return {
        "slogan": identity.get("slogan", ""),
        "activity": identity.get("activity", ""),
        "notice": identity.get("fictitious", ""),
        "address": [one for one in lines if one.strip()],
        "phone": identity.get("phone", ""),
        "email": identity.get("email", ""),
        "staff": identity.get("staff"),
        "founded": identity.get("founded"),
        "departments": identity.get("departments") or [],
        "reference_on": day_of(enterprise),
    }
