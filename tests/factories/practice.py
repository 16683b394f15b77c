"""Enterprises and their private copies."""

from datetime import datetime

from acquis.accounts.models import Organisation, Workspace
from acquis.practice.enterprises.actions.load_pack import load_pack

SLUG = "valbrenne"


def organisation(slug: str = "centre-essai") -> Organisation:
    return Organisation.objects.get_or_create(slug=slug, defaults={"name": "Centre d’essai"})[0]


def model_workspace(*, at: datetime) -> Workspace:
    """The enterprise that ships, loaded for a small centre."""
    return load_pack(organisation=organisation(), slug=SLUG, by=None, at=at)
