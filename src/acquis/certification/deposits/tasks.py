"""What documents to hand in add to the summons: until when, and where."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from acquis.accounts.models import User
from acquis.certification.deposits import queries
from acquis.certification.exam_sessions import summoning
from acquis.certification.exam_sessions.models import ExamSession

TITLE = "Document à remettre avant l’épreuve"
TEXT = (
    "{} : au plus tard le {}, depuis la page d’accueil de l’espace candidat. Gardez le récépissé."
)
REFUSED = " Après cette heure, le référentiel refuse le document."
LATE = " Après cette heure, le document est gardé et marqué en retard."


@summoning.annex
def announce_hour(session: ExamSession, _by: User, _at: datetime) -> Iterable[summoning.Note]:
    for part in queries.parts_of(session, queries.own_hour(session)):
        hour = date_format(timezone.localtime(part.due), r"j F Y à H \h i")
        yield (
            TITLE,
            TEXT.format(part.title, hour) + (REFUSED if part.plan.late_refused else LATE),
        )
