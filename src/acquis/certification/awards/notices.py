"""The mail that tells a result, its personal link, and its course in days."""

from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from acquis.certification.awards import policy
from acquis.certification.awards.models import ResultNotice
from acquis.certification.awards.wording import day
from acquis.kernel.mail_links import MailLinks

LETTERS = MailLinks(name="resultat", salt="acquis.results", mark="r")


def course_of(notice: ResultNotice) -> policy.Course:
    return policy.Course(
        current=notice.current,
        address=bool(notice.email),
        delayed=bool(notice.delay_reason),
        sent=_day(notice.sent_at),
        bounced=_day(notice.bounced_at),
        opened=_day(notice.opened_at),
        acknowledged=_day(notice.acknowledged_at),
        handed=notice.handed_on,
    )


def state_of(notice: ResultNotice) -> policy.Told:
    return policy.told(course_of(notice))


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None


def address_of(notice: ResultNotice) -> str:
    path = reverse("results:page", args=[LETTERS.token_of(notice.pk)])
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def result_mail(notice: ResultNotice) -> EmailMessage:
    """Say that a result is there, not which: it is read behind the personal link."""
    data = notice.document.data
    body = render_to_string(
        "awards/mail/result.txt",
        {
            "data": data,
            "corrects": data.get("corrects"),
            "link": address_of(notice),
            "until": day(notice.noted_at + policy.LINK_LIVES),
            "centre": notice.document.organisation,
        },
    )
    return EmailMessage(
        f"Votre résultat – {data['framework']['title']}",
        body.strip() + "\n",
        # The address of the envelope: servers return there what they cannot deliver.
        from_email=LETTERS.return_address(notice.pk),
        to=[notice.email],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": LETTERS.message_id(notice.pk),
            "Reply-To": notice.document.organisation.email or settings.DEFAULT_FROM_EMAIL,
        },
    )
