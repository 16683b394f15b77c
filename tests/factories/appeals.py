"""Appeals at each of their stages."""

from datetime import timedelta
from typing import Any

from acquis.accounts.enums import Role
from acquis.accounts.models import User
from acquis.certification.appeals import actions
from acquis.certification.appeals.actions import AppealData
from acquis.certification.appeals.models import Appeal
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from tests.factories import certification as make
from tests.factories import incidents

AT = incidents.AFTER
FACTS = "Le casque est resté muet dix minutes et le temps n’a pas été rendu."


def seat_over(**fields: Any) -> SessionCandidate:
    """A candidate whose session is over, on the day of `certification.DAY`."""
    return incidents.over(**fields).candidates.select_related("session").order_by("order")[0]


def said(**fields: Any) -> AppealData:
    return AppealData(
        **{
            "channel": Appeal.Channel.PAGE,
            "grounds": ["equipment"],
            "statement": FACTS,
            "received_on": AT.date(),
            **fields,
        }
    )


def lodged(seat: SessionCandidate | None = None, **fields: Any) -> Appeal:
    seat = seat or seat_over()
    by = seat.enrolment.candidate.user or seat.session.manager
    return actions.lodge_appeal(seat=seat, data=said(**fields), by=by, at=AT)


def somebody(appeal: Appeal, role: Role) -> User:
    return make.person(role, organisation=appeal.organisation)


def admitted(appeal: Appeal | None = None) -> Appeal:
    """Judged admissible by somebody of the direction."""
    appeal = appeal or lodged()
    return actions.judge_admissibility(
        appeal=appeal,
        admissible=True,
        standing=True,
        form=True,
        reason="",
        by=somebody(appeal, Role.CERTIFYING_BODY),
        at=AT,
    )


def committee(appeal: Appeal) -> dict[str, User]:
    """The three who examine it, by their quality; the session manager is the session's own."""
    people = {
        "direction": somebody(appeal, Role.CERTIFYING_BODY),
        "session_manager": appeal.seat.session.manager,
        "training_manager": somebody(appeal, Role.TRAINER),
    }
    for quality, user in people.items():
        actions.name_member(
            appeal=appeal, quality=quality, user=user, by=people["direction"], at=AT
        )
    return people


def heard(appeal: Appeal, *voices: str) -> dict[str, User]:
    """The committee named, each with their voice: direction, session manager, training manager."""
    people = committee(appeal)
    for user, voice in zip(people.values(), voices, strict=True):
        actions.give_voice(appeal=appeal, voice=voice, reason="Vu le dossier.", by=user, at=AT)
    return people


def decided(appeal: Appeal | None = None, *, accepted: bool = True) -> Appeal:
    appeal = appeal or admitted()
    voices = ("accept", "accept", "reject") if accepted else ("reject", "reject", "accept")
    people = heard(appeal, *voices)
    return actions.decide(
        appeal=appeal, reason="L’incident est établi.", by=people["direction"], at=AT
    )


def session_to_come(appeal: Appeal, **fields: Any) -> ExamSession:
    """Another session of the same exam, in two months."""
    session = appeal.seat.session
    return make.bare_session(
        session.organisation,
        **{
            "version": session.version,
            "block": session.block,
            "starts_at": AT + timedelta(days=60),
            "manager": session.manager,
            **fields,
        },
    )
