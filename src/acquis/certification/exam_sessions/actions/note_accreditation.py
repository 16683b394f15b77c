"""The agréments of a centre, one a title and a site (X-05)."""

from datetime import date, datetime
from typing import TypedDict

from django.db import transaction
from django.utils.formats import date_format

from acquis.accounts.models import Organisation, User
from acquis.certification.exam_sessions import policy
from acquis.certification.exam_sessions.errors import (
    AccreditationDisordered,
    AccreditationTooLong,
    AccreditationTwice,
    AccreditationWithdrawn,
)
from acquis.certification.exam_sessions.models import SiteAccreditation
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.kernel import trace


class AccreditationData(TypedDict):
    """`site` is written as the place of a session is; `valid_to` is the last day."""

    version: FrameworkVersion
    site: str
    number: str
    valid_from: date
    valid_to: date


@transaction.atomic
def note_accreditation(
    *, organisation: Organisation, data: AccreditationData, by: User, at: datetime
) -> SiteAccreditation:
    """Keep an agrément as the authority gave it.

    Raises AccreditationDisordered, AccreditationTooLong or AccreditationTwice.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if data["valid_to"] < data["valid_from"]:
        raise AccreditationDisordered
    last = policy.accreditation_last_day(data["valid_from"], data["version"].valid_to)
    if data["valid_to"] > last:
        raise AccreditationTooLong(last=date_format(last, "j F Y"))
    same = {"number": data["number"], "version": data["version"], "site": data["site"]}
    if organisation.site_accreditations.filter(**same).exists():
        raise AccreditationTwice(number=data["number"])
    noted = SiteAccreditation.objects.create(
        **data, organisation=organisation, noted_at=at, noted_by=by
    )
    trace.record(
        "accreditation.noted",
        noted,
        by=by,
        at=at,
        number=noted.number,
        version=noted.version_id,
        site=noted.site,
        valid_from=noted.valid_from,
        valid_to=noted.valid_to,
    )
    return noted


@transaction.atomic
def withdraw_accreditation(
    *, accreditation: SiteAccreditation, on: date, by: User, at: datetime
) -> SiteAccreditation:
    """From this day it covers no session; it stays written. Raises AccreditationWithdrawn."""
    found = SiteAccreditation.objects.select_for_update(of=("self",)).get(pk=accreditation.pk)
    if found.withdrawn_on is not None:
        raise AccreditationWithdrawn
    found.withdrawn_on = on
    found.save(update_fields=["withdrawn_on"])
    trace.record("accreditation.withdrawn", found, by=by, at=at, number=found.number, on=on)
    return found
