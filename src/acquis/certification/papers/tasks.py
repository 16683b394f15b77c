"""What the subjects add to the summons: the fingerprint of the draws to come."""

from collections.abc import Iterable
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.exam_sessions import summoning
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.papers.actions.commit_draw import commit_draw

TITLE = "Tirage au sort vérifiable"
TEXT = (
    "Les sujets seront désignés par une graine déjà scellée. Empreinte : {}. Gardez-la : la graine est"
    " dite à la fin des épreuves, et chacun peut alors refaire le tirage."
)


@summoning.annex
def announce_draw(session: ExamSession, by: User, at: datetime) -> Iterable[summoning.Note]:
    """Commit when the first summons of a session is written; each letter then says the fingerprint."""
    committed = commit_draw(session=session, by=by, at=at)
    if committed is not None:
        yield TITLE, TEXT.format(committed.commitment)
