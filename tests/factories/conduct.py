"""The smallest valid rows of abusive contacts."""

from datetime import timedelta
from typing import Any

from acquis.accounts.models import User
from acquis.desk.conduct.models import AbusiveContact, ContactMeasure, ProtocolStep
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from tests.factories.desk import NOW


def abusive_contact(of: Conversation, by: User, **fields: Any) -> AbusiveContact:
    """Insults, marked, its protocol under way."""
    at = fields.get("marked_at", NOW)
    values = {
        "nature": AbusiveContact.Nature.INSULT,
        "facts": "« Bande d’incapables », trois fois.",
        "adviser": by,
        "adviser_label": by.full_name,
        "marked_at": at,
        "keep_until": (at + timedelta(days=365)).date(),
    }
    return AbusiveContact.objects.create(
        workspace=of.workspace, conversation=of, **(values | fields)
    )


def protocol_step(of: AbusiveContact, step: str, **fields: Any) -> ProtocolStep:
    values = {"words": "Reprenons.", "at": NOW, "by_label": of.adviser_label}
    return ProtocolStep.objects.create(
        workspace=of.workspace, contact=of, step=step, **(values | fields)
    )


def measure(of: Customer, **fields: Any) -> ContactMeasure:
    """Proposed, to be decided."""
    values = {"reason": "Deux échanges.", "proposed_at": NOW, "proposed_by_label": "Léonie Faure"}
    return ContactMeasure.objects.create(workspace=of.workspace, customer=of, **(values | fields))
