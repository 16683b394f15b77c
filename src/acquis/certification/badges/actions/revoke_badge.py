from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges.models import Badge
from acquis.kernel import trace


@transaction.atomic
def revoke_badge(
    *, certificate: IssuedDocument, reason: Badge.Reason, by: Any | None, at: datetime
) -> Badge | None:
    """Put the badge of a certificate in its issuer's revocation list, for good.

    The first reason stays; a certificate whose badge was never made has nothing to revoke.
    """
    badge = Badge.objects.select_for_update().filter(certificate=certificate).first()
    if badge is None or badge.revoked_at is not None:
        return badge
    badge.revoked_at, badge.revocation_reason = at, reason
    badge.save(update_fields=["revoked_at", "revocation_reason"])
    trace.record("badge.revoked", badge, by=by, at=at, uuid=str(badge.uuid), reason=str(reason))
    return badge
