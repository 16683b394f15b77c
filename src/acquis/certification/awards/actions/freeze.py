from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.awards.actions.notify_result import notify_result
from acquis.certification.awards.following import certificate_issued
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.rendering import pdf_of
from acquis.certification.seals.queries import certificate_in_force
from acquis.kernel import files, jobs, realtime, trace
from acquis.kernel.models import Job

NAMES = {
    "pv": "proces-verbal",
    "result_sheet": "fiche-de-resultat",
    "certificate": "certificat",
    "booklet": "livret-de-certification",
}


@transaction.atomic
def freeze(*, document: IssuedDocument, by: User, at: datetime) -> IssuedDocument:
    """Make the final PDF and issue the document: from here the database refuses any change.

    The caller has checked that it may be issued; an issued document is given back as it is.
    """
    document = (
        IssuedDocument.objects.select_for_update(of=("self",))
        .select_related("session")
        .get(pk=document.pk)
    )
    if document.state == IssuedDocument.State.ISSUED:
        return document
    content = pdf_of(document)
    document.file = files.store(
        content,
        name=f"{NAMES[document.kind]}-{document.number}.pdf",
        media_type="application/pdf",
        by=by,
        at=at,
    )
    document.state, document.issued_at = IssuedDocument.State.ISSUED, at
    document.save(update_fields=["file", "state", "issued_at"])
    trace.record(
        "document.issued",
        document,
        by=by,
        at=at,
        kind=document.kind,
        number=document.number,
        sha256=document.file.sha256,
    )
    if document.kind == IssuedDocument.Kind.CERTIFICATE:
        certificate_issued(document, by, at)
    if document.kind == IssuedDocument.Kind.RESULT_SHEET:
        notify_result(document=document, by=by, at=at)
    realtime.publish(f"session:{document.session_id}", at=at, what="document.issued")
    if certificate_in_force(document.organisation_id, at) is not None:
        queue_sealing(document.session_id, by=by, at=at)
    return document


def queue_sealing(session_id: int, *, by: User, at: datetime) -> Job:
    """Seal in the background what of the session is issued and not sealed; once for many."""
    return jobs.enqueue(
        "awards.seal",
        by=by,
        at=at,
        args={"session": session_id, "by": by.pk},
        unique_key=f"awards.seal:{session_id}",
    )
