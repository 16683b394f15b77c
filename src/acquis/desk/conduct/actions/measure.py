"""What is decided after repeated abuse: by the supervisor, for a time, with a reason."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import override

from acquis.accounts.models import User
from acquis.desk.conduct import policy
from acquis.desk.conduct.access import refuse_unless_supervisor
from acquis.desk.conduct.errors import (
    MeasureDecided,
    MeasureNotInForce,
    MeasureProposed,
    ReasonMissing,
    TooLong,
)
from acquis.desk.conduct.models import ContactMeasure
from acquis.desk.directory.models import Customer
from acquis.desk.documents.actions.start_letter import start_letter
from acquis.desk.documents.models import Letter
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.kernel import realtime, trace

DECIDED = ["kind", "until", "decided_at", "decided_by_label", "decision_reason", "letter"]


@transaction.atomic
def propose_measure(*, customer: Customer, reason: str, by: User, at: datetime) -> ContactMeasure:
    """Ask the supervisor for a measure.

    Raises ReasonMissing, MeasureProposed or WorkspaceSealed; nothing is written then.
    """
    # One proposal at a time; no constraint says it: two records that are merged may bring two.
    customer = (
        Customer.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=customer.pk)
    )
    refuse_if_sealed(customer.workspace)
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    if ContactMeasure.objects.filter(customer=customer, decided_at__isnull=True).exists():
        raise MeasureProposed
    made = ContactMeasure.objects.create(
        workspace=customer.workspace,
        customer=customer,
        reason=reason,
        proposed_at=at,
        proposed_by_label=by.full_name[:160],
    )
    _record("conduct.measure_proposed", made, by=by, at=at, customer_id=customer.pk)
    return made


@transaction.atomic
def decide_measure(
    *, measure: ContactMeasure, kind: str, until: date | None, reason: str, by: User, at: datetime
) -> ContactMeasure:
    """Grant a measure of this kind until that day, or refuse it (`kind` empty).

    A warning letter is drafted, to be read over before it leaves. Raises SupervisorOnly,
    MeasureDecided, ReasonMissing, TooLong or WorkspaceSealed; nothing is written then.
    """
    row = _locked(measure)
    refuse_unless_supervisor(by, row.workspace)
    if row.decided_at is not None:
        raise MeasureDecided
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    if kind and (until is None or not policy.until_is_allowed(until, day_in_paris(at))):
        raise TooLong
    row.kind, row.until = kind, until if kind else None
    row.decided_at, row.decided_by_label, row.decision_reason = at, by.full_name[:160], reason
    if kind == ContactMeasure.Kind.WARNING_LETTER:
        row.letter = _letter(row, by=by, at=at)
    row.save(update_fields=DECIDED)
    _record("conduct.measure_decided", row, by=by, at=at, kind=kind, until=row.until)
    return row


@transaction.atomic
def lift_measure(*, measure: ContactMeasure, by: User, at: datetime) -> ContactMeasure:
    """End a measure before its day. Raises SupervisorOnly, MeasureNotInForce or WorkspaceSealed."""
    row = _locked(measure)
    refuse_unless_supervisor(by, row.workspace)
    if not row.in_force(day_in_paris(at)):
        raise MeasureNotInForce
    row.lifted_at, row.lifted_by_label = at, by.full_name[:160]
    row.save(update_fields=["lifted_at", "lifted_by_label"])
    _record("conduct.measure_lifted", row, by=by, at=at)
    return row


def _letter(measure: ContactMeasure, *, by: User, at: datetime) -> Letter:
    """A draft without the facts: whoever writes it says those that the customer may read."""
    letter = start_letter(customer=measure.customer, by=by, at=at)
    with override("fr"):
        day = date_format(measure.until or day_in_paris(at), "j F Y")
    letter.subject = "Nos échanges"
    letter.body = (
        "Lors de nos derniers échanges, des propos tenus envers nos conseillers nous ont empêchés "
        "de traiter votre demande.\n\n"
        "Nous vous demandons d’échanger avec nos équipes dans le respect. Si de tels propos se "
        f"renouvelaient d’ici au {day}, nous pourrions ne plus vous répondre que par écrit.\n\n"
        "Vos demandes restent traitées. Vous pouvez nous donner votre version des faits ou contester "
        "ce courrier en répondant par écrit, ou déposer une réclamation."
    )
    letter.needs_release = True
    letter.save(update_fields=["subject", "body", "needs_release"])
    return letter


def _locked(measure: ContactMeasure) -> ContactMeasure:
    row = (
        ContactMeasure.objects.select_for_update(of=("self",))
        .select_related("workspace__organisation", "customer")
        .get(pk=measure.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def _record(verb: str, row: ContactMeasure, *, by: User, at: datetime, **data: Any) -> None:
    trace.record(verb, row, by=by, at=at, **data)
    realtime.publish(row.trace_stream, at=at, what="conduct")
