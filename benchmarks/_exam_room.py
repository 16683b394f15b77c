"""Rooms full of candidates and juries, made in the database that the environment names.

`python -m benchmarks._exam_room CANDIDATES JURORS` prints, as JSON, what a browser of each person
would hold: the cookie of a session and the addresses it writes to.
"""

import json
import sys
from datetime import date, datetime, timedelta
from typing import Any

KEYS = ("summary", "stakes_customer", "letter_body")  # what one writes longest in


def build(candidates: int, jurors: int) -> dict[str, list[dict[str, Any]]]:
    """Sessions of two jurors, the candidates shared among them, every written phase begun."""
    from django.db import transaction
    from django.utils import timezone

    from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
    from acquis.certification.frameworks.models import FrameworkVersion

    at = timezone.now()
    rooms = max(1, jurors // 2)
    people: dict[str, list[dict[str, Any]]] = {"candidates": [], "jurors": []}
    with transaction.atomic():
        by = _user("responsable")
        install_catalogue(by=by, at=at)
        version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
        for number in range(rooms):
            seats = len(range(number, candidates, rooms))
            _room(number, seats, version=version, by=by, at=at, people=people)
    return people


def _room(
    number: int,
    seats: int,
    *,
    version: Any,
    by: Any,
    at: datetime,
    people: dict[str, list[dict[str, Any]]],
) -> None:
    from acquis.certification.exam_sessions.models import ExamSession
    from acquis.certification.grading.actions.open_grids import open_grids

    session = ExamSession.objects.create(
        organisation=_centre(),
        reference=f"MES-{number:03}",
        version=version,
        block=version.content["blocks"][0]["code"],
        starts_at=at,
        manager=by,
        state=ExamSession.State.OPEN,
        created_at=at,
    )
    for seat in range(seats):
        people["candidates"].append(_candidate(session, seat, by, at))
    members = [_juror(session, rank, at) for rank in range(2)]
    open_grids(session=session, by=by, at=at)
    people["jurors"] += [_own_grids(member) for member in members]


def _candidate(session: Any, order: int, by: Any, at: datetime) -> dict[str, Any]:
    """A candidate, identified and let in, who has entered from a browser and begun to write."""
    from acquis.certification.sittings import actions

    seat = _candidate_of(session, order, at)
    sitting = actions.open_sitting(candidate=seat, by=by, at=at)
    told = _entered(sitting, by, at)
    writer = seat.enrolment.candidate.user
    actions.start_phase(phase=sitting.phases.get(position=1), by=writer, at=at)
    return told


def _candidate_of(session: Any, order: int, at: datetime) -> Any:
    """Somebody enrolled, and their seat."""
    from acquis.accounts.enums import Role
    from acquis.certification.exam_sessions.models import SessionCandidate
    from acquis.certification.registrations.models import Candidate, Enrolment

    name = f"{session.reference}-C{order:03}"
    user = _user(name, Role.CANDIDATE)
    candidate = Candidate.objects.create(
        organisation=session.organisation,
        user=user,
        reference=name,
        birth_name=name,
        first_name="Camille",
        birth_date=date(1999, 3, 21),
        email=user.email,
        created_at=at,
    )
    enrolment = Enrolment.objects.create(
        candidate=candidate, version=session.version, block=session.block, created_at=at
    )
    return SessionCandidate.objects.create(
        session=session, enrolment=enrolment, order=order + 1, starts_at=at
    )


def _entered(sitting: Any, by: Any, at: datetime) -> dict[str, Any]:
    """Present, identified, authorised, on one device: what its browser holds."""
    from django.urls import reverse

    from acquis.certification.sittings import actions

    seat = sitting.candidate
    user = seat.enrolment.candidate.user
    name = seat.enrolment.candidate.reference
    actions.confirm_presence(candidate=seat, present=True, by=by, at=at)
    actions.confirm_identity(candidate=seat, by=by, at=at)
    actions.authorise_start(sitting=sitting, by=by, at=at)
    actions.claim_device(sitting=sitting, device_key=name, by=user, at=at)
    return {
        "cookie": _cookie(user, exam_device=name),
        "sitting": sitting.pk,
        "state": reverse("rooms:state", args=[sitting.pk]),
        "fields": {key: reverse("rooms:save", args=[sitting.pk, key]) for key in KEYS},
    }


def _juror(session: Any, rank: int, at: datetime) -> Any:
    from acquis.accounts.enums import Role
    from acquis.certification.exam_sessions.models import SessionJuror
    from acquis.certification.juries.models import Juror

    name = f"{session.reference}-J{rank}"
    user = _user(name, Role.JUROR)
    juror = Juror.objects.create(
        organisation=session.organisation,
        user=user,
        first_name="Dominique",
        last_name=name,
        email=user.email,
        employer="Atelier des mesures",
        job_title="Responsable de plateau",
        experience_years=9,
        briefed_on=at.date() - timedelta(days=210),
        accredited_from=at.date() - timedelta(days=200),
        created_at=at,
    )
    functions = (SessionJuror.Function.PRESIDENT, SessionJuror.Function.MEMBER)
    return SessionJuror.objects.create(
        session=session, juror=juror, function=functions[min(rank, 1)], present=True
    )


def _own_grids(member: Any) -> dict[str, Any]:
    from django.urls import reverse

    grids = member.grids.prefetch_related("marks")
    return {
        "cookie": _cookie(member.juror.user),
        "grids": [
            {
                "grid": grid.pk,
                "address": reverse("grading:mark", args=[grid.pk]),
                "criteria": [mark.criterion for mark in grid.marks.all()],
            }
            for grid in grids
        ],
    }


def _centre() -> Any:
    from acquis.accounts.models import Organisation

    fields = {"name": "Centre des mesures"}
    return Organisation.objects.get_or_create(slug="mesures", defaults=fields)[0]


def _user(name: str, *roles: Any) -> Any:
    from acquis.accounts.models import Membership, User

    user = User.objects.create_user(f"{name.lower()}@centre.example", first_name=name)
    for role in roles:
        Membership.objects.create(user=user, organisation=_centre(), role=role)
    return user


def _cookie(user: Any, **kept: str) -> str:
    """A signed-in session, without the second that a password's hash takes."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    session = client.session
    session.update(kept)
    session.save()
    return str(client.cookies["sessionid"].value)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(build(int(sys.argv[1]), int(sys.argv[2]))))
