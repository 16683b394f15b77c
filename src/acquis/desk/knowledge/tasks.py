"""Mails to those whom a reading list waits for; what the search reads, made again when it must."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from acquis.desk.knowledge.actions.confirm_reading import REMINDER
from acquis.desk.knowledge.actions.reindex import reindex_outdated
from acquis.desk.knowledge.models import ReadingReminder
from acquis.kernel import outbox, rounds
from acquis.kernel.mail_leaving import leave

SEARCH = "knowledge.search"


@outbox.handler(REMINDER)
def send_reminder(payload: dict[str, Any]) -> None:
    """In the reader's language; a list put away meanwhile asks nothing."""
    row = (
        ReadingReminder.objects.select_related("reading_list", "reader", "workspace")
        .filter(pk=payload["reminder"], reading_list__archived_at=None, reader__is_active=True)
        .first()
    )
    if row is None:
        return
    address = reverse("knowledge:reading_list", args=[row.workspace_id, row.reading_list_id])
    with translation.override(row.reader.language or settings.LANGUAGE_CODE):
        subject = _("À lire : %(title)s") % {"title": row.reading_list.title}
        lines = [
            _("Bonjour %(name)s,") % {"name": row.reader.full_name},
            "",
            _("La liste de lecture « %(title)s » vous attend encore sur le poste %(desk)s.")
            % {"title": row.reading_list.title, "desk": row.workspace.name},
            f"{settings.PUBLIC_ADDRESS.rstrip('/')}{address}",
            "",
            row.sent_by,
        ]
    leave(EmailMessage(subject, "\n".join(lines), to=[row.reader.email]))


@rounds.every(3600, SEARCH)
def keep_searchable(now: datetime) -> None:  # noqa: ARG001 - a round is told the time
    """Articles indexed by another version of the words, or brought without being indexed."""
    reindex_outdated()
