"""Centres full of candidates on one day, made in the database that the environment names.

`python -m benchmarks._exam_day_room CANDIDATES` prints, as JSON, what a browser of each person would hold:
in every room of ten an invigilator, eight candidates who write and two who speak with a juror by chat.
"""

import json
import sys
from datetime import datetime
from typing import Any

from benchmarks._exam_room import _candidate_of, _centre, _cookie, _entered, _juror, _user

SEATS = 10  # candidates a room, for one invigilator
TALKING = 2  # of them, how many are in their exchanges


def build(candidates: int) -> dict[str, list[dict[str, Any]]]:
    """Every writer in the written part, every talker with one chat that both sides hold."""
    from django.db import transaction
    from django.utils import timezone

    from acquis.accounts.enums import Role
    from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
    from acquis.practice.enterprises.actions.load_pack import load_pack
    from acquis.practice.scenarios.actions.install_library import install_library

    at = timezone.now()
    people: dict[str, list[dict[str, Any]]] = {"candidates": [], "talkers": [], "invigilators": []}
    with transaction.atomic():
        by = _user("responsable", Role.SESSION_MANAGER)
        author = _user("autrice", Role.TRAINER)
        install_catalogue(by=by, at=at)
        model = load_pack(organisation=_centre(), slug="valbrenne", by=author, at=at)
        install_library(organisation=_centre(), slug="valbrenne", by=author, at=at, validated_by=by)
        _keep_to_the_chat(by, at)
    for number, first in enumerate(range(0, candidates, SEATS)):
        with transaction.atomic():
            _room(number, min(SEATS, candidates - first), model=model, by=by, at=at, people=people)
    return people


def _keep_to_the_chat(by: Any, at: datetime) -> None:
    """Nobody telephones here: sets without a customer in the chat are not drawn."""
    from acquis.certification.papers import actions, sealing
    from acquis.certification.papers.models import Subject

    for subject in Subject.objects.filter(kind=Subject.Kind.EXCHANGES):
        if all(one["channel"] != "chat" for one in sealing.unseal(subject)["exchanges"]):
            actions.withdraw_subject(subject=subject, by=by, at=at)


def _room(
    number: int, seats: int, *, model: Any, by: Any, at: datetime, people: dict[str, list[Any]]
) -> None:
    from django.urls import reverse

    from acquis.accounts.enums import Role
    from acquis.certification.exam_sessions.models import ExamSession
    from acquis.certification.frameworks.models import FrameworkVersion
    from acquis.certification.sittings import actions

    version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
    session = ExamSession.objects.create(
        organisation=_centre(),
        reference=f"JOUR-{number:03}",
        version=version,
        block=version.content["blocks"][0]["code"],
        starts_at=at,
        manager=by,
        enterprise_id=model.pk,
        created_at=at,
    )
    rows = [_candidate_of(session, seat, at) for seat in range(seats)]
    jurors = [_juror(session, rank, at) for rank in range(2)]
    actions.open_session(session=session, by=by, at=at)
    for rank, row in enumerate(rows):
        row.refresh_from_db()
        if rank < TALKING:
            people["talkers"].append(_talker(row, jurors[0].juror.user, by, at))
        else:
            people["candidates"].append(_writer(row, by, at))
    invigilator = _user(f"{session.reference}-S", Role.INVIGILATOR)
    people["invigilators"].append(
        {
            "cookie": _cookie(invigilator),
            "session": session.pk,
            "wall": reverse("sittings:wall", args=[session.pk]),
        }
    )


def _writer(row: Any, by: Any, at: datetime) -> dict[str, Any]:
    from acquis.certification.sittings import actions

    sitting = row.sitting
    told = _entered(sitting, by, at)
    actions.start_phase(phase=sitting.phases.get(position=1), by=_own(row), at=at)
    return told


def _talker(row: Any, juror: Any, by: Any, at: datetime) -> dict[str, Any]:
    """A candidate in the exchanges, with one chat rung by the juror and taken on the private desk."""
    from django.urls import reverse

    from acquis.certification.sittings import actions
    from acquis.certification.sittings.models import Phase
    from acquis.desk.conversations.actions.accept_conversation import accept_conversation
    from acquis.practice.rooms.actions import play_customer
    from acquis.practice.rooms.actions.begin_phase import begin_phase

    sitting = row.sitting
    cookie = _entered(sitting, by, at)["cookie"]
    user = _own(row)
    for phase in sitting.phases.order_by("position"):
        begin_phase(phase=phase, by=user, at=at)
        if phase.kind == Phase.Kind.EXCHANGES:
            break
        phase.refresh_from_db()
        actions.end_phase(phase=phase, by=user, at=at)
    sitting.refresh_from_db()
    content = play_customer.open_role_sheet(sitting=sitting, by=juror, at=at)
    key = next(one["key"] for one in content["exchanges"] if one["channel"] == "chat")
    talk = play_customer.ring(sitting=sitting, key=key, by=juror, at=at)
    accept_conversation(conversation=talk, by=user, at=at)
    return {
        "conversation": talk.pk,
        "candidate": {
            "cookie": cookie,
            "say": reverse("conversations:send", args=[sitting.workspace_id, talk.pk]),
            "act": {
                "workspace": sitting.workspace_id,
                "conversation": talk.pk,
                "note": 0,
            },
        },
        "juror": {
            "cookie": _cookie(juror),
            "say": reverse("rooms:say", args=[row.pk, key]),
            "read": reverse("rooms:cockpit_thread", args=[row.pk, key]),
        },
    }


def _own(row: Any) -> Any:
    return row.enrolment.candidate.user


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(build(int(sys.argv[1]))))
