"""What each application offers in the navigation, gathered without knowing any of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: an application writes it in its `navigation.py`, in a list named `ITEMS`.

    `verb` is the verb that a person needs to see it; None shows it to everyone signed in.
    Entries are shown by rising `order`, then in the order of the installed applications.
    """

    label: str | Promise
    url_name: str
    icon: str
    verb: str | None = None
    order: int = 50


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it."""

    label: str
    url: str
    icon: str
    current: bool


@cache
def collect() -> tuple[Item, ...]:
    """All entries of all applications, in their order of display."""
    found: list[Item] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.navigation"
        # The kernel's own `navigation` is this module.
        if name != __name__ and find_spec(name) is not None:
            found += import_module(name).ITEMS
    return tuple(sorted(found, key=lambda item: item.order))


def visible(
    allows: Callable[[str | None], bool], path: str, items: Iterable[Item] | None = None
) -> list[Link]:
    """The entries that `allows` accepts, the one of the page at `path` marked current.

    An entry whose page does not exist is left out.
    """
    offered = collect() if items is None else items
    addressed = [(item, url) for item, url in _addressed(offered) if allows(item.verb)]
    reached = (url for _, url in addressed if path == url or (url != "/" and path.startswith(url)))
    current = max(reached, key=len, default=None)
    return [
        Link(label=str(item.label), url=url, icon=item.icon, current=url == current)
        for item, url in addressed
    ]


def _addressed(items: Iterable[Item]) -> Iterator[tuple[Item, str]]:
    for item in items:
        try:
            yield item, reverse(item.url_name)
        except NoReverseMatch:
            continue
