"""All that a document prints, copied at the time of writing: nothing printed is joined later."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import translation

from acquis.certification.awards import wording
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.exam_sessions.models import (
    ExamSession,
    Incident,
    SessionCandidate,
    SessionJuror,
)
from acquis.certification.frameworks.content import decides_over_blocks
from acquis.certification.grading.models import CriterionDecision, Deliberation, Verdict
from acquis.certification.grading.presentation import block_title
from acquis.certification.papers import queries
from acquis.certification.registrations import files
from acquis.certification.registrations.models import Candidate
from acquis.certification.registrations.presentation import effect, retake_sentences
from acquis.certification.sittings.models import Phase
from acquis.kernel import trace

_BORN = {Candidate.Sex.FEMALE.value: "née", Candidate.Sex.MALE.value: "né"}


def pv(session: ExamSession, *, at: datetime) -> dict[str, Any]:
    """The minutes of a session, with the seal of its trace at this instant."""
    with translation.override("fr"):
        return _heading(session, at) | {
            "jury": [_juror(seat) for seat in _seats(session)],
            "candidates": [_candidate(one) for one in _candidates(session)],
            "incidents": [_incident(one) for one in _incidents(session)],
            "lots": queries.proofs_of(session),
            "trace": _trace_seal(session),
        }


def result_sheet(candidate: SessionCandidate, *, pv_number: str, at: datetime) -> dict[str, Any]:
    """One candidate's result: decisions and what the jury wants them to read."""
    session = candidate.session
    with translation.override("fr"):
        return _heading(session, at) | {
            "pv_number": pv_number,
            "candidate": _candidate(candidate) | identity(candidate.enrolment.candidate),
            "synthesis": is_synthesis(session),
            "jury": [_juror(seat) for seat in _seats(session) if seat.present],
            **_annulment(candidate),
        }


def _annulment(candidate: SessionCandidate) -> dict[str, Any]:
    """That the decision was annulled since the jury gave it, when and why; nothing while it holds."""
    for one in candidate.enrolment.results.all():
        if one.annulled_at and one.session_reference == candidate.session.reference:
            return {
                "annulled": {"on": wording.day(one.annulled_at), "reason": one.annulment_reason}
            }
    return {}


def certificate(
    candidate: SessionCandidate, *, pv_number: str, code: str, address: str, at: datetime
) -> dict[str, Any]:
    """What the certificate attests, for an admitted candidate."""
    session = candidate.session
    deliberation: Deliberation = candidate.deliberation
    with translation.override("fr"):
        return _heading(session, at) | {
            "pv_number": pv_number,
            "candidate": identity(candidate.enrolment.candidate),
            "decided_on": wording.day(deliberation.closed_at),
            "decided_at": deliberation.closed_at.isoformat() if deliberation.closed_at else "",
            "blocks": _blocks(session),
            "competencies": _competencies(deliberation),
            "code": code,
            "address": address,
        }


def _blocks(session: ExamSession) -> list[dict[str, str]]:
    """The blocks that the certificate attests; none where the framework is not cut into blocks."""
    blocks = session.version.content["blocks"]
    if session.block:
        blocks = [block for block in blocks if block["code"] == session.block]
    elif len(blocks) == 1:
        blocks = []
    return [{"code": str(block["code"]), "title": str(block["title"])} for block in blocks]


def _competencies(deliberation: Deliberation) -> list[dict[str, Any]]:
    """How many criteria of each competency the jury granted, of how many it decided."""
    return [
        {
            "code": code,
            "statements": heading.split("\n"),
            "acquired": sum(one.verdict == Verdict.ACQUIRED for one in every),
            "decided": sum(one.verdict != Verdict.NOT_ASSESSED for one in every),
        }
        for (code, heading), every in (
            (key, list(each))
            for key, each in groupby(
                deliberation.decisions.order_by("position"),
                lambda one: (one.competency, one.competency_text),
            )
        )
    ]


def booklet(candidate: SessionCandidate, *, pv_number: str, at: datetime) -> dict[str, Any]:
    """The livret de certification: what is held for good, each with its date and its PV (X-13)."""
    session, enrolment = candidate.session, candidate.enrolment
    enrolment.version = session.version
    standings = files.standings(enrolment)
    with translation.override("fr"):
        return _heading(session, at) | {
            "pv_number": pv_number,
            "candidate": identity(enrolment.candidate),
            "blocks": [
                {
                    "code": one.code,
                    "title": one.title,
                    "obtained_on": wording.day(one.held.obtained_on),
                    "pv": one.held.pv_reference,
                    "edition": one.held.version.edition,
                    "held_as": "" if one.held.block == one.code else one.held.block,
                }
                for one in standings
                if one.held is not None
            ],
            "missing": [
                {"code": one.code, "title": one.title} for one in standings if one.held is None
            ],
            "retake": _retake(candidate),
        }


def is_synthesis(session: ExamSession) -> bool:
    """Whether a block's result waits for the certification jury: « épreuve de synthèse » (X-10)."""
    return bool(session.block) and decides_over_blocks(session.version.content)


def _retake(candidate: SessionCandidate) -> list[str]:
    """What a candidate who did not obtain all may do next (X-06, X-09)."""
    enrolment = candidate.enrolment
    enrolment.version = candidate.session.version
    result = next(
        (
            one
            for one in enrolment.results.all()
            if one.session_reference == candidate.session.reference and one.annulled_at is None
        ),
        None,
    )
    if result is not None:
        result.enrolment = enrolment
    right = files.right_to_come_again(result) if result else None
    return retake_sentences(right) if right else []


def _units(deliberation: Deliberation) -> list[dict[str, Any]]:
    """Competencies and blocks: what the rule proposed, how, what the jury decided and why."""
    return [
        {
            "kind": one.kind,
            "code": one.code,
            "title": one.title,
            "proposed": one.get_proposed_display(),
            "verdict": one.get_verdict_display(),
            "calculation": one.calculation,
            "reason": one.reason,
            "departs": one.proposed != one.verdict,
        }
        for one in deliberation.units.all()
    ]


def correction(document: IssuedDocument, reason: str) -> dict[str, str]:
    return {
        "number": document.number,
        "of": wording.day(document.issued_at or document.written_at),
        "reason": reason,
    }


def _heading(session: ExamSession, at: datetime) -> dict[str, Any]:
    version, organisation = session.version, session.organisation
    content = version.content
    return {
        "written_at": wording.moment(at),
        "written_on": wording.day(at),
        "organisation": {
            "name": organisation.name,
            "siret": wording.siret(organisation.siret),
            "address": organisation.address,
            "postcode": organisation.postcode,
            "city": organisation.city,
        },
        "session": {
            "reference": session.reference,
            "date": wording.day(session.starts_at),
            "hour": wording.hour(session.starts_at),
            "place": session.place,
            "address": session.address,
            "room": session.room,
            "manager": session.manager.full_name,
        },
        "framework": {
            "title": content.get("title") or version.framework.title,
            "code": version.framework.code,
            "edition": version.edition,
            "level": content.get("level"),
            "sha256": version.content_sha256,
        },
        "block": {"code": session.block, "title": block_title(session)},
    }


def _seats(session: ExamSession) -> Iterable[SessionJuror]:
    return session.jurors.select_related("juror").order_by("-function", "pk")


def _juror(seat: SessionJuror) -> dict[str, Any]:
    juror = seat.juror
    return {
        "seat": seat.pk,
        "name": juror.full_name,
        "function": seat.get_function_display(),
        "quality": ", ".join(part for part in (juror.job_title, juror.employer) if part),
        "external": juror.is_external,
        "present": bool(seat.present),
    }


def _candidates(session: ExamSession) -> Iterable[SessionCandidate]:
    return (
        session.candidates.select_related("enrolment__candidate", "deliberation", "session")
        .prefetch_related(
            "deliberation__decisions",
            "deliberation__units",
            "sitting__phases",
            "enrolment__accommodations",
            "enrolment__results",
        )
        .order_by("order", "pk")
    )


def identity(person: Candidate) -> dict[str, str]:
    """Who a document is about, as it prints them."""
    return {
        "name": person.full_name,
        "birth_name": person.birth_name,
        "born": _BORN.get(person.sex, "né(e)"),
        "born_on": wording.day(person.birth_date),
        "birth_city": person.birth_city,
        "reference": person.reference,
    }


def _candidate(one: SessionCandidate) -> dict[str, Any]:
    person = one.enrolment.candidate
    shared = {
        "reference": person.reference,
        "name": person.full_name,
        "born": _BORN.get(person.sex, "né(e)"),
        "born_on": wording.day(person.birth_date),
        "present": one.present is not False,
        "route": one.enrolment.get_route_display(),
        "accommodation": _accommodation(one),
    }
    deliberation: Deliberation | None = getattr(one, "deliberation", None)
    if deliberation is None:
        return shared | {"outcome": "", "outcome_label": "", "reasons": "", "groups": []}
    jury = {seat.pk: seat.juror.full_name for seat in _seats(one.session)}
    return shared | {
        "outcome": deliberation.outcome,
        "outcome_label": deliberation.outcome_words,
        "reasons": deliberation.reasons,
        "decided_at": wording.moment(deliberation.closed_at) if deliberation.closed_at else "",
        "departure": deliberation.departure,
        "units": _units(deliberation),
        "retake": _retake(one),
        "deliberated_by": [jury[pk] for pk in deliberation.present if pk in jury],
        "groups": _groups(deliberation.decisions.all()),
    }


def _groups(decisions: Iterable[CriterionDecision]) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "statements": heading.split("\n"),
            "criteria": [
                {
                    "code": one.criterion,
                    "text": one.text,
                    "verdict": one.get_verdict_display(),
                    "reason": one.reason,
                }
                for one in every
            ],
        }
        for (code, heading), every in groupby(
            decisions, lambda one: (one.competency, one.competency_text)
        )
    ]


def _accommodation(one: SessionCandidate) -> str:
    """The effect of an accommodation, never its cause (X-11)."""
    words = effect(one.enrolment)
    if not words:
        return ""
    sitting = getattr(one, "sitting", None)
    phases: list[Phase] = list(sitting.phases.all()) if sitting is not None else []
    usual = sum(phase.minutes for phase in phases)
    given = sum(phase.planned_seconds for phase in phases) // 60
    times = f" : {usual} min portées à {given} min" if usual else ""
    return f"{words}{times}"


def _incidents(session: ExamSession) -> Iterable[Incident]:
    return session.incidents.select_related("candidate__enrolment__candidate", "settlement")


def _incident(one: Incident) -> dict[str, str]:
    """As it was reported; its effect is the one that was decided, once it is (X-09)."""
    concerned = one.candidate.enrolment.candidate.full_name if one.candidate else ""
    settled = getattr(one, "settlement", None)
    return {
        "hour": wording.hour(one.happened_at),
        "category": one.get_category_display(),
        "effect": (settled or one).get_effect_display(),
        "settlement": settled.text if settled else "",
        "description": one.description,
        "candidate": concerned,
    }


def _trace_seal(session: ExamSession) -> dict[str, Any]:
    head = trace.head(session.trace_stream)
    return {
        "stream": session.trace_stream,
        "position": head.position,
        "fingerprint": head.fingerprint,
        "command": f"acquis trace verify --stream {session.trace_stream}",
    }
