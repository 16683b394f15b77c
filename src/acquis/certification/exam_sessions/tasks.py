"""Summons in number behind a page of progress, and their mail."""

from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.accounts.models import User
from acquis.certification.exam_sessions import actions, queries
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
    Summons,
)
from acquis.kernel import files, jobs, outbox

JOB = "exam_sessions.summons"


@jobs.job(JOB, title=gettext_lazy("Convocations"))
def run_summons(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Issue the summons of a session; taken up after a crash, those already issued are skipped."""
    session = ExamSession.objects.select_related("version__framework", "organisation").get(
        pk=args["session"]
    )
    by = User.objects.get(pk=args["by"])
    asked_at = datetime.fromisoformat(args["asked_at"])
    current = queries.current_summonses(session)
    everybody: list[tuple[str, SessionCandidate | SessionJuror]] = [
        *(("candidate", seat) for seat in queries.seats(session)),
        *(("juror", member) for member in queries.members(session)),
    ]
    for done, (kind, person) in enumerate(everybody, start=1):
        issued = current.get((kind, person.pk))
        if issued is None or issued.issued_at < asked_at:
            actions.issue_summons(recipient=person, by=by, at=timezone.now())
        progress(done, len(everybody), _("Convocation %(number)s") % {"number": done})
    actions.mark_summoned(session=session, by=by, at=timezone.now())
    address = reverse("exam_sessions:summons", args=[session.pk])
    return {
        "issued": len(everybody),
        "notes": [
            ngettext(
                "%d convocation émise et envoyée",
                "%d convocations émises et envoyées",
                len(everybody),
            )
            % len(everybody)
        ],
        "links": [{"label": _("Voir les convocations"), "url": address}],
    }


@outbox.handler("summons.mail")
def send_summons(payload: dict[str, Any]) -> None:
    """Mail one summons with its PDF; one that was sent or replaced is not sent again."""
    summons = Summons.objects.select_related(
        "file", "session__organisation", "candidate__enrolment__candidate", "juror__juror"
    ).get(pk=payload["summons"])
    if summons.sent_at is not None or summons.replaced_by_id is not None:
        return
    with translation.override("fr"):
        message = _mail(summons)
    message.send()
    Summons.objects.filter(pk=summons.pk).update(sent_at=timezone.now())


def _mail(summons: Summons) -> EmailMessage:
    data = summons.data
    replaces = Summons.objects.filter(replaced_by=summons).exists()
    subject = _("Convocation du %(day)s – %(title)s") % {
        "day": data["day"],
        "title": data["certification"]["title"],
    }
    lines = [
        _("Bonjour %(name)s,") % {"name": data["name"]},
        "",
        _("Vous êtes attendu(e) le %(day)s à %(hour)s : %(place)s.")
        % {"day": data["day"], "hour": data["arrival"], "place": data["place"]},
        _("Votre convocation est jointe ; apportez-la avec une pièce d’identité."),
    ]
    if replaces:
        lines.append(_("Elle remplace celle que vous aviez reçue."))
    lines += ["", data["manager"], data["issuer"]["name"]]
    person = summons.candidate.enrolment.candidate if summons.candidate else None
    address = person.email if person else summons.juror.juror.email if summons.juror else ""
    message = EmailMessage(subject=subject, body="\n".join(lines), to=[address])
    message.attach(summons.file.name, files.read(summons.file), "application/pdf")
    return message
