"""A badge given by a stranger: only one that this house keeps is believed, or computed at all."""

from datetime import datetime

from acquis.certification.badges import checking, credentials, queries
from acquis.certification.badges.checking import Checked, Nature
from acquis.certification.badges.reading import UnreadableBadge, read

MOST_BYTES = 256 * 1024  # some kilobytes are usual; the picture of a badge may weigh more


def check_received(content: bytes, *, now: datetime) -> Checked:
    """Check by the keys and the revocation of the badge that the file names, in few queries."""
    try:
        document = read(content).document
    except UnreadableBadge:
        document = {}
    badge = queries.badge_of(str(document.get("id")))
    issuer = checking.identifier_of(document.get("issuer"))
    kept = queries.credential_of(badge) if badge is not None else None
    by = checking.known(
        queries.key_documents(issuer) if issuer else [],
        [] if badge is None else [queries.revocation_of(badge)],
        lambda _identifier: kept,
        only_kept=True,
    )
    return checking.check(content, by=by, now=now)


def holder_named(checked: Checked, name: str) -> bool | None:
    """Whether the badge is of this person; None when nothing was asked or the badge is not sound.

    The name is compared as the certificate prints it, but for spaces around and between words.
    """
    sound = checked.credential and {one.nature for one in checked.faults} <= {Nature.REVOKED}
    written = " ".join(name.split())
    return credentials.names(checked.credential, written) if sound and written else None
