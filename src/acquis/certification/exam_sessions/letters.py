"""The mail of a summons, of its cancellation, and the warning to whoever manages the session."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from acquis.certification.exam_sessions import links
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel import calendars, files


def entry_of(summons: Summons) -> calendars.Entry:
    """The appointment of a summons as the recipient's calendar keeps it."""
    data, centre = summons.data, summons.session.organisation
    cancelled = summons.withdrawn_at is not None
    sender = centre.email or settings.DEFAULT_FROM_EMAIL
    place = ", ".join(part for part in (data["place"], data["room"], *data["address"]) if part)
    return calendars.Entry(
        uid=summons.event_uid,
        # A cancellation is one more version of the same event.
        sequence=summons.sequence + cancelled,
        stamp=summons.withdrawn_at or summons.issued_at,
        starts_at=summons.starts_at,
        ends_at=summons.ends_at,
        summary=f"{'Annulé : ' if cancelled else ''}{_title(data)}",
        location=place,
        description=f"Convocation {summons.number}\n{links.address_of(summons)}",
        organizer=(centre.name, sender),
        attendee=(data["name"], summons.email),
        cancelled=cancelled,
        remind=True,
    )


def _title(data: dict[str, Any]) -> str:
    exam = data["certification"]
    role = "Jury" if data["recipient"] == "juror" else "Examen"
    return " · ".join(part for part in (role, exam["title"], exam["block"]) if part)


def calendar_of(summons: Summons) -> bytes:
    return calendars.calendar_file(entry_of(summons))


def summons_mail(summons: Summons) -> EmailMessage:
    """The letter with its PDF and its appointment."""
    message = _mail(summons, f"Convocation du {summons.data['day']} – {_exam(summons)}", "letter")
    message.attach(f"convocation-{summons.number}.pdf", files.read(summons.file), "application/pdf")
    _attach_event(message, summons)
    return message


def withdrawal_mail(summons: Summons) -> EmailMessage:
    """The same appointment, cancelled."""
    message = _mail(summons, f"Annulé : convocation du {summons.data['day']}", "withdrawal")
    _attach_event(message, summons)
    return message


def warning_mail(summons: Summons) -> EmailMessage:
    """Tell the manager of the session that somebody will not come."""
    session = summons.session
    path = reverse("exam_sessions:summons", args=[session.pk])
    body = render_to_string(
        "exam_sessions/mail/declined.txt",
        {
            "summons": summons,
            "session": session,
            "who": summons.get_recipient_display().lower(),
            "link": settings.PUBLIC_ADDRESS.rstrip("/") + path,
        },
    )
    subject = f"{session.reference} : {summons.data['name']} ne pourra pas venir"
    return EmailMessage(subject, body.strip() + "\n", to=[session.manager.email])


def _exam(summons: Summons) -> str:
    return str(summons.data["certification"]["title"])


def _mail(summons: Summons, subject: str, template: str) -> EmailMessage:
    last_day = date_format(timezone.localtime(summons.ends_at), "j F Y")
    body = render_to_string(
        f"exam_sessions/mail/{template}.txt",
        {
            "summons": summons,
            "data": summons.data,
            "link": links.address_of(summons),
            "until": last_day,
        },
    )
    return EmailMessage(
        subject,
        body.strip() + "\n",
        # The address of the envelope: servers return there what they cannot deliver.
        from_email=links.return_address(summons),
        to=[summons.email],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": _message_id(summons),
            "Reply-To": summons.session.organisation.email or settings.DEFAULT_FROM_EMAIL,
        },
    )


def _message_id(summons: Summons) -> str:
    own = links.message_id(summons)
    return own.replace("<convocation", "<annulation") if summons.withdrawn_at else own


def _attach_event(message: EmailMessage, summons: Summons) -> None:
    entry = entry_of(summons)
    message.attach(
        "convocation.ics",
        calendars.calendar_file(entry).decode(),
        f"text/calendar; method={calendars.method_of(entry)}",
    )
