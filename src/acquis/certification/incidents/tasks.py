"""The sheet on its way to the direction."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from acquis.certification.incidents import queries
from acquis.certification.incidents.actions.incident_sheet import MAIL
from acquis.certification.incidents.models import IncidentSheet
from acquis.kernel import files, outbox
from acquis.kernel.mail_leaving import leave


@outbox.handler(MAIL, slow=True)
def send_sheet(payload: dict[str, Any]) -> None:
    """Mail the sheet and its PDF to each person of the direction; nobody: it waits on its page."""
    sheet = IncidentSheet.objects.select_related("session__organisation", "file").get(
        pk=payload["sheet"]
    )
    to = list(queries.direction_of(sheet.session.organisation).values_list("email", flat=True))
    if not to or sheet.file is None:
        return
    path = reverse("incidents:session", args=[sheet.session_id])
    with translation.override("fr"):
        body = render_to_string(
            "incidents/mail/sheet.txt",
            {"sheet": sheet, "link": settings.PUBLIC_ADDRESS.rstrip("/") + path},
        )
    message = EmailMessage(
        f"Fiche de dysfonctionnement – session {sheet.session.reference}",
        body.strip() + "\n",
        to=to,
    )
    message.attach(sheet.file.name, files.read(sheet.file), "application/pdf")
    leave(message)
