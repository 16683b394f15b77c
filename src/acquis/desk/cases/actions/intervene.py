"""Dépannage: a visit on the shared planning, the customer told, what came of it (002-CP2)."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from acquis.accounts.models import User
from acquis.desk.agenda.actions.book import book
from acquis.desk.agenda.models import Appointment, Resource
from acquis.desk.agenda.policy import Span
from acquis.desk.cases.actions._case import TURN, living, record, tell
from acquis.desk.cases.actions.write_to_customer import write_to_customer
from acquis.desk.cases.errors import InstructionsMissing, InterventionDone, ReportMissing
from acquis.desk.cases.models import Case, Intervention
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory import presentation as directory

PLACE_CHARS = 300


@transaction.atomic
def plan_intervention(
    *, case: Case, resource: Resource, span: Span, instructions: str, by: User, at: datetime
) -> Intervention:
    """Book a visit at the customer's, with what is to be done there.

    Raises InstructionsMissing, what booking raises (SlotTaken…), CaseClosed or WorkspaceSealed.
    """
    row = living(case)
    instructions = instructions.strip()
    if not instructions:
        raise InstructionsMissing
    booked = book(
        resource=resource,
        span=span,
        kind=Appointment.Kind.VISIT,
        title=f"{row.number} · {row.title}"[:200],
        place=", ".join(directory.address_lines(row.customer))[:PLACE_CHARS],
        note=instructions,
        customer=row.customer,
        by=by,
        at=at,
    )
    made = Intervention.objects.create(
        workspace_id=row.workspace_id, case=row, appointment=booked, instructions=instructions
    )
    tell(row, f"⚒ {resource.name}, {spoken(booked)}", by=by, at=at)
    record("case.intervention_planned", row, by=by, at=at, appointment=booked.pk)
    return made


@transaction.atomic
def tell_customer(
    *, intervention: Intervention, channel: str, by: User, at: datetime
) -> Conversation:
    """Write to the customer when the visit is, by e-mail or SMS; telling again corrects.

    Raises ContactAddressMissing, CaseClosed or WorkspaceSealed.
    """
    row = living(intervention.case)
    talk = write_to_customer(
        customer=row.customer,
        channel=channel,
        subject=f"{row.number} : votre intervention",
        body=told_text(intervention, row),
        client_key=f"intervention-{intervention.pk}",
        by=by,
        at=at,
    )
    intervention.told_at, intervention.told_by = at, channel
    intervention.save(update_fields=["told_at", "told_by"])
    row.answered_at = row.answered_at or at
    row.save(update_fields=TURN)
    tell(row, f"✉ {talk.contact_address}", by=by, at=at)
    record("case.intervention_told", row, by=by, at=at, channel=channel, conversation=talk.pk)
    return talk


@transaction.atomic
def report_intervention(
    *, intervention: Intervention, outcome: str, report: str, by: User, at: datetime
) -> Intervention:
    """Write down what came of the visit, once. Raises InterventionDone, ReportMissing, CaseClosed."""
    row = living(intervention.case)
    made = Intervention.objects.select_for_update(of=("self",)).get(pk=intervention.pk)
    if made.done_at is not None:
        raise InterventionDone
    if not report.strip():
        raise ReportMissing
    made.outcome, made.report = Intervention.Outcome(outcome), report.strip()
    made.done_at, made.done_by_label = at, by.full_name
    made.save(update_fields=["outcome", "report", "done_at", "done_by_label"])
    tell(row, f"⚒ {made.get_outcome_display()} : {made.report}", by=by, at=at)
    record("case.intervention_reported", row, by=by, at=at, outcome=outcome)
    return made


def spoken(appointment: Appointment) -> str:
    """« lundi 23 novembre 2026 de 10:00 à 11:00 », in French whatever the reader's language."""
    start, end = localtime(appointment.starts_at), localtime(appointment.ends_at)
    with override("fr"):
        day = date_format(start, "l j F Y")
    return f"{day} de {start:%H:%M} à {end:%H:%M}"


def told_text(intervention: Intervention, case: Case) -> str:
    booked = intervention.appointment
    return (
        f"Bonjour,\n\nVotre intervention {case.number} est prévue le {spoken(booked)}, "
        f"par {booked.resource.name}.\nAdresse : {booked.place or 'la vôtre'}.\n\n"
        "Si ce moment ne convient pas, répondez à ce message : nous en chercherons un autre."
    )
