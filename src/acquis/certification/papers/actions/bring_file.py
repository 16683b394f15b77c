import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.papers import policy, sealing
from acquis.certification.papers.errors import AttachmentKindRefused, AttachmentTooLarge
from acquis.certification.papers.models import BroughtFile
from acquis.kernel import crypto, files

KEPT = timedelta(days=1)  # that a form may stay open with its files


@transaction.atomic
def bring_file(
    *, organisation: Organisation, name: str, content: bytes, reader: str, by: User, at: datetime
) -> BroughtFile:
    """Seal a file that is to go with a subject; what it is, is read from its content.

    `reader` is `policy.FOR_CANDIDATE` or `policy.FOR_JURY`. Raises FileEmpty, AttachmentTooLarge or
    AttachmentKindRefused.
    """
    if not content:
        raise files.FileEmpty(name=name)
    if len(content) > policy.LONGEST_ATTACHMENT:
        limit = policy.LONGEST_ATTACHMENT // 1024 // 1024
        raise AttachmentTooLarge(name=name, limit=limit)
    media_type = sealing.attachment_type(content)
    if media_type is None:
        allowed = ", ".join(sorted(files.NAMES[one] for one in sealing.ATTACHED))
        raise AttachmentKindRefused(name=name, allowed=allowed)
    stored = files.store(
        crypto.seal(content),
        name="piece-scellee",
        media_type="application/octet-stream",
        by=by,
        at=at,
    )
    entry = {
        "name": name[-200:],
        "media_type": media_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "reader": reader,
    }
    return BroughtFile.objects.create(
        organisation=organisation,
        owner=by,
        file=stored,
        sealed=crypto.seal(sealing.encode(entry)),
        brought_at=at,
    )


def let_brought_go(at: datetime) -> int:
    """Delete for good the files that no subject took within a day; returns how many."""
    gone = 0
    for one in BroughtFile.objects.filter(brought_at__lt=at - KEPT).select_related("file"):
        with transaction.atomic():
            one.delete()
            files.forget(one.file)
        gone += 1
    return gone
