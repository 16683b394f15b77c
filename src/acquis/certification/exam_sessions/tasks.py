"""Summons in number behind a page of progress, at their hour, and what becomes of their mail."""

import smtplib
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.accounts.models import Organisation, User
from acquis.certification.exam_sessions import actions, digests, letters, policy, queries, returns
from acquis.certification.exam_sessions.actions.answer_summons import DECLINED
from acquis.certification.exam_sessions.actions.issue_summons import MAIL
from acquis.certification.exam_sessions.actions.withdraw_summons import WITHDRAWAL
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
    Summons,
    SummonsPlan,
)
from acquis.kernel import jobs, outbox, rounds
from acquis.kernel.mail_leaving import leave
from acquis.kernel.models import Job

JOB = "exam_sessions.summons"
DIGEST_EVERY = 600.0  # seconds between two looks at whose digest of the day is to be decided
LOOK_EVERY = 60.0  # seconds between two looks at the sendings that were planned

EVERYBODY = "all"
MISSING = "missing"  # those who have none
OUTDATED = "outdated"  # those, and whose summons no longer says the hours and the place
WHOM = (EVERYBODY, MISSING, OUTDATED)


@jobs.job(JOB, title=gettext_lazy("Convocations"))
def run_summons(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Issue the summons of a session; taken up after a crash, those already issued are skipped."""
    session = ExamSession.objects.select_related("version__framework", "organisation").get(
        pk=args["session"]
    )
    by = User.objects.get(pk=args["by"])
    asked_at = datetime.fromisoformat(args["asked_at"])
    chosen = recipients(session, args.get("whom", EVERYBODY), asked_at)
    for done, person in enumerate(chosen, start=1):
        actions.issue_summons(recipient=person, by=by, at=timezone.now())
        progress(done, len(chosen), _("Convocation %(number)s") % {"number": done})
    actions.mark_summoned(session=session, by=by, at=timezone.now())
    address = reverse("exam_sessions:summons", args=[session.pk])
    return {
        "issued": len(chosen),
        "notes": [
            ngettext(
                "%d convocation émise, son envoi est suivi",
                "%d convocations émises, leur envoi est suivi",
                len(chosen),
            )
            % len(chosen)
        ],
        "links": [{"label": _("Voir les convocations"), "url": address}],
    }


def recipients(
    session: ExamSession, whom: str, asked_at: datetime
) -> list[SessionCandidate | SessionJuror]:
    """Who gets a summons now; what was issued since it was asked is done."""
    current = queries.current_summonses(session)
    seats = list(queries.seats(session))
    everybody: list[tuple[tuple[str, int], SessionCandidate | SessionJuror]] = [
        *((("candidate", seat.pk), seat) for seat in seats),
        *((("juror", member.pk), member) for member in queries.members(session)),
    ]
    wrong: Collection[tuple[str, int]] = ()
    if whom == OUTDATED:
        wrong = queries.outdated(session, current, seats, queries.timetable(session, seats))
    return [
        person
        for key, person in everybody
        if key not in current
        or (whom == EVERYBODY and current[key].issued_at < asked_at)
        or (key in wrong and current[key].issued_at < asked_at)
    ]


def ask_for_summons(*, session: ExamSession, whom: str, by: User, at: datetime) -> Job:
    """Queue the writing of a session's summons, once while it is under way."""
    return jobs.enqueue(
        JOB,
        by=by,
        at=at,
        args={"session": session.pk, "by": by.pk, "asked_at": at.isoformat(), "whom": whom},
        unique_key=f"summons:{session.pk}",
    )


@rounds.every(LOOK_EVERY, JOB)
def send_planned(now: datetime) -> None:
    """Begin the sendings whose hour has come; those of a session that is past never begin."""
    due = SummonsPlan.objects.filter(
        started_at__isnull=True,
        send_at__lte=now,
        session__starts_at__gt=now,
        session__state__in=policy.COMPOSABLE,
    )
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            plan = (
                due.select_for_update(of=("self",))
                .select_related("session", "planned_by")
                .filter(pk=pk)
                .first()
            )
            if plan is None:  # another worker began it
                continue
            plan.started_at = now
            plan.save(update_fields=["started_at"])
            ask_for_summons(session=plan.session, whom=OUTDATED, by=plan.planned_by, at=now)


@rounds.every(LOOK_EVERY, "exam_sessions.returns")
def read_returns(now: datetime) -> None:
    returns.read_due(now)


@rounds.every(DIGEST_EVERY, digests.MAIL)
def decide_digests(now: datetime) -> None:
    digests.decide_due(now)


@outbox.handler(digests.MAIL, slow=True)
def send_digest(payload: dict[str, Any]) -> None:
    """Mail the deadlines of a person as they stand now, unless they do not want it any more."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    organisation = Organisation.objects.get(pk=payload["organisation"])
    if user is None or not digests.is_wanted(user, organisation):
        return
    with translation.override("fr"):
        message = digests.message(user, organisation, timezone.now())
    if message is not None:
        _sent_or_refused(message)


def _summons(payload: dict[str, Any]) -> Summons:
    return Summons.objects.select_related(
        "file", "session__organisation", "session__manager", "candidate"
    ).get(pk=payload["summons"])


@outbox.handler(MAIL, slow=True)
def send_summons(payload: dict[str, Any]) -> None:
    """Mail one summons; what was sent, replaced, withdrawn or is past its date does not leave.

    Nor does that of a candidate who sits in another session by now.
    """
    summons = _summons(payload)
    if summons.sent_at or summons.bounced_at or summons.replaced_by_id or summons.withdrawn_at:
        return
    if summons.is_elsewhere:
        return
    if summons.session.starts_at <= timezone.now():
        return
    with translation.override("fr"):
        message = letters.summons_mail(summons)
    try:
        leave(message)
    except (OSError, smtplib.SMTPException) as error:
        words = refusal_words(error)
        if words is None:
            actions.settle_delayed(summons=summons, reason=f"{type(error).__name__} : {error}")
            raise
        actions.settle_bounced(summons=summons, reason=words, at=timezone.now())
        return
    actions.settle_sent(
        summons=summons,
        message_id=message.extra_headers["Message-ID"],
        at=timezone.now(),
    )


def refusal_words(error: Exception) -> str | None:
    """What a server said that will never take this letter; None when it may take it later."""
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPAuthenticationError):
        return None  # the installation's fault, not the recipient's
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return None
    if code < 500:
        return None
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())}"


@outbox.handler(WITHDRAWAL, slow=True)
def send_withdrawal(payload: dict[str, Any]) -> None:
    """Cancel the appointment of a person whose summons had left; what never left needs no mail."""
    summons = _summons(payload)
    left = Summons.objects.filter(event_uid=summons.event_uid, sent_at__isnull=False).exists()
    if not left or summons.withdrawal_sent_at is not None:
        return
    with translation.override("fr"):
        message = letters.withdrawal_mail(summons)
    if _sent_or_refused(message):
        Summons.objects.filter(pk=summons.pk).update(withdrawal_sent_at=timezone.now())


@outbox.handler(DECLINED, slow=True)
def warn_manager(payload: dict[str, Any]) -> None:
    """Tell the manager that somebody cannot come, unless they changed their mind meanwhile."""
    summons = _summons(payload)
    if summons.answer == Summons.Answer.NOT_COMING:
        with translation.override("fr"):
            message = letters.warning_mail(summons)
        _sent_or_refused(message)


def _sent_or_refused(message: EmailMessage) -> bool:
    """Send; False when the server will never take it. What may pass later is raised."""
    try:
        leave(message)
    except smtplib.SMTPException as error:
        if refusal_words(error) is None:
            raise
        return False
    return True
