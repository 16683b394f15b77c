"""Queries asked thousands of times a minute: built and compiled once, asked again with other values.

To build a query and to turn it into SQL takes the ORM several times as long as the database takes to
answer it. Here the ORM does it once for each thread; what follows is the same statement, and the same
rows made into the same models.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Row = TypeVar("Row")
# What stands in for a value while its place in the SQL is looked for: nothing else has it.
_NUMBERS = 2_147_400_000
_INSTANTS = datetime(1901, 3, 7, 1, 13, tzinfo=UTC)


class Standing(Generic[Row]):
    """`Standing(build, key=str, pk=int)`: `build` is given one value for each name, and makes a query.

    A value is an int, a str or a datetime that goes into the SQL as it is, never None; nothing else
    of the query may depend on it. Related rows come by `select_related`; nothing is prefetched.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._own = threading.local()  # a compiled query knows its thread's connection

    def all(self, **values: Any) -> list[Row]:
        """The rows of `build(**values)`, read now."""
        asked = getattr(self._own, "asked", None)
        if asked is None or asked.connection is not connections[DEFAULT_DB_ALIAS]:
            asked = self._own.asked = _Asked(self._build, self._kinds)
        return asked.rows(values)

    def first(self, **values: Any) -> Row | None:
        """The first row, if any: `build` limits and orders them."""
        found = self.all(**values)
        return found[0] if found else None


class _Asked:
    """A query of one thread, compiled."""

    def __init__(self, build: Callable[..., QuerySet[Any]], kinds: Mapping[str, type]) -> None:
        stand_ins = {
            name: _stand_in(place, kind) for place, (name, kind) in enumerate(kinds.items())
        }
        self._queryset = build(**stand_ins)
        query: Any = self._queryset.query
        self._compiler = query.get_compiler(self._queryset.db)
        self.connection = self._compiler.connection
        self._sql, params = self._compiler.as_sql()
        names = {self._given(value): name for name, value in stand_ins.items()}
        self._params = [(_name_of(param, names), param) for param in params]
        missing = set(kinds) - {name for name, _param in self._params}
        if missing:
            message = f"no place in the query for {', '.join(sorted(missing))}"
            raise ValueError(message)
        self._compiler.as_sql = self._filled
        query.get_compiler = lambda *_args, **_more: self._compiler
        self._values: Mapping[str, Any] = {}

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        self._values = values
        iterable: Any = self._queryset._iterable_class  # noqa: SLF001  each time anew
        return list(iterable(self._queryset))

    def _filled(self, *_args: object, **_more: object) -> tuple[str, tuple[Any, ...]]:
        filled = (
            param if name is None else self._given(self._values[name])
            for name, param in self._params
        )
        return self._sql, tuple(filled)

    def _given(self, value: Any) -> Any:
        """As the engine is given it."""
        if isinstance(value, datetime):
            return self.connection.ops.adapt_datetimefield_value(value)
        return value


def _stand_in(place: int, kind: type) -> Any:
    if kind is datetime:
        return _INSTANTS + timedelta(seconds=place)
    return _NUMBERS + place if kind is int else f"⟦{place}⟧"


def _name_of(param: Any, names: Mapping[Any, str]) -> str | None:
    """The name of the value that stands there, None for what never changes."""
    return names.get(param) if isinstance(param, int | str | datetime) else None
