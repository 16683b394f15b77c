"""What is known of a customer when one wonders whether they may be called to sell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from acquis.desk.directory.models import Consent, Customer, ProspectingCall
from acquis.desk.directory.policy import calling, postal
from acquis.desk.directory.rooms import Contract, rooms
from acquis.desk.shell import PARIS
from acquis.regulation import queries as regulation

CALLS_READ = 200  # the last ones: a refusal older than they are is in the consents too
PARAMETERS = {
    "opt_in": "prospecting.opt_in",
    "hours": "prospecting.hours",
    "attempts": "prospecting.attempts",
    "period": "prospecting.attempts_period",
    "refusal": "prospecting.refusal_period",
    "consent": "retention.prospect",
}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Calling:
    """What was said, tried and sold: all that `policy.calling.may_call` needs but the instant."""

    said: Sequence[calling.Said]
    calls: Sequence[ProspectingCall]
    contracts: Sequence[Contract]
    rules: calling.Rules | None
    person: calling.Person

    def verdict(self, at: datetime, aim: calling.Aim = calling.TO_SELL) -> calling.Verdict:
        """A relation counts only while a contract runs: without one it is left aside."""
        return calling.may_call(
            at=at,
            rules=self.rules,
            person=self.person,
            said=self.said,
            attempts=[
                calling.Attempt(call.called_at, call.outcome == ProspectingCall.Outcome.REFUSED)
                for call in self.calls
            ],
            aim=aim if self.contracts else replace(aim, relation=None),
        )


def calling_of(customer: Customer, *, at: datetime) -> Calling:
    """Four queries, and those of the rooms that know contracts."""
    day = at.astimezone(PARIS).date()
    phones = [number for number in (customer.phone, customer.phone_alt) if number]
    return Calling(
        said=said_of(customer),
        calls=list(customer.prospecting_calls.all()[:CALLS_READ]),
        contracts=[one for room in rooms() for one in room.contracts(customer, day)],
        rules=calling_rules(day),
        person=calling.Person(
            calling.zone_of(
                postcode=customer.postcode,
                phones=phones,
                inland=postal.is_inland(customer.country),
            ),
            professional=customer.kind == Customer.Kind.COMPANY,
        ),
    )


def calling_rules(on: date) -> calling.Rules | None:
    """The parameters in force that day; None when one of them is not recorded."""
    found = {one.code: one for one in regulation.holding(on).filter(code__in=PARAMETERS.values())}
    if set(found) != set(PARAMETERS.values()):
        return None
    of = {name: found[code] for name, code in PARAMETERS.items()}
    return calling.Rules(
        opt_in=of["opt_in"].is_on,
        hours=calling.hours_of(of["hours"].text),
        attempts=of["attempts"].whole,
        period_days=of["period"].whole,
        refusal_days=of["refusal"].whole,
        consent_years=of["consent"].whole,
    )


def said_of(customer: Customer) -> list[calling.Said]:
    """What was said about the telephone: dated records, else what came with the data.

    An agreement that came with the data proves nothing; a refusal is believed.
    """
    records = customer.consent_records.filter(
        channel=Consent.Channel.PHONE, purpose=Consent.Purpose.PROSPECTING
    )
    said = [
        calling.Said(one.given, one.decided_at, bool(one.text_shown), one.any_hours)
        for one in records
    ]
    if said:
        return said
    kept = customer.consents.get(Consent.Channel.PHONE) if customer.consents else None
    granted = kept.get("granted") if isinstance(kept, dict) else kept
    if not isinstance(granted, bool):
        return []
    on = str(kept.get("on") or "") if isinstance(kept, dict) else ""
    return [calling.Said(granted, _instant(on), proved=False)]


def _instant(on: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(on), time(), tzinfo=PARIS)
    except ValueError:
        return LONG_AGO
