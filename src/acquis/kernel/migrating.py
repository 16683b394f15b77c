"""Migrations applied without making the models of the whole product again for each operation.

Django renders, for each operation, every model that relations join to the one it changes: all of
ours, eight hundred times. An operation on one table needs that model and those it refers to.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelOptions,
    AlterUniqueTogether,
    CreateModel,
    RemoveConstraint,
    RemoveField,
    RunPython,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps
from django.db.migrations.utils import resolve_relation
from django.db.models import Field
from django.db.transaction import atomic
from django.utils.functional import SimpleLazyObject

Key = tuple[str, str]  # of a model: its application and its name in lower case

_OF_ONE_TABLE = (AddConstraint, AddIndex, AlterModelOptions, AlterUniqueTogether, RemoveConstraint)
_OF_A_FIELD = (AddField, AlterField, RemoveField)


_apply_whole = Migration.apply


@contextmanager
def quickly() -> Iterator[None]:
    """While it lasts, `migrate` applies each operation to the models that it needs."""
    with patch.object(Migration, "apply", _apply):
        yield


def _apply(
    migration: Migration,
    project_state: ProjectState,
    schema_editor: BaseDatabaseSchemaEditor,
    collect_sql: bool = False,
) -> ProjectState:
    if collect_sql:
        return _apply_whole(migration, project_state, schema_editor, collect_sql=True)
    # What is rendered late is rendered whole by who asks for it, in the end.
    project_state.is_delayed = True
    project_state.__dict__.pop("apps", None)
    for operation in migration.operations:
        key = _table(operation, migration.app_label, project_state)
        if key is None:
            before = project_state.clone()
            if not isinstance(operation, RunPython):
                before.apps  # noqa: B018  as below
            operation.state_forwards(migration.app_label, project_state)
            after = project_state
            if isinstance(operation, RunPython):
                # Rendered if the function asks for a model: those that write triggers do not.
                before.is_delayed = False
                before.__dict__["apps"] = SimpleLazyObject(_rendering(before))
        else:
            before = _around(project_state, key)
            if isinstance(operation, _OF_A_FIELD):
                # Columns are written in the order in which their fields were made.
                before.apps  # noqa: B018  rendered
            operation.state_forwards(migration.app_label, project_state)
            after = _around(project_state, key)
        with _transaction(migration, operation, schema_editor):
            operation.database_forwards(migration.app_label, schema_editor, before, after)
        project_state.__dict__.pop("apps", None)
    # The executor renders everything before a migration unless something is there.
    project_state.__dict__["apps"] = None
    return project_state


def _rendering(state: ProjectState) -> Any:
    return lambda: StateApps(list(state.real_apps), state.models)


def _transaction(
    migration: Migration, operation: Operation, editor: BaseDatabaseSchemaEditor
) -> AbstractContextManager[Any]:
    """As Django's own: one of its own where the migration has none."""
    wanted = operation.atomic or (migration.atomic and operation.atomic is not False)
    if wanted and not editor.atomic_migration:
        return atomic(editor.connection.alias)
    return nullcontext()


def _table(operation: Operation, app: str, state: ProjectState) -> Key | None:
    """The model that the operation is about, if it needs no model that refers to it."""
    if isinstance(operation, CreateModel):
        return app, operation.name_lower
    if isinstance(operation, AddField):
        return app, operation.model_name_lower
    if isinstance(operation, AlterField | RemoveField):
        key = app, operation.model_name_lower
        fields = [state.models[key].fields[operation.name]]
        if isinstance(operation, AlterField):
            fields.append(operation.field)
        return None if any(_may_be_referred_to(field) for field in fields) else key
    if isinstance(operation, _OF_ONE_TABLE):
        return app, getattr(operation, "model_name", getattr(operation, "name", "")).lower()
    return None


def _may_be_referred_to(field: "Field[Any, Any]") -> bool:
    return field.unique or field.primary_key or field.many_to_many is True


def _around(state: ProjectState, key: Key) -> ProjectState:
    """The state of this model, if it exists, and of all that it refers to, however far."""
    found: dict[Key, Any] = {}
    waiting = [key] if key in state.models else []
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = state.models[one].clone()
            waiting += _referred_to(state, one)
    return ProjectState(models=found, real_apps=state.real_apps)


def _referred_to(state: ProjectState, key: Key) -> Iterator[Key]:
    model = state.models[key]
    for base in model.bases:
        if isinstance(base, str):
            yield resolve_relation(base, *key)
    for field in model.fields.values():
        relation = field.remote_field
        if relation is None:
            continue
        for other in (relation.model, getattr(relation, "through", None)):
            if other is not None:
                reached = resolve_relation(other, *key)
                if reached in state.models:
                    yield reached
