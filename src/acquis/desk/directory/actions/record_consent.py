"""Agreements given and withdrawn, as dated records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.directory.errors import (
    ConsentByCanvassing,
    ConsentTextMissing,
    NotYetSaid,
    PartnerMissing,
)
from acquis.desk.directory.models import Consent, Customer
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.kernel import realtime, trace
from acquis.kernel.models import StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the customer said, how, and what proves it."""

    channel: str
    given: bool
    decided_at: datetime
    medium: str
    purpose: str = Consent.Purpose.PROSPECTING
    text_shown: str = ""
    act: str = ""
    any_hours: bool = False
    partner: str = ""
    proof: str = ""
    proof_file: StoredFile | None = None


@transaction.atomic
def record_consent(
    *, customer: Customer, statement: Statement, by: User | None, at: datetime
) -> Consent:
    """Keep what the customer said; a withdrawal holds from the instant it was said.

    An agreement needs the text shown and the act, a partner's file its partner. Raises NotYetSaid,
    ConsentTextMissing, ConsentByCanvassing, PartnerMissing or WorkspaceSealed; nothing is written
    then. Source: P-07.
    """
    refuse_if_sealed(customer.workspace)
    _refuse(statement, at)
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    kept = _insert(row, statement, by=by, at=at)
    _summarise(row, statement.channel)
    row.updated_at = at
    row.save(update_fields=["consents", "updated_at"])
    stream = f"workspace:{row.workspace_id}"
    trace.record(
        "consent.given" if statement.given else "consent.withdrawn",
        kept,
        by=by,
        at=at,
        stream=stream,
        customer_id=row.pk,
        channel=statement.channel,
        purpose=statement.purpose,
        decided_at=statement.decided_at.isoformat(),
        medium=statement.medium,
        text_fingerprint=kept.text_fingerprint,
    )
    realtime.publish(stream, at=at, what="customer", customer=row.pk)
    return kept


def keep_declared(
    customer: Customer,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Write the records of yes and no as they were answered on the form of the record.

    They bear no text: such an agreement is kept, and does not allow to call (P-07).
    """
    for channel in Consent.Channel.values:
        old, new = _granted(before.get(channel)), _granted(after.get(channel))
        if old == new or (new is None and not old):
            continue
        statement = Statement(
            channel=channel,
            given=bool(new),
            decided_at=at,
            medium=Consent.Medium.DECLARED,
        )
        _insert(customer, statement, by=by, at=at)


def _refuse(statement: Statement, at: datetime) -> None:
    if statement.decided_at > at:
        raise NotYetSaid
    if not statement.given:
        return
    if not statement.text_shown.strip() or not statement.act.strip():
        raise ConsentTextMissing
    if statement.medium == Consent.Medium.PARTNER and not statement.partner.strip():
        raise PartnerMissing
    by_phone = statement.channel == Consent.Channel.PHONE
    if by_phone and statement.medium == Consent.Medium.CALL_OUT:
        raise ConsentByCanvassing


def _insert(customer: Customer, statement: Statement, *, by: User | None, at: datetime) -> Consent:
    text = statement.text_shown.strip()
    return Consent.objects.create(
        workspace_id=customer.workspace_id,
        customer=customer,
        channel=statement.channel,
        purpose=statement.purpose,
        given=statement.given,
        decided_at=statement.decided_at,
        medium=statement.medium,
        text_shown=text,
        text_fingerprint=sha256(text.encode()).hexdigest() if text else "",
        act=statement.act.strip(),
        any_hours=statement.given and statement.any_hours,
        partner=statement.partner.strip(),
        proof=statement.proof.strip(),
        proof_file=statement.proof_file,
        recorded_at=at,
        recorded_by=by,
        recorded_by_label=by.full_name if by else "",
    )


def _summarise(customer: Customer, channel: str) -> None:
    """The last word on a channel, beside the record; the records themselves decide."""
    last = customer.consent_records.filter(
        channel=channel, purpose=Consent.Purpose.PROSPECTING
    ).first()
    if last is not None:
        customer.consents = {
            **(customer.consents or {}),
            channel: {
                "granted": last.given,
                "on": day_in_paris(last.decided_at).isoformat(),
                "source": str(Consent.Medium(last.medium).label),
            },
        }


def _granted(kept: Any) -> bool | None:
    granted = kept.get("granted") if isinstance(kept, dict) else kept
    return granted if isinstance(granted, bool) else None
