"""A correction told in words: what it was, what it became."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from acquis.certification.frameworks.corrections import CorrectionError, at, kind_of, leading_text
from acquis.certification.frameworks.item_forms import FORMS
from acquis.certification.frameworks.models import FrameworkCorrection
from acquis.certification.frameworks.origins import own_fields
from acquis.certification.frameworks.presentation import ITEM_KINDS, words

VERBS = {
    "set": _("Corrigé"),
    "add": _("Ajouté"),
    "remove": _("Enlevé"),
    "move_up": _("Monté"),
    "move_down": _("Descendu"),
    "move_to": _("Changé de bloc"),
    "restore": _("Rétabli"),
    "put_back": _("Remis"),
}


def entry(made: FrameworkCorrection) -> dict[str, Any]:
    """One line of the history; `fields` are the wordings that changed."""
    kind, item = _item(made)
    if made.operation == "remove" and kind == "warning":
        verb: Any = _("Doute levé")
    else:
        verb = VERBS[made.operation]
    return {
        "made": made,
        "verb": verb,
        "kind": ITEM_KINDS[kind],
        "code": item.get("code") or "" if kind != "identity" else "",
        "text": leading_text(item, kind) if kind != "rules" else "",
        "fields": _fields(made, kind) if made.operation in {"set", "restore"} else [],
    }


def _item(made: FrameworkCorrection) -> tuple[str, dict[str, Any]]:
    if made.operation == "add":
        return kind_of(f"{made.pointer}/0"), _given(made)
    if made.operation == "put_back":
        return kind_of(f"{made.pointer}/0"), _given(made)["item"]
    return kind_of(made.pointer), at(made.before or {}, made.pointer)


def _given(made: FrameworkCorrection) -> dict[str, Any]:
    return made.value or {}


def _fields(made: FrameworkCorrection, kind: str) -> list[dict[str, Any]]:
    try:
        before = own_fields(at(made.before or {}, made.pointer), kind)
    except CorrectionError:
        return []
    after = own_fields({**before, **_given(made)}, kind)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [
        {
            "label": _label(kind, name),
            "before": words(before.get(name)),
            "after": words(after.get(name)),
        }
        for name in names
    ]


def _label(kind: str, name: str) -> Any:
    field = FORMS[kind].base_fields.get(name) if kind in FORMS else None
    return field.label if field is not None else OTHER_LABELS.get(name, name)


OTHER_LABELS = {
    "skills": _("Savoir-faire"),
    "jury": _("Jury"),
    "scope": _("Portée"),
}
