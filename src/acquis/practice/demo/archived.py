"""The centre's seal, by a certificate of trial, and the archive of the session that is all delivered."""

from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.archives.actions.export_session import export_session
from acquis.certification.awards.actions.seal_documents import seal_documents
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.seals import keys
from acquis.certification.seals.actions.load_certificate import load_certificate


def seal_and_archive(*, session: ExamSession, by: User, now: datetime) -> None:
    centre = session.organisation
    identity = keys.make_test_identity(centre.name, at=now)
    load_certificate(organisation=centre, identity=identity, by=by, at=now)
    seal_documents(session=session, by=by, at=now)
    export_session(session=session, by=by, at=now)
