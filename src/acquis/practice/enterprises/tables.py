"""The tables of the desk, as a set-based copy sees them."""

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.options import Options

from acquis.accounts.models import Workspace, WorkspaceRow

DESK = "acquis.desk."
WORKSPACE = "workspace"
ORIGIN = "origin_id"


@dataclass(frozen=True)
class DeskTable:
    """One table: the foreign keys that stay inside the desk are those a copy must follow."""

    model: type[models.Model]
    plain: tuple["models.Field[Any, Any]", ...]  # copied as they are
    inner: tuple["models.ForeignKey[Any, Any]", ...]  # to another desk table
    own: tuple["models.ForeignKey[Any, Any]", ...]  # to the table itself


def meta(model: type[models.Model]) -> "Options[Any]":
    """What Django knows of a model; the underscore of its documented name is only a custom."""
    return model._meta  # noqa: SLF001


def rows_of(model: type[models.Model], workspace: Workspace) -> models.QuerySet[Any]:
    return model._default_manager.filter(workspace=workspace)  # noqa: SLF001


def desk_models() -> list[type[models.Model]]:
    """Every concrete model of the apps of the desk, the hidden ones of many-to-many included."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith(DESK)
        for model in config.get_models(include_auto_created=True)
        if meta(model).managed and not meta(model).proxy
    ]


def unscoped_models() -> list[type[models.Model]]:
    """Desk models that a workspace cannot hold: none may exist."""
    return [model for model in desk_models() if not issubclass(model, WorkspaceRow)]


def desk_tables() -> list[DeskTable]:
    """All tables, each after those it points at; a table's own rows may point at each other.

    Raises graphlib.CycleError when two tables point at each other: no order could copy them.
    """
    found = set(desk_models())
    tables = {model: _table(model, found) for model in found}
    order = TopologicalSorter(
        {
            model: sorted({field.related_model for field in table.inner}, key=str)
            for model, table in sorted(tables.items(), key=lambda item: meta(item[0]).label)
        }
    )
    return [tables[model] for model in order.static_order()]


def _table(model: type[models.Model], desk: set[type[models.Model]]) -> DeskTable:
    plain: list[models.Field[Any, Any]] = []
    inner: list[models.ForeignKey[Any, Any]] = []
    own: list[models.ForeignKey[Any, Any]] = []
    for field in meta(model).concrete_fields:
        if field.primary_key or field.name in (WORKSPACE, ORIGIN):
            continue
        target = field.related_model if isinstance(field, models.ForeignKey) else None
        if target is model:
            own.append(field)  # type: ignore[arg-type]
        elif target in desk:
            inner.append(field)  # type: ignore[arg-type]
        else:
            plain.append(field)
    return DeskTable(model, tuple(plain), tuple(inner), tuple(own))


def row_counts(workspace: Workspace) -> dict[str, int]:
    """How many rows each table holds for a workspace, by model label."""
    return {
        meta(table.model).label: rows_of(table.model, workspace).count() for table in desk_tables()
    }
