"""A bulk edit in words: before it is made, and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from acquis.accounts.models import Workspace
from acquis.desk.directory import queries
from acquis.desk.directory.actions.edit_in_bulk import WHY, wanted_of
from acquis.desk.directory.models import BulkEdit, CustomField
from acquis.desk.directory.policy import bulk
from acquis.desk.directory.presentation import CONSENT_CHANNELS, YES_NO, custom_in_words

SHOWN = 10
REFUSALS_SHOWN = 100


@dataclass(slots=True)
class Preview:
    """How many records change, have it already, or refuse; the first of each."""

    change: int = 0
    same: int = 0
    examples: list[tuple[str, str, str]] = field(default_factory=list)  # name, before, after
    refusals: list[tuple[str, str]] = field(default_factory=list)  # name, why
    refused: int = 0


def preview(workspace: Workspace, keys: Sequence[int], wanted: bulk.Wanted) -> Preview:
    """Reads the records a thousand at a time; nothing is written."""
    told = Preview()
    for start in range(0, len(keys), 1000):
        slice_ = queries.of_workspace(workspace).filter(pk__in=keys[start : start + 1000])
        for customer in slice_.order_by("pk"):
            kept = getattr(customer, wanted.field)
            name = customer.display_name or customer.reference
            try:
                if not bulk.changes(wanted, kept):
                    told.same += 1
                    continue
                after = bulk.after(wanted, kept)
            except bulk.NotPossible as refusal:
                told.refused += 1
                if len(told.refusals) < SHOWN:
                    told.refusals.append((name, str(WHY[refusal.code])))
                continue
            told.change += 1
            if len(told.examples) < SHOWN:
                told.examples.append((name, _said(wanted, kept), _said(wanted, after)))
    return told


def _said(wanted: bulk.Wanted, value: Any) -> str:
    if wanted.field == "tags":
        return ", ".join(map(str, value or []))
    if wanted.act == "segment":
        return str(value)
    one = (value or {}).get(wanted.target)
    if wanted.act == "withdraw":
        granted = one.get("granted") if isinstance(one, dict) else one
        return str(YES_NO[granted]) if isinstance(granted, bool) else _("non recueilli")
    if isinstance(one, bool):
        return str(YES_NO[one])
    return "" if one is None else str(one)


def in_words(edit: BulkEdit, fields: Iterable[CustomField]) -> str:
    """« Ajouter des étiquettes : salon, relance »; `fields` are those of the desk."""
    label = str(BulkEdit.Act(edit.act).label)
    value = ", ".join(edit.value) if isinstance(edit.value, list) else edit.value
    if edit.act == BulkEdit.Act.WITHDRAW:
        value = CONSENT_CHANNELS.get(edit.target, edit.target)
    known = next((one for one in fields if one.key == edit.target), None)
    if edit.act == BulkEdit.Act.CUSTOM and known is not None:
        label = known.label
        value = None if value is None else custom_in_words(known.kind, value)
    return f"{label} : {'—' if value in (None, '') else value}"


def told(edit: BulkEdit) -> dict[str, Any]:
    """What it did, in counts; its refusals, the first hundred."""
    changed = edit.changes.count()
    return {
        "asked": len(edit.keys),
        "changed": changed,
        "same": edit.seen - changed - len(edit.refusals),
        "refused": len(edit.refusals),
        "refusals": edit.refusals[:REFUSALS_SHOWN],
        "given_back": changed - len(edit.not_undone),
        "not_undone": edit.not_undone[:REFUSALS_SHOWN],
    }


def may_undo(edit: BulkEdit) -> bool:
    return bool(
        wanted_of(edit).undoes
        and edit.ended_at
        and not edit.undo_asked_at
        and edit.changes.exists()
    )
