"""What the subjects add to the summons, and what they let go of: files that no subject took."""

from collections.abc import Iterable
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.exam_sessions import revising, summoning
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.papers import queries
from acquis.certification.papers.actions.bring_file import let_brought_go
from acquis.certification.papers.actions.commit_draw import commit_draw, renew_commitment
from acquis.kernel import rounds

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


CHANGED = "L’examen ou l’entreprise de la session a changé : la liste figée n’était plus la sienne."


@revising.exam_changed
def renew_draw(session: ExamSession, by: User, at: datetime) -> None:
    """Freeze the subjects of the new exam; the former fingerprint stays published, with the reason."""
    if queries.commitment_of(session) is not None:
        renew_commitment(session=session, reason=CHANGED, by=by, at=at)


@rounds.every(3600, "papers.let_brought_go")
def let_files_go(now: datetime) -> None:
    let_brought_go(now)
