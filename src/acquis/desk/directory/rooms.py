"""What the other rooms of the desk know about a customer, gathered without knowing any of them.

A room of the desk says it in its `customer_record.py`, in a `ROOM` (or several in `ROOMS`): this one stands below all of
them and imports none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Literal

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer

Tone = Literal["neutral", "info", "success", "warning", "danger"]
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the history of a customer."""

    kind: str
    at: datetime
    pk: int
    title: Text
    text: str = ""
    url: str = ""
    icon: str = "circle-dot"
    channel: str = ""
    channel_label: Text = ""
    actor: str = ""
    badge: Text = ""
    tone: Tone = "neutral"
    day_only: bool = False

    @property
    def when(self) -> date | datetime:
        """What is shown: the instant, or the day when only the day is known."""
        return self.at.date() if self.day_only else self.at


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing an adviser must know at a glance, and where to read on."""

    section: Literal["open", "owed", "promised", "contacts"]
    title: Text
    text: Text = ""
    url: str = ""
    tone: Tone = "neutral"
    on: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """A filter of the list of customers: those of whom `condition(today)` holds."""

    key: str
    label: Text
    condition: Callable[[date], Q]


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that begins from a customer's record; its address takes workspace and customer."""

    label: Text
    icon: str
    url_name: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract in progress: the customer may be called about it without a prior agreement."""

    reference: str
    label: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Resembling:
    """A record that may be that of the customer who is about to be created, and why."""

    customer: Customer
    reasons: Sequence[Text]


def _no_contracts(customer: Customer, on: date) -> Iterable[Contract]:
    del customer, on
    return ()


def _no_facts(customer: Customer, today: date) -> Iterable[Fact]:
    del customer, today
    return ()


def _nobody(workspace: Workspace, values: Mapping[str, Any]) -> Iterable[Resembling]:
    del workspace, values
    return ()


def _no_successor(workspace: Workspace, former_key: int) -> int | None:
    del workspace, former_key
    return None


def _no_customers(workspace: Workspace, number: str) -> QuerySet[Customer]:
    del number
    return Customer.objects.none().filter(workspace=workspace)


@dataclass(frozen=True, slots=True)
class Room:
    """What one room tells: its part of the history, its facts, the numbers it can find.

    `moments(customer, channel, limit)` gives the newest first, at most `limit`; a room without
    channels gives nothing when one is asked.
    """

    kind: str
    label: Text
    moments: Callable[[Customer, str, int], Iterable[Moment]]
    facts: Callable[[Customer, date], Iterable[Fact]] = _no_facts
    customers: Callable[[Workspace, str], QuerySet[Customer]] = _no_customers
    situations: tuple[Situation, ...] = field(default=())
    channels: tuple[tuple[str, Text], ...] = field(default=())
    offers: tuple[Offer, ...] = field(default=())
    contracts: Callable[[Customer, date], Iterable[Contract]] = _no_contracts
    list_offers: tuple[Offer, ...] = field(default=())  # from the list; address: workspace alone
    # Of the values of a new record, and of the key of one that is gone.
    resembling: Callable[[Workspace, Mapping[str, Any]], Iterable[Resembling]] = _nobody
    successor: Callable[[Workspace, int], int | None] = _no_successor


@cache
def rooms() -> tuple[Room, ...]:
    """The rooms that know customers, in the order of the installed applications."""
    names = [f"{config.name}.customer_record" for config in apps.get_app_configs()]
    modules = [import_module(name) for name in names if find_spec(name) is not None]
    return tuple(room for module in modules for room in _of(module))


def _of(module: ModuleType) -> tuple[Room, ...]:
    """A module that tells several kinds of things names them in ROOMS."""
    told: tuple[Room, ...] = getattr(module, "ROOMS", ()) or (module.ROOM,)
    return told


def situations() -> dict[str, Situation]:
    return {situation.key: situation for room in rooms() for situation in room.situations}


def list_offers() -> tuple[Offer, ...]:
    return tuple(offer for room in rooms() for offer in room.list_offers)


def resembling(workspace: Workspace, values: Mapping[str, Any]) -> list[Resembling]:
    """Who may already be known, of a customer about to be created."""
    return [one for room in rooms() for one in room.resembling(workspace, values)]


def successor(workspace: Workspace, former_key: int) -> int | None:
    """The record that took the place of one that is gone."""
    found = (room.successor(workspace, former_key) for room in rooms())
    return next((key for key in found if key is not None), None)
