"""The drawing of one row: value, interval and year before on the scale of its section."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
HEIGHT = 20
_MIDDLE = HEIGHT // 2


def _percent(place: float) -> str:
    return f"{100 * place:.2f}%"


@register.simple_tag
def interval_chart(mark: Mapping[str, float | None] | None, reference: float | None) -> SafeString:
    """Places go from 0 to 1 across, whatever the width; the cells beside it say the same in figures."""
    pieces = [
        format_html('<line class="council-axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>', _MIDDLE)
    ]
    if reference is not None:
        pieces.append(
            format_html(
                '<line class="council-reference" x1="{0}" x2="{0}" y1="0" y2="{1}"/>',
                _percent(reference),
                HEIGHT,
            )
        )
    pieces += _pieces(mark or {})
    return format_html(
        '<svg class="council-chart" width="100%" height="{}" aria-hidden="true" focusable="false">{}</svg>',
        HEIGHT,
        mark_safe("".join(pieces)),
    )


def _pieces(mark: Mapping[str, float | None]) -> list[SafeString]:
    value, low, high = mark.get("value"), mark.get("low"), mark.get("high")
    before, pieces = mark.get("before"), []
    if low is not None and high is not None:
        pieces.append(
            format_html(
                '<line class="council-interval" x1="{}" x2="{}" y1="{}" y2="{}"/>',
                _percent(low),
                _percent(high),
                _MIDDLE,
                _MIDDLE,
            )
        )
    if before is not None:
        pieces.append(_circle("council-before", before))
    if value is not None:
        pieces.append(_circle("council-value", value))
    return pieces


def _circle(name: str, place: float) -> SafeString:
    return format_html(
        '<circle class="{}" cx="{}" cy="{}" r="4.5"/>', name, _percent(place), _MIDDLE
    )
