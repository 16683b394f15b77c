"""The criteria that each moment of a candidate's file serves, beside the moment."""

from typing import Any

from django import template
from django.template import Context

register = template.Library()
NAMED = 3  # criteria named beside a moment; the others are counted


@register.inclusion_tag("evidence/_serves.html", takes_context=True)
def serves(context: Context, prefix: str, key: object) -> dict[str, Any]:
    """The link from a moment to its criteria: `served`, `candidate` and `attaches` of the page.

    Nothing where the same text is read without a jury: in a package, on paper.
    """
    if "served" not in context:
        return {"attaches": False}
    ref = f"{prefix}-{key}"
    found = context["served"].get(ref, [])
    return {
        "ref": ref,
        "candidate": context["candidate"],
        "attaches": context["attaches"],
        "named": [one.criterion for one in found[:NAMED]],
        "more": max(0, len(found) - NAMED),
    }


@register.filter
def position(seconds: int) -> str:
    """A position in a recording, as players write it: 65 → « 1:05 »."""
    return f"{seconds // 60}:{seconds % 60:02d}"
