import tempfile
from collections.abc import Callable
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max

from acquis.accounts.models import User
from acquis.certification.archives import collecting, packaging, terms
from acquis.certification.archives.errors import NotIssuedYet
from acquis.certification.archives.models import SessionArchive
from acquis.certification.archives.policy import Kind
from acquis.certification.archives.signing import Signer, signer_of
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import files, realtime, trace
from acquis.kernel.models import StoredFile


def export_session(
    *,
    session: ExamSession,
    by: User,
    at: datetime,
    progress: Callable[[int, int | None, str], None] = lambda _done, _total, _message: None,
) -> SessionArchive:
    """Write the session's whole file as one signed package and keep it.

    The package is written piece by piece to the disk. Raises NotIssuedYet.
    """
    refuse_before_the_minutes(session)
    signer = signer_of(session.organisation, at=at)
    name = package_name(session, at)
    # What comes is not known beforehand; the last export says about how much.
    last = session.archives.first()
    expected = last.pieces if last is not None else None
    with tempfile.TemporaryFile() as target:
        packed = packaging.write_package(
            target,
            name=name,
            found=collecting.pieces(session, by=by, at=at),
            about=_about(session, signer, at),
            signer=signer,
            at=at,
            told=lambda done, path: progress(done, max(done, expected) if expected else None, path),
        )
        stored = files.store_file(
            File(target, name=f"{name}.zip"), media_type=files.ARCHIVE, by=by, at=at
        )
    return _keep(session, stored, packed, signer, by, at)


def refuse_before_the_minutes(session: ExamSession) -> None:
    if session.state != ExamSession.State.ISSUED:
        raise NotIssuedYet


def package_name(session: ExamSession, at: datetime) -> str:
    """« session-S-0012-20261120-150409 », safe for any file system."""
    reference = "".join(letter if letter.isalnum() else "-" for letter in session.reference)
    return f"session-{reference}-{at:%Y%m%d-%H%M%S}"


def _about(session: ExamSession, signer: Signer, at: datetime) -> dict[str, str]:
    head = trace.head(session.trace_stream)
    return {
        "Source-Organization": _line(session.organisation.name),
        "External-Identifier": _line(session.reference),
        "External-Description": _line(session.version.framework.title),
        "Bagging-Date": f"{terms.day(at).isoformat()}",
        "Acquis-Signed-By": _line(signer.name),
        "Acquis-Trace": f"{head.stream} {head.position} {head.fingerprint}",
    }


def _line(text: str) -> str:
    return " ".join(text.split())


@transaction.atomic
def _keep(
    session: ExamSession,
    stored: StoredFile,
    packed: packaging.Packed,
    signer: Signer,
    by: User,
    at: datetime,
) -> SessionArchive:
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    last = session.archives.aggregate(number=Max("number"))["number"] or 0
    term = terms.term(Kind.PACKAGES, on=terms.day(at))
    archive = SessionArchive.objects.create(
        session=session,
        number=last + 1,
        file=stored,
        sha256=stored.sha256,
        size=stored.size,
        pieces=packed.pieces,
        signed_with=signer.kind,
        signer=signer.name[:500],
        made_at=at,
        made_by=by,
        keep_until=term.last_day(terms.day(at)),
    )
    trace.record(
        "archive.exported",
        archive,
        by=by,
        at=at,
        number=archive.number,
        pieces=packed.pieces,
        size=stored.size,
        sha256=stored.sha256,
        signed_with=signer.kind.value,
        signer=signer.name,
    )
    realtime.publish(f"session:{session.pk}", at=at, what="archive.exported")
    return archive


@transaction.atomic
def record_download(*, archive: SessionArchive, by: User, at: datetime) -> None:
    trace.record(
        "archive.downloaded",
        archive,
        by=by,
        at=at,
        number=archive.number,
        sha256=archive.sha256,
    )
