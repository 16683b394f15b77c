from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership, Organisation, User
from acquis.kernel import trace

SLUG_CHARS = 40


@transaction.atomic
def found_organisation(*, name: str, email: str, at: datetime) -> tuple[Organisation, User]:
    """Make an organisation and the person who will manage its accounts, from the shell.

    An account that has this address keeps its name and its password; a new one has none until its
    person chooses one.
    """
    address = email.strip().lower()
    organisation = Organisation.objects.create(name=name.strip(), slug=_free_slug(name))
    person = User.objects.filter(email__iexact=address).first()
    if person is None:
        person = User.objects.create_user(address)
    Membership.objects.create(user=person, organisation=organisation, role=Role.CERTIFYING_BODY)
    trace.record("organisation.founded", organisation, by=None, at=at, person=person.pk)
    return organisation, person


def _free_slug(name: str) -> str:
    stem = slugify(name)[:SLUG_CHARS] or "organisation"
    slug, number = stem, 1
    while Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    return slug
