import smtplib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from acquis.accounts.models import User
from acquis.certification.awards import notices, witness
from acquis.certification.awards.actions import correct_livrets, notify_result
from acquis.certification.awards.actions.freeze import queue_sealing
from acquis.certification.awards.actions.issue_documents import issue_documents
from acquis.certification.awards.actions.seal_documents import seal_documents
from acquis.certification.awards.following import follow_revocations
from acquis.certification.awards.models import IssuedDocument, ResultNotice
from acquis.certification.awards.queries import livrets_to_correct, sessions_to_seal
from acquis.certification.exam_sessions.actions import take_returns
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.exam_sessions.tasks import refusal_words
from acquis.certification.registrations.following import follow_annulments
from acquis.certification.registrations.models import Result
from acquis.kernel import jobs, outbox, rounds
from acquis.kernel.mail_leaving import leave

__all__ = ["witness"]  # what `acquis trace verify` compares with the trace


@jobs.job("awards.issue", title=gettext_lazy("Émission des résultats et des certificats"))
def issue(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Issue what a session still waits for; run again, it takes up where it stopped."""
    session = ExamSession.objects.select_related("organisation", "version__framework").get(
        pk=args["session"]
    )
    issued = issue_documents(
        session=session,
        by=User.objects.get(pk=args["by"]),
        at=timezone.now(),
        progress=progress,
    )
    return {"issued": len(issued), "links": _links(session)}


@jobs.job("awards.seal", title=gettext_lazy("Sceau des documents officiels"))
def seal(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Seal what a session has issued; run again, it takes up where it stopped."""
    session = ExamSession.objects.select_related("organisation").get(pk=args["session"])
    sealed = seal_documents(
        session=session,
        by=User.objects.get(pk=args["by"]),
        at=timezone.now(),
        progress=progress,
    )
    return {"sealed": len(sealed), "links": _links(session)}


@rounds.every(600, "awards.seal")
def look_for_unsealed(now: datetime) -> None:
    """What was issued while the work before it was ending is sealed as well."""
    for session in sessions_to_seal(now)[:20]:
        queue_sealing(session.pk, by=session.manager, at=now)


@jobs.job(correct_livrets.JOB, title=gettext_lazy("Livrets de certification rectifiés"))
def correct(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Issue again the livrets that print what no longer holds; run again, it takes up the rest."""
    by = User.objects.filter(pk=args["by"]).first()
    made = len(correct_livrets.correct_livrets(by=by, at=timezone.now()))
    progress(made, made, "")
    return {"issued": made}


@follow_annulments
def result_annulled(_result: Result, by: User, at: datetime) -> None:
    """What the livret printed of it is issued again; its certificate waits for the certifying body."""
    correct_livrets.queue_correction(by=by, at=at)


@follow_revocations
def certificate_revoked(_document: IssuedDocument, by: User, at: datetime) -> None:
    correct_livrets.queue_correction(by=by, at=at)


@rounds.every(600, correct_livrets.JOB)
def look_for_outdated_livrets(now: datetime) -> None:
    """Those whose minutes were being signed again when their decision fell."""
    if livrets_to_correct():
        correct_livrets.queue_correction(by=None, at=now)


take_returns(notify_result.take_return)


@outbox.handler(notify_result.MAIL, slow=True)
def send_result(payload: dict[str, Any]) -> None:
    """Mail one result; what was sent, handed over or told anew meanwhile does not leave."""
    notice = ResultNotice.objects.select_related("document__organisation").get(pk=payload["notice"])
    if not notice.current or notice.sent_at or notice.bounced_at or notice.handed:
        return
    with translation.override("fr"):
        message = notices.result_mail(notice)
    try:
        leave(message)
    except (OSError, smtplib.SMTPException) as error:
        words = refusal_words(error)
        if words is None:
            reason = f"{type(error).__name__} : {error}"
            notify_result.settle_delayed(notice=notice, reason=reason)
            raise
        notify_result.settle_bounced(notice=notice, reason=words, at=timezone.now())
        return
    notify_result.settle_sent(
        notice=notice, message_id=message.extra_headers["Message-ID"], at=timezone.now()
    )


def _links(session: ExamSession) -> list[dict[str, str]]:
    return [
        {
            "label": gettext("Documents de la session"),
            "url": reverse("awards:session", args=[session.pk]),
        }
    ]
