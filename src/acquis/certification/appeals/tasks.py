"""The letters of appeals on their way."""

import smtplib
from typing import Any

from django.utils import timezone, translation

from acquis.certification.appeals import actions, letters
from acquis.certification.appeals.actions.write_letter import MAIL
from acquis.certification.appeals.models import AppealLetter
from acquis.certification.exam_sessions.tasks import refusal_words
from acquis.kernel import outbox
from acquis.kernel.mail_leaving import leave


@outbox.handler(MAIL, slow=True)
def send_letter(payload: dict[str, Any]) -> None:
    """Mail a letter once; what a server will never take is told, to be posted."""
    letter = AppealLetter.objects.select_related("file", "appeal__organisation").get(
        pk=payload["letter"]
    )
    if letter.sent_at or letter.refused_at:
        return
    with translation.override("fr"):
        message = letters.letter_mail(letter)
    try:
        leave(message)
    except smtplib.SMTPException as error:
        words = refusal_words(error)
        if words is None:
            raise
        actions.settle_refused(letter=letter, reason=words, at=timezone.now())
        return
    actions.settle_sent(
        letter=letter, message_id=message.extra_headers["Message-ID"], at=timezone.now()
    )
