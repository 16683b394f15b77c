"""The components of every page. Each writes text that is escaped and set in French typography."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Page
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.kernel import components, icons, typography
from acquis.kernel.typography import NBSP

register = template.Library()

TONES = {
    "neutral": "",
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-octagon",
}
MOMENTS = {
    "full": "d/m/Y H:i",
    "long": "l j F Y",
    "date": "j F Y",
    "day": "d/m/Y",
    "time": "H:i",
    "seconds": "H:i:s",
}


@register.filter
def french(text: object) -> str:
    """Set the non-breaking spaces of a text; the result is escaped as any other."""
    return typography.french(text)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A drawing; without a label it is ornament, hidden from screen readers."""
    return _drawing(name, str(label), size, staticfiles_storage.url(icons.SPRITE))


@lru_cache(maxsize=1024, typed=True)  # a text that is safe and one that is not stay apart
def _drawing(name: str, label: str, size: str, sprite: str) -> SafeString:
    """Pages hold the same few drawings over and over."""
    described = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon{}" {} focusable="false" fill="none" stroke="currentColor"'
        ' stroke-linecap="round" stroke-linejoin="round"><use href="{}#{}"/></svg>',
        f" icon-{size}" if size else "",
        described,
        sprite,
        icons.known(name),
    )


@register.simple_tag
def badge(text: object, tone: str = "neutral", name: str = "") -> SafeString:
    """A short state in words; `tone` only supports it, `name` is an icon in place of the tone's."""
    drawing = name or TONES[tone]
    return format_html(
        '<span class="badge badge-tone-{}">{}{}</span>',
        tone,
        icon(drawing) if drawing else "",
        typography.french(text),
    )


@register.inclusion_tag("kernel/_empty_state.html")
def empty_state(
    title: str, text: str = "", action_url: str = "", action_label: str = "", name: str = "inbox"
) -> dict[str, str]:
    """What would be here, and the action that fills it."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_label": action_label,
        "icon_name": name,
    }


@register.simple_tag
def moment(value: datetime | date | None, form: str = "full") -> SafeString:
    """A date or an instant in Paris time, readable by machines as well."""
    if value is None:
        return format_html('<span class="text-secondary">{}</span>', "—")
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    pattern = MOMENTS[form]
    if not isinstance(value, datetime) and form == "full":
        pattern = MOMENTS["date"]
    shown = date_format(local, pattern).replace(" ", NBSP)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)


@register.simple_tag
def euros(amount: Decimal | int | None) -> SafeString:
    """An amount to the cent: « 1 234,56 € », figures of equal width."""
    if amount is None:
        return format_html('<span class="text-secondary">{}</span>', "—")
    return format_html('<span class="figures">{}{}€</span>', typography.number(amount, 2), NBSP)


@register.simple_tag
def figure(value: Decimal | float, decimals: int = 0) -> SafeString:
    return format_html('<span class="figures">{}</span>', typography.number(value, decimals))


@register.simple_tag
def duration(seconds: int) -> SafeString:
    return format_html('<span class="figures">{}</span>', typography.duration(seconds))


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """Keys as they are printed: « Ctrl+K »."""
    caps = format_html_join("+", "<kbd>{}</kbd>", ((key,) for key in keys.split("+")))
    return format_html('<span class="keys">{}</span>', caps)


@register.inclusion_tag("kernel/_pagination.html", takes_context=True)
def pagination(context: Context, page_obj: "Page[Any]", parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list; the other parameters of the address are kept."""
    query = context["request"].GET.copy()
    query.pop(parameter, None)
    kept = f"{query.urlencode()}&" if query else ""
    paginator = page_obj.paginator
    numbers = list(paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1))
    return {
        "page_obj": page_obj,
        "numbers": numbers,
        "gap": paginator.ELLIPSIS,
        "address": f"?{kept}{parameter}=",
        "first": typography.number(page_obj.start_index()),
        "last": typography.number(page_obj.end_index()),
        "total": typography.number(paginator.count),
    }


@register.inclusion_tag("kernel/_sortable.html", takes_context=True)
def sortable(context: Context, name: str, label: str, parameter: str = "tri") -> dict[str, Any]:
    """A column heading that sorts: `?tri=name`, then `?tri=-name`."""
    query = context["request"].GET.copy()
    asked = query.get(parameter, "")
    order = {name: "ascending", f"-{name}": "descending"}.get(asked, "")
    query[parameter] = f"-{name}" if order == "ascending" else name
    query.pop("page", None)
    return {"label": label, "order": order, "address": f"?{query.urlencode()}"}


@register.simple_block_tag
def data_table(content: str, caption: str, count: int | None = None) -> SafeString:
    """A table that scrolls inside itself, with its caption and number of rows."""
    rows = ""
    if count is not None:
        shown = typography.number(count)
        rows = format_html(
            ' <span class="text-secondary">· {}</span>',
            ngettext("{count} ligne", "{count} lignes", count).format(count=shown),
        )
    return format_html(
        '<div class="data-table" tabindex="0" role="region" aria-label="{}">'
        '<table class="table"><caption>{}{}</caption>{}</table></div>',
        caption,
        typography.french(caption),
        rows,
        content,
    )


@register.inclusion_tag("kernel/_progress.html")
def progress(done: int, total: int | None, label: str = "") -> dict[str, Any]:
    """Work under way, in counts; an unknown total shows movement only."""
    return {
        "done": done,
        "total": total,
        "label": label or _("Avancement"),
        "done_text": typography.number(done),
        "total_text": "" if total is None else typography.number(total),
    }


@register.inclusion_tag("kernel/_steps.html")
def steps(items: Iterable[tuple[str, str]], label: str = "") -> dict[str, Any]:
    """Stages in order, each `(label, state)` with state `done`, `current`, `todo` or `blocked`."""
    return {
        "steps": [
            {"label": text, "state": state, "said": components.STEP_STATES[state]}
            for text, state in items
        ],
        "label": label or _("Étapes"),
    }


@register.simple_block_tag
def timeline_item(
    content: str,
    at: datetime | None = None,
    title: str = "",
    actor: str = "",
    name: str = "circle-dot",
    anchor: str = "",
) -> SafeString:
    """One line of a history, inside `<ol class="timeline-list">`."""
    who = format_html(' <span class="text-secondary">· {}</span>', actor) if actor else ""
    return format_html(
        '<li class="timeline-line"{}><span class="timeline-mark">{}</span>'
        '<div class="timeline-when">{}{}</div><div class="timeline-what"><strong>{}</strong>'
        "{}</div></li>",
        format_html(' id="{}"', anchor) if anchor else "",
        icon(name),
        moment(at) if at else "",
        who,
        typography.french(title),
        content,
    )


@register.inclusion_tag("kernel/_clock.html")
def clock(ends_at: datetime, now: datetime, label: str = "") -> dict[str, Any]:
    """The time left until `ends_at`, counted from the server's `now` and not from the device's."""
    left = max(0, int((ends_at - now).total_seconds()))
    return {
        "ends_at": ends_at,
        "now": now,
        "label": label or _("Temps restant"),
        "figures": components.countdown(left),
        "words": typography.duration(left),
    }


@register.inclusion_tag("kernel/_saved_state.html")
def saved_state(at: datetime | None = None) -> dict[str, Any]:
    """Where the page says when the work was last kept (see `autosave.js`)."""
    return {"at": at}


@register.simple_tag
def diff(before: str, after: str) -> SafeString:
    """What changed between two wordings, word by word."""
    pieces = []
    for kind, text in components.word_changes(before, after):
        form = {"kept": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}[kind]
        pieces.append(format_html(form, text))
    return format_html('<span class="diff">{}</span>', mark_safe("".join(pieces)))


@register.inclusion_tag("kernel/_field.html")
def field(bound: Any, hint: str = "") -> Mapping[str, Any]:
    """A field with its label, help and errors, tied together for screen readers."""
    return components.field_parts(bound, hint)


@register.inclusion_tag("kernel/_form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The summary at the top of a refused form: each error leads to its field."""
    lines = [
        {
            "label": bound.label,
            "target": bound.id_for_label or bound.auto_id,
            "errors": bound.errors,
        }
        for bound in form
        if bound.errors
    ]
    general = form.non_field_errors()
    return {
        "lines": lines,
        "general": general,
        "count": sum(len(line["errors"]) for line in lines) + len(general),
    }
