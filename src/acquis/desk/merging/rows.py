"""Rows as JSON keeps them, and back: what a merge changes must be restored to the sign."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

from acquis.desk.directory.models import Customer
from acquis.desk.merging.models import MatchKey, Suspicion

# Made from the records by comparing them: set aside with a merged record, never moved.
DERIVED: tuple[type[models.Model], ...] = (MatchKey, Suspicion)

Pointer = tuple[type[models.Model], str]


def pointers() -> list[Pointer]:
    """Every foreign key of the desk that points at a customer, in the order of their labels.

    A room that is added later is found by itself: nobody has to remember to list it.
    """
    found = [
        (field.model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields  # noqa: SLF001
        if isinstance(field, models.ForeignKey) and field.related_model is Customer
    ]
    return sorted(found, key=lambda pointer: (pointer[0]._meta.label, pointer[1]))  # noqa: SLF001


def label(model: type[models.Model] | models.Model) -> str:
    return model._meta.label  # noqa: SLF001


def manager(model: type[models.Model]) -> "models.Manager[Any]":
    return model._default_manager  # noqa: SLF001


def kept(row: models.Model) -> dict[str, Any]:
    """All the columns of a row, by attribute name, as JSON values."""
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields  # noqa: SLF001
    }


def restored(name: str, values: Mapping[str, Any]) -> models.Model:
    """The row that `kept` described, not yet written."""
    model: type[models.Model] = apps.get_model(name)
    return model(**typed(model, values))


def typed(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the columns of the model take them."""
    columns = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001
    return {name: columns[name].to_python(value) for name, value in values.items()}


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def chunks(keys: Iterable[int], size: int = 500) -> Iterable[list[int]]:
    """SQLite takes a limited number of values a query."""
    listed = list(keys)
    return (listed[at : at + size] for at in range(0, len(listed), size))


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
