from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.certification.awards.queries import to_seal
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.seals.actions.seal_file import seal_file
from acquis.certification.seals.errors import NoCertificate
from acquis.certification.seals.models import Seal
from acquis.certification.seals.queries import certificate_in_force

# Printed in the seal itself, in French like the document.
REASON = "Document officiel {number} émis par {centre}"


def seal_documents(
    *,
    session: ExamSession,
    by: User,
    at: datetime,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _message: None,
) -> list[Seal]:
    """Give a sealed copy to every issued document of the session that has none.

    Each in its own transaction, so that work interrupted is taken up where it stopped.
    Raises NoCertificate.
    """
    certificate = certificate_in_force(session.organisation_id, at)
    if certificate is None:
        raise NoCertificate
    waiting = [(one, one.file) for one in to_seal(session) if one.file is not None]
    sealed = []
    for done, (document, file) in enumerate(waiting):
        progress(done, len(waiting), _("Documents scellés"))
        reason = REASON.format(number=document.number, centre=session.organisation.name)
        sealed.append(
            seal_file(
                source=file, certificate=certificate, of=document, reason=reason, by=by, at=at
            )
        )
    progress(len(waiting), len(waiting), _("Documents scellés"))
    return sealed
