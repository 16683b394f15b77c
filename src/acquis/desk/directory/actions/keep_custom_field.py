"""The fields that a desk adds to its records."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.errors import ChoicesMissing, FieldKeyTaken
from acquis.desk.directory.models import CustomField
from acquis.desk.directory.policy.custom_fields import key_of
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def define_field(
    *,
    workspace: Workspace,
    label: str,
    kind: str,
    choices: Sequence[str] = (),
    hint: str = "",
    by: User | None,
    at: datetime,
) -> CustomField:
    """Add a field to every record of the desk, asked last; its key comes from its label.

    Raises FieldKeyTaken, ChoicesMissing or WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(workspace)
    _refuse_without_choices(kind, choices)
    field = CustomField(
        workspace=workspace,
        key=key_of(label),
        label=label,
        kind=kind,
        choices=list(choices) if kind == CustomField.Kind.CHOICE else [],
        hint=hint,
        position=CustomField.objects.filter(workspace=workspace).count() + 1,
    )
    try:
        with transaction.atomic():
            field.save()
    except IntegrityError as error:
        raise FieldKeyTaken from error
    _tell("customer_field.defined", field, by=by, at=at)
    return field


@transaction.atomic
def change_field(
    *,
    field: CustomField,
    label: str,
    hint: str,
    choices: Sequence[str] = (),
    by: User | None,
    at: datetime,
) -> CustomField:
    """Change what people read; the key and the type stay, so that kept values keep their sense.

    Raises ChoicesMissing or WorkspaceSealed.
    """
    refuse_if_sealed(field.workspace)
    row = CustomField.objects.select_for_update(of=("self",)).get(pk=field.pk)
    _refuse_without_choices(row.kind, choices)
    row.label, row.hint = label, hint
    row.choices = list(choices) if row.kind == CustomField.Kind.CHOICE else []
    row.save(update_fields=["label", "hint", "choices"])
    _tell("customer_field.changed", row, by=by, at=at)
    return row


@transaction.atomic
def archive_field(
    *, field: CustomField, archived: bool, by: User | None, at: datetime
) -> CustomField:
    """Stop asking for a field, or ask again; values already kept stay. Raises WorkspaceSealed."""
    refuse_if_sealed(field.workspace)
    row = CustomField.objects.select_for_update(of=("self",)).get(pk=field.pk)
    row.archived_at = at if archived else None
    row.save(update_fields=["archived_at"])
    _tell("customer_field.archived" if archived else "customer_field.restored", row, by=by, at=at)
    return row


def _refuse_without_choices(kind: str, choices: Sequence[str]) -> None:
    if kind == CustomField.Kind.CHOICE and not choices:
        raise ChoicesMissing


def _tell(verb: str, field: CustomField, *, by: User | None, at: datetime) -> None:
    trace.record(
        verb,
        field,
        by=by,
        at=at,
        stream=f"workspace:{field.workspace_id}",
        key=field.key,
        label=field.label,
        choices=field.choices,
    )
