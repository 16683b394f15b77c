"""Sessions of the key's organisation, with their people and hours."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import StringConstraints

from acquis.accounts.api_kit import Key, Text, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access, actions, queries
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.juries.presentation import sentence

router = Router(tags=[_("sessions")])


class SessionOut(Schema):
    id: int
    reference: str
    state: str
    version_id: int
    framework: str
    block: str
    starts_at: datetime
    place: str
    room: str
    candidate_count: int
    juror_count: int

    @staticmethod
    def resolve_framework(session: Any) -> str:
        return str(session.version.framework.code)


class SlotOut(Schema):
    code: str
    kind: str
    starts_at: datetime
    ends_at: datetime


class SeatOut(Schema):
    id: int
    candidate_id: int
    reference: str
    name: str
    present: bool | None
    slots: list[SlotOut]


class MemberOut(Schema):
    id: int
    juror_id: int
    name: str
    function: str


class SessionDetailOut(Schema):
    id: int
    reference: str
    state: str
    version_id: int
    block: str
    starts_at: datetime
    place: str
    room: str
    candidates: list[SeatOut]
    jurors: list[MemberOut]
    jury_faults: list[str]


class ReportIn(Schema):
    """A report of delivery as a mailbox received it (RFC 3464), headers and parts."""

    message: Annotated[str, StringConstraints(min_length=1, max_length=2_000_000)]


class ReportOut(Schema):
    number: str
    bounced: bool
    reason: str


@router.post("/summonses/reports", response=ReportOut, summary=_("Une convocation non remise"))
@scoped(Verb.SESSION_MANAGE)
def take_report(request: HttpRequest, body: ReportIn) -> dict[str, Any]:
    who = caller(request)
    found = actions.take_report(
        raw=body.message.encode(),
        organisation_id=who.organisation.pk,
        by=who.user,
        at=timezone.now(),
    )
    if found is None:
        return {"number": "", "bounced": False, "reason": ""}
    return {"number": found.number, "bounced": True, "reason": found.bounce_reason}


@router.get("/sessions", response=list[SessionOut], summary=_("Les sessions d’examen"))
@paginate(Window)
@scoped(Verb.SESSION_READ)
def sessions(request: HttpRequest, q: Text = "", state: Text = "") -> QuerySet[ExamSession]:
    who = caller(request)
    return queries.search(access.visible_sessions(who.user, who.organisation), q, state)


@router.get("/sessions/{session_id}", response=SessionDetailOut, summary=_("Une session"))
@scoped(Verb.SESSION_READ, Verb.CANDIDATE_READ)
def session(request: HttpRequest, session_id: Key) -> dict[str, Any]:
    who = caller(request)
    found = access.session_for(who.user, session_id)
    if found.organisation_id != who.organisation.pk:
        raise Http404
    seats = list(queries.seats(found))
    table = queries.timetable(found, seats)
    return {
        "id": found.pk,
        "reference": found.reference,
        "state": found.state,
        "version_id": found.version_id,
        "block": found.block,
        "starts_at": found.starts_at,
        "place": found.place,
        "room": found.room,
        "candidates": [
            {
                "id": seat.pk,
                "candidate_id": seat.enrolment.candidate_id,
                "reference": seat.enrolment.candidate.reference,
                "name": seat.enrolment.candidate.full_name,
                "present": seat.present,
                "slots": table[seat.pk],
            }
            for seat in seats
        ],
        "jurors": [
            {
                "id": member.pk,
                "juror_id": member.juror_id,
                "name": member.juror.full_name,
                "function": member.function,
            }
            for member in queries.members(found)
        ],
        "jury_faults": [sentence(fault) for fault in queries.jury_faults(found)],
    }
