"""Groups of people that rooms above know, as a reading list names them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from acquis.accounts.models import Workspace


@dataclass(frozen=True, slots=True)
class Audience:
    """A group with its name; `key` stays the same in a private copy of the desk."""

    key: str
    label: str
    members: frozenset[int]  # keys of people


Provider = Callable[[Workspace], Iterable[Audience]]


@cache
def _providers() -> tuple[Provider, ...]:
    """A room writes `audiences(workspace)` in its `reading_groups.py`."""
    names = [f"{config.name}.reading_groups" for config in apps.get_app_configs()]
    return tuple(import_module(name).audiences for name in names if find_spec(name) is not None)


def of_desk(workspace: Workspace) -> list[Audience]:
    return [one for provider in _providers() for one in provider(workspace)]
