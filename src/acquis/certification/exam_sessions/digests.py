"""One mail a day at most with what is late, in trouble or near, for those who answer for it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.certification.exam_sessions import policy, presentation
from acquis.certification.exam_sessions.models import DigestChoice
from acquis.kernel import deadlines as board
from acquis.kernel import outbox
from acquis.kernel.deadlines import Deadline, Urgency

MAIL = "deadlines.digest"
TOLD = (Urgency.LATE, Urgency.TROUBLE, Urgency.SOON)


def decide_due(now: datetime) -> int:
    """Queue the digests of the day that say something. Returns how many left.

    Decided once a day for each person, from the morning on: what comes after waits for the next.
    """
    local = timezone.localtime(now)
    if local.hour < policy.DIGEST_HOUR:
        return 0
    left = 0
    for user, organisation in _concerned(local.date()):
        left += _decide(user, organisation, now, local.date())
    return left


def _concerned(today: date) -> Iterator[tuple[User, Organisation]]:
    """Who may see a deadline of an organisation, and was not looked at today."""
    done = set(
        DigestChoice.objects.filter(looked_on=today).values_list("user_id", "organisation_id")
    )
    verbs = [kind.verb for kind in board.kinds()]
    for organisation in Organisation.objects.order_by("pk"):
        people = User.objects.filter(is_active=True, memberships__organisation=organisation)
        for user in people.exclude(email="").distinct().order_by("pk"):
            if (user.pk, organisation.pk) in done:
                continue
            if any(may(user, verb, organisation) for verb in verbs):
                yield user, organisation


def deadlines_of(
    user: User, organisation: Organisation, now: datetime, today: date
) -> list[Deadline]:
    """What this person answers for and should look at, the most urgent first."""
    everything = board.board(
        user, organisation, now, today, lambda verb: may(user, verb, organisation)
    )
    return [
        one
        for one in everything
        if one.urgency(today) in TOLD and (not one.people or user.pk in one.people)
    ]


@transaction.atomic
def _decide(user: User, organisation: Organisation, now: datetime, today: date) -> bool:
    DigestChoice.objects.get_or_create(user=user, organisation=organisation)
    choice = DigestChoice.objects.select_for_update().get(user=user, organisation=organisation)
    if choice.looked_on == today:  # another worker did
        return False
    choice.looked_on = today
    found = deadlines_of(user, organisation, now, today) if choice.wanted else []
    marks = sorted({f"{one.kind}|{one.title}|{one.urgency(today)}" for one in found})
    days = [(one.due - today).days for one in found if one.due and not one.done]
    told = policy.digest_is_due(marks, choice.told, days)
    if told:
        choice.sent_on = today
        outbox.put(MAIL, {"user": user.pk, "organisation": organisation.pk}, at=now)
    choice.told = marks
    choice.save()
    return told


def message(user: User, organisation: Organisation, now: datetime) -> EmailMessage | None:
    """The digest as it stands when it leaves; None when nothing is left to tell."""
    today = timezone.localtime(now).date()
    found = deadlines_of(user, organisation, now, today)
    if not found:
        return None
    labels = {kind.code: kind.label for kind in board.kinds()}
    root = settings.PUBLIC_ADDRESS.rstrip("/")
    lines: list[dict[str, Any]] = [
        {
            "urgency": presentation.URGENCIES[one.urgency(today)][0],
            "kind": labels[one.kind],
            "deadline": one,
            "left": presentation.days_left(one.due, today) if not one.done else "",
            "link": root + one.url,
        }
        for one in found
    ]
    body = render_to_string(
        "exam_sessions/mail/digest.txt",
        {
            "lines": lines,
            "organisation": organisation,
            "board": root + reverse("exam_sessions:deadlines"),
        },
    )
    subject = f"{organisation.name} : {len(lines)} échéance{'s' if len(lines) > 1 else ''} à suivre"
    return EmailMessage(subject, body.strip() + "\n", to=[user.email])


@transaction.atomic
def choose(*, user: User, organisation: Organisation, wanted: bool) -> DigestChoice:
    """Switch the digest of this person on or off, for this organisation."""
    choice, _new = DigestChoice.objects.update_or_create(
        user=user, organisation=organisation, defaults={"wanted": wanted}
    )
    return choice


def is_wanted(user: User, organisation: Organisation) -> bool:
    return not DigestChoice.objects.filter(
        user=user, organisation=organisation, wanted=False
    ).exists()
