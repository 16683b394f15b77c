"""What the component tags show, worked out before any HTML."""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

STEP_STATES = {
    "done": _("fait"),
    "current": _("en cours"),
    "todo": _("à venir"),
    "blocked": _("bloqué"),
}

_TOGGLES = (forms.CheckboxInput,)
_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def countdown(seconds: int) -> str:
    """Time left as a clock shows it: « 1:05:09 », « 05:09 »."""
    hours, left = divmod(seconds, 3600)
    minutes, left = divmod(left, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def word_changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Pieces of both texts in reading order, each `kept`, `removed` or `added`.

    Kept and added pieces make the later text again; kept and removed ones the earlier.
    """
    old, new = re.findall(r"\S+|\s+", before), re.findall(r"\S+|\s+", after)
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "kept", "".join(old[a:b])
            continue
        if b > a:
            yield "removed", "".join(old[a:b])
        if d > c:
            yield "added", "".join(new[c:d])


def field_parts(bound: forms.BoundField, hint: str = "") -> Mapping[str, Any]:
    """A bound field with the ids that tie its label, help and errors to its control."""
    widget = bound.field.widget
    identifier = bound.auto_id or bound.name
    help_text = hint or bound.help_text
    group, toggle = isinstance(widget, _GROUPS), isinstance(widget, _TOGGLES)
    described = [
        f"{identifier}_{part}"
        for part, present in (("helptext", help_text), ("error", bound.errors))
        if present
    ]
    attributes: dict[str, str | bool] = {"class": _control_class(widget, bool(bound.errors))}
    if group:
        widget.attrs.setdefault("class", "form-check-input")
    if described and not group:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors and not group:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": "" if group else bound.as_widget(attrs=attributes),
        "identifier": identifier,
        "described": " ".join(described),
        "help_text": help_text,
        "errors": list(bound.errors),
        "group": group,
        "toggle": toggle,
        "required": bound.field.required,
    }


def _control_class(widget: forms.Widget, refused: bool) -> str:
    if isinstance(widget, _TOGGLES):
        kind = "form-check-input"
    elif isinstance(widget, forms.Select):
        kind = "form-select"
    else:
        kind = "form-control"
    own = str(widget.attrs.get("class", ""))
    return " ".join(part for part in (kind, own, "is-invalid" if refused else "") if part)
