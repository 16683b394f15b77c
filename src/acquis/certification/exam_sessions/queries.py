"""Reads of sessions: their people, their jury's faults, their day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.exam_sessions import policy
from acquis.certification.exam_sessions.models import (
    ExamSession,
    PlannedPhase,
    SessionCandidate,
    SessionJuror,
    SiteAccreditation,
    Summons,
    SummonsPlan,
)
from acquis.certification.exam_sessions.phases import PhasePlan, phases_from
from acquis.certification.juries import policy as jury
from acquis.certification.juries import queries as jurors
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.models import Enrolment
from acquis.certification.registrations.queries import extra_time_of
from acquis.kernel.lists.reading import folded


def sessions(organisation: Organisation) -> QuerySet[ExamSession]:
    return (
        ExamSession.objects.filter(organisation=organisation)
        .select_related("version__framework", "manager")
        .defer("version__content")
        .annotate(
            candidate_count=Count("candidates", distinct=True),
            juror_count=Count("jurors", distinct=True),
        )
        .order_by("-starts_at", "-pk")
    )


def sessions_of_juror(user: User) -> QuerySet[ExamSession]:
    return ExamSession.objects.filter(jurors__juror__user=user).exclude(
        state=ExamSession.State.CANCELLED
    )


def streams_of(session: ExamSession) -> dict[str, str]:
    """The traces of a session: its own, then one for each exam under its candidate's name.

    Exams live one floor up; their keys are followed from the seats.
    """
    rows = (
        seats(session)
        .filter(sitting__isnull=False)
        .values_list(
            "sitting__pk",
            "enrolment__candidate__first_name",
            "enrolment__candidate__birth_name",
        )
    )
    exams = {f"sitting:{pk}": f"{first} {last}" for pk, first, last in rows}
    return {session.trace_stream: session.reference} | exams


def day_of(session: ExamSession) -> date:
    """The day of the session where it is held."""
    return timezone.localtime(session.starts_at).date()


def seats(session: ExamSession) -> QuerySet[SessionCandidate]:
    """The candidates of a session in their order, each with its accommodations."""
    return (
        session.candidates.select_related("enrolment__candidate__user")
        .prefetch_related("enrolment__accommodations")
        .order_by("order", "pk")
    )


def members(session: ExamSession) -> QuerySet[SessionJuror]:
    return session.jurors.select_related("juror__user").order_by("-function", "pk")


def jury_faults(session: ExamSession) -> list[jury.Fault]:
    """What bars this jury on the day of this session (X-03)."""
    people = [member.juror for member in members(session)]
    enrolled = [seat.enrolment for seat in seats(session)]
    return jury.jury_faults(
        [jurors.as_member(juror) for juror in people],
        jurors.links_with(
            people,
            {one.candidate_id: one.candidate.full_name for one in enrolled},
            {one.candidate_id: (one.employer, one.training_body) for one in enrolled},
        ),
        jury.rules_from(session.version.content, session.block),
        day_of(session),
    )


def phases_of(enrolment: Enrolment) -> list[PhasePlan]:
    """The phases that an enrolled candidate goes through, with their own times (X-04, X-11)."""
    return phases_from(enrolment.version.content, enrolment.block, extra_time_of(enrolment))


def plan_of(session: ExamSession, seat: SessionCandidate) -> list[PhasePlan]:
    seat.enrolment.version = session.version  # the same, already read
    return phases_of(seat.enrolment)


def timetable_of(session: ExamSession) -> dict[int, list[policy.Slot]]:
    """The day of each candidate, by the key of their seat: the one way to a session's hours."""
    return timetable(session, list(seats(session)))


def timetable(
    session: ExamSession, people: Sequence[SessionCandidate]
) -> dict[int, list[policy.Slot]]:
    """The day of each candidate, by the key of their seat.

    The hours that a season's plan stored win; those of the others are computed from `starts_at`.
    """
    stored = stored_hours(people)
    computed = policy.timetable(
        session.starts_at,
        [(seat.pk, plan_of(session, seat)) for seat in people if seat.pk not in stored],
        [
            (slot.starts_at, slot.ends_at)
            for slots in stored.values()
            for slot in slots
            if slot.jury_present
        ],
    )
    return {seat.pk: (stored.get(seat.pk) or computed[seat.pk]) for seat in people}


def stored_hours(people: Iterable[SessionCandidate]) -> dict[int, list[policy.Slot]]:
    """The hours published for these seats; a seat without any is left out."""
    found: dict[int, list[policy.Slot]] = {}
    for row in PlannedPhase.objects.filter(seat__in=[seat.pk for seat in people]):
        found.setdefault(row.seat_id, []).append(
            policy.Slot(
                row.code,
                row.kind,
                row.title,
                timezone.localtime(row.starts_at),
                timezone.localtime(row.ends_at),
                row.jury_present,
                row.room,
                row.workstation,
            )
        )
    return found


def outdated_hours(
    session: ExamSession, table: Mapping[int, Sequence[policy.Slot]]
) -> list[SessionCandidate]:
    """Whose hours no longer are those of their exam: an accommodation was decided since (X-11)."""
    return [
        seat
        for seat in seats(session)
        if not policy.holds_for(table[seat.pk], plan_of(session, seat))
    ]


def enrolments_to_add(session: ExamSession) -> QuerySet[Enrolment]:
    """Those enrolled for this exam who are not in the session yet."""
    return (
        Enrolment.objects.filter(
            candidate__organisation=session.organisation_id,
            version=session.version_id,
            block=session.block,
        )
        .exclude(sessions__session=session)
        .select_related("candidate")
        .order_by("candidate__birth_name", "candidate__first_name")
    )


def jurors_to_add(session: ExamSession) -> QuerySet[Juror]:
    return Juror.objects.filter(organisation=session.organisation_id, is_active=True).exclude(
        sessions__session=session
    )


def in_force() -> QuerySet[Summons]:
    """Neither replaced nor withdrawn, of people who still are in the session it names."""
    return Summons.objects.filter(
        Q(candidate__session=F("session")) | Q(juror__session=F("session")),
        replaced_by__isnull=True,
        withdrawn_at__isnull=True,
    )


def current_summonses(session: ExamSession) -> dict[tuple[str, int], Summons]:
    """The summons in force of each person: `("candidate", seat)` or `("juror", member)`."""
    found = in_force().filter(session=session).select_related("file")
    return {
        ("candidate", each.candidate_id)
        if each.candidate_id
        else ("juror", each.juror_id or 0): each
        for each in found
    }


def summonses_of(recipient: SessionCandidate | SessionJuror) -> QuerySet[Summons]:
    """All the summons of one person, the newest first; a candidate moved here brings the former ones."""
    return recipient.summonses.select_related("session__organisation")


def expected(
    session: ExamSession, seat: SessionCandidate | None, day: dict[int, list[policy.Slot]]
) -> tuple[datetime, datetime]:
    """When a candidate, or without one the jury, is expected: from arrival to the last part's end."""
    slots = (
        day[seat.pk]
        if seat
        else [slot for slots in day.values() for slot in slots if slot.jury_present]
    )
    first = min((slot.starts_at for slot in slots), default=session.starts_at)
    last = max((slot.ends_at for slot in slots), default=session.starts_at)
    return policy.arrival(first), max(last, first + policy.SHORTEST)


def outdated(
    session: ExamSession,
    current: Mapping[tuple[str, int], Summons],
    seats: Sequence[SessionCandidate],
    day: dict[int, list[policy.Slot]],
) -> set[tuple[str, int]]:
    """Whose summons in force no longer says the hours and the place of the session."""
    hours = {("candidate", seat.pk): expected(session, seat, day) for seat in seats}
    jury = expected(session, None, day)
    place = [line for line in session.address.splitlines() if line.strip()]
    return {
        key
        for key, summons in current.items()
        if (summons.starts_at, summons.ends_at) != hours.get(key, jury)
        or (summons.data["place"], summons.data["room"]) != (session.place, session.room)
        or summons.data["address"] != place
    }


def accreditations(organisation: Organisation) -> QuerySet[SiteAccreditation]:
    return (
        SiteAccreditation.objects.filter(organisation=organisation)
        .select_related("version__framework", "noted_by")
        .defer("version__content")
    )


def unaccredited(session: ExamSession) -> policy.Unaccredited | None:
    """What lacks for this session's title to be examined there that day; None when nothing does."""
    framework = session.version.framework
    if framework.kind not in policy.ACCREDITED_KINDS:
        return None
    where = folded(f"{session.place} {session.address}")
    known = [
        policy.Accreditation(
            edition=one.version_id == session.version_id,
            site=folded(one.site) in where,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            withdrawn_on=one.withdrawn_on,
        )
        for one in accreditations(session.organisation).filter(version__framework=framework)
    ]
    return policy.unaccredited(framework.kind, known, day_of(session))


def plan_of_sending(session: ExamSession) -> SummonsPlan | None:
    return SummonsPlan.objects.filter(session=session).select_related("planned_by").first()


def enterprise_of(session: ExamSession) -> Workspace | None:
    return Workspace.objects.filter(pk=session.enterprise_id or 0).first()


def search(found: QuerySet[ExamSession], text: str, state: str) -> QuerySet[ExamSession]:
    for word in text.split():
        found = found.filter(
            Q(reference__icontains=word)
            | Q(place__icontains=word)
            | Q(version__framework__title__icontains=word)
            | Q(version__framework__acronym__icontains=word)
            | Q(block__icontains=word)
        )
    return found.filter(state=state) if state else found
