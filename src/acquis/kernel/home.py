"""What each application puts on a person's first page, gathered without knowing any of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Card:
    """Something to do next, or to go to.

    `count` is how many wait; `tone` is neutral, info, success, warning or danger and only supports
    the words. Cards are shown by rising `order`.
    """

    title: str | Promise
    text: str | Promise
    url: str
    icon: str
    count: int | None = None
    tone: str = "neutral"
    order: int = 50


Cards = Callable[[Any, Any, datetime], Iterable[Card]]


@dataclass(frozen=True, slots=True)
class Provider:
    """An application writes these in its `home.py`, in a list named `PROVIDERS`.

    `cards(user, organisation, now)` is called only for a person who holds `verb` in `organisation`;
    None calls it for everyone signed in, and then `organisation` may be None.
    """

    verb: str | None
    cards: Cards


@cache
def collect() -> tuple[Provider, ...]:
    found: list[Provider] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.home"
        # The kernel's own `home` is this module.
        if name != __name__ and find_spec(name) is not None:
            found += import_module(name).PROVIDERS
    return tuple(found)


def cards_for(
    user: Any, organisation: Any, now: datetime, allows: Callable[[str | None], bool]
) -> list[Card]:
    """The cards of all providers whose verb `allows` accepts, in their order."""
    shown = [
        card
        for provider in collect()
        if allows(provider.verb)
        for card in provider.cards(user, organisation, now)
    ]
    return sorted(shown, key=lambda card: card.order)
