"""The letters that a desk writes often."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.documents.errors import KeptByTheSupervisor, TemplateTitleTaken
from acquis.desk.documents.models import LetterTemplate
from acquis.desk.knowledge import snippets
from acquis.desk.knowledge.errors import VariableUnknown
from acquis.desk.shell import keeps, refuse_if_sealed
from acquis.kernel import trace

TEXTS = ("subject", "references", "body", "closing", "enclosures")
FIELDS = ("title", "purpose", "category", *TEXTS, "needs_release")


@transaction.atomic
def keep_template(
    *,
    workspace: Workspace,
    template: LetterTemplate | None,
    values: Mapping[str, str | bool],
    by: User,
    at: datetime,
) -> LetterTemplate:
    """Write a template, new when `template` is None; `values` name some of FIELDS.

    Letters begun before do not change. Raises KeptByTheSupervisor, TemplateTitleTaken, VariableUnknown or
    WorkspaceSealed; nothing is written then.
    """
    workspace = _locked(workspace, by)
    row = template or LetterTemplate(workspace=workspace)
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    unknown = snippets.unknown_variables("\n".join(getattr(row, name) for name in TEXTS))
    if unknown:
        raise VariableUnknown(name=unknown[0])
    _refuse_taken(row)
    row.updated_at = at
    row.updated_by_label = by.full_name
    row.save()
    _record("letter.template_kept", row, workspace, by, at, new=template is None)
    return row


@transaction.atomic
def archive_template(*, template: LetterTemplate, by: User, at: datetime) -> LetterTemplate:
    """Offer a template no longer. Raises KeptByTheSupervisor or WorkspaceSealed."""
    workspace = _locked(template.workspace, by)
    return _stand(template, workspace, at, "letter.template_archived", by=by, at=at)


@transaction.atomic
def restore_template(*, template: LetterTemplate, by: User, at: datetime) -> LetterTemplate:
    """Offer it again. Raises KeptByTheSupervisor, TemplateTitleTaken or WorkspaceSealed."""
    workspace = _locked(template.workspace, by)
    _refuse_taken(template)
    return _stand(template, workspace, None, "letter.template_restored", by=by, at=at)


def _locked(workspace: Workspace, by: User) -> Workspace:
    """One writer at a time, so that two templates cannot take the same title."""
    row = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    if not keeps(by, row):
        raise KeptByTheSupervisor
    refuse_if_sealed(row)
    return row


def _refuse_taken(row: LetterTemplate) -> None:
    rivals = LetterTemplate.objects.filter(
        workspace_id=row.workspace_id, title=row.title, archived_at__isnull=True
    )
    if rivals.exclude(pk=row.pk).exists():
        raise TemplateTitleTaken(title=row.title)


def _stand(
    row: LetterTemplate,
    workspace: Workspace,
    archived_at: datetime | None,
    verb: str,
    *,
    by: User,
    at: datetime,
) -> LetterTemplate:
    row.archived_at = archived_at
    row.save(update_fields=["archived_at"])
    _record(verb, row, workspace, by, at)
    return row


def _record(
    verb: str, row: LetterTemplate, workspace: Workspace, by: User, at: datetime, **data: Any
) -> None:
    trace.record(verb, row, by=by, at=at, stream=workspace.trace_stream, title=row.title, **data)
