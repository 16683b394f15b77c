from datetime import datetime

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.kernel import trace


@transaction.atomic
def change_profile(*, person: User, fields: list[str], at: datetime) -> None:
    """Keep what the person changed of their own particulars; `fields` names what changed."""
    person.save(update_fields=fields)
    trace.record("person.profile_changed", person, by=person, at=at, fields=fields)


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, fields: list[str], by: User, at: datetime
) -> None:
    organisation.save(update_fields=fields)
    trace.record("organisation.changed", organisation, by=by, at=at, fields=fields)
