"""The proof that the results of a session were told in time, as plain data and as a PDF."""

from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone, translation

from acquis.certification.awards import notices, policy
from acquis.certification.awards.models import ResultNotice
from acquis.certification.awards.queries import notices_of
from acquis.certification.awards.wording import NBSP, day, moment
from acquis.certification.exam_sessions.documents import certification_of
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.exam_sessions.queries import day_of
from acquis.kernel import pdf, trace


def due_of(session: ExamSession) -> date | None:
    """The last day to tell the results of a session; None when its framework says none."""
    rules = session.version.content.get("rules", {})
    return policy.results_due(rules.get("results_within"), day_of(session))


def proof_data(session: ExamSession, *, at: datetime) -> dict[str, Any]:
    """Everything that is printed, in French: each notice with its dates, oldest first."""
    local = timezone.localtime(at)
    last = trace.lines(session.trace_stream).last()
    due = due_of(session)
    with translation.override("fr"):
        people = groupby(notices_of(session), lambda one: one.candidate_id)
        return {
            "reference": session.reference,
            "date": [local.year, local.month, local.day],
            "written_at": moment(at),
            "issuer": session.organisation.name,
            "certification": certification_of(session),
            "held_on": day(session.starts_at),
            "due": day(due),
            "people": [_person(list(every), due) for _candidate, every in people],
            "trace": {
                "stream": session.trace_stream,
                "position": last.position if last else 0,
                "fingerprint": last.fingerprint if last else "",
            },
        }


def _person(told: list[ResultNotice], due: date | None) -> dict[str, Any]:
    when = policy.told_on(notices.course_of(one) for one in told)
    late = policy.days_late(due, when)
    if when is None:
        verdict = "Pas encore communiqué"
    elif due is None:
        verdict = f"Communiqué le {day(when)}"
    elif late:
        verdict = (
            f"Communiqué le {day(when)}, {late}{NBSP}jour{'s' if late > 1 else ''} après le délai"
        )
    else:
        verdict = f"Communiqué le {day(when)}, dans le délai"
    person = told[0].candidate.enrolment.candidate
    return {
        "name": person.full_name,
        "reference": person.reference,
        "verdict": verdict,
        "sheets": [
            {
                "number": one.document.number,
                "sha256": one.document.file.sha256 if one.document.file else "",
                "facts": [[what, when] for what, when in _facts(one) if when],
            }
            for one in told
        ],
    }


def _facts(one: ResultNotice) -> list[tuple[str, str]]:
    def at(value: datetime | None) -> str:
        return moment(value) if value else ""

    sent = f"{at(one.sent_at)}, à {one.email}" if one.sent_at else ""
    back = f"{at(one.bounced_at)} : {one.bounce_reason}" if one.bounced_at else ""
    handed = " · ".join(
        part
        for part in (day(one.handed_on), one.get_handed_display().lower(), one.handed_detail)
        if part
    )
    return [
        ("Fiche émise", at(one.document.issued_at)),
        ("Courriel pris par le serveur", sent),
        ("Identifiant du message", one.message_id),
        ("Revenu non remis", back),
        ("Ouvert par le candidat", at(one.opened_at)),
        ("Reçu, dit par le candidat", at(one.acknowledged_at)),
        ("Remise notée", f"{handed}, par {one.handed_by.full_name}" if one.handed_by else ""),
    ]


def proof_pdf(data: dict[str, Any]) -> bytes:
    return pdf.render("awards/proof.typ", data)
