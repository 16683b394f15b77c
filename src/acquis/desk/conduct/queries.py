from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.policy.procedures import warnings_today
from acquis.desk.conduct import policy
from acquis.desk.conduct.models import AbusiveContact, ContactMeasure, ProtocolStep
from acquis.desk.directory.models import Customer
from acquis.desk.shell import supervises


def contacts_for(user: User, workspace: Workspace, today: date) -> QuerySet[AbusiveContact]:
    """What the person may read: all for the supervisor, unseen ones first; one's own otherwise.

    Those past their term are no longer read, even before they are deleted.
    """
    found = AbusiveContact.objects.filter(workspace=workspace, keep_until__gte=today)
    if not supervises(user, workspace):
        found = found.filter(adviser=user)
    return (
        found.select_related("conversation__customer")
        .prefetch_related("steps")
        .order_by(F("seen_at").desc(nulls_first=True), "-marked_at", "-pk")
    )


def measures(workspace: Workspace) -> QuerySet[ContactMeasure]:
    """Those to decide first, then the newest."""
    found = ContactMeasure.objects.filter(workspace=workspace)
    return found.select_related("customer", "letter").order_by(
        F("decided_at").desc(nulls_first=True), "-proposed_at", "-pk"
    )


def warnings_of(contact: AbusiveContact, now: datetime) -> int:
    """How many warnings the customer had today, in this exchange or in another of theirs."""
    said = ProtocolStep.objects.filter(
        workspace_id=contact.workspace_id, step__in=policy.WARNINGS, at__gte=now - timedelta(days=1)
    )
    same = Q(contact=contact)
    if contact.conversation.customer_id is not None:
        same |= Q(contact__conversation__customer=contact.conversation.customer_id)
    return warnings_today(list(said.filter(same).values_list("at", flat=True)), now)


def grave(customer: Customer) -> QuerySet[AbusiveContact]:
    """The events that count towards a measure: a contact that was ended, or a threat."""
    found = AbusiveContact.objects.filter(
        workspace_id=customer.workspace_id, conversation__customer=customer
    )
    return found.filter(
        Q(outcome=AbusiveContact.Outcome.ENDED) | Q(nature=AbusiveContact.Nature.THREAT)
    )


def due_for_deletion(today: date) -> QuerySet[AbusiveContact]:
    return AbusiveContact.objects.filter(keep_until__lt=today, workspace__sealed_at__isnull=True)
