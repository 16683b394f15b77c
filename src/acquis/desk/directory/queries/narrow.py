"""Conditions on what records keep as JSON, alike on both databases."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.fields.json import KeyTransform

from acquis.desk.directory.models import Customer, CustomField
from acquis.desk.shell import PARIS

Days = tuple[date | None, date | None]


class _Tagged(Func):
    """Whether a list of texts holds one, on SQLite."""

    template = "EXISTS (SELECT 1 FROM json_each(%(expressions)s)"
    arg_joiner = ") WHERE value = "
    output_field = BooleanField()


def narrowed(
    scope: QuerySet[Customer],
    *,
    tag: str = "",
    consent: str = "",
    since: Days = (None, None),
    changed: Days = (None, None),
    custom: tuple[tuple[str, str, Any], ...] = (),
) -> QuerySet[Customer]:
    """The customers of whom all that is asked holds; days are both included, in Paris."""
    if tag:
        scope = _tagged(scope, tag)
    if consent:
        scope = scope.filter(_agreed(*consent.split(":")))
    first, last = since
    if first:
        scope = scope.filter(customer_since__gte=first)
    if last:
        scope = scope.filter(customer_since__lte=last)
    first, last = changed
    if first:
        scope = scope.filter(updated_at__gte=_midnight(first))
    if last:
        scope = scope.filter(updated_at__lt=_midnight(last + timedelta(days=1)))
    for rank, (key, kind, value) in enumerate(custom):
        # The key is the desk's word: as a name of a lookup it could mean another thing.
        name = f"custom_{rank}"
        holds = f"{name}__icontains" if kind == CustomField.Kind.TEXT else name
        scope = scope.alias(**{name: KeyTransform(key, "custom")}).filter(**{holds: value})
    return scope


def _tagged(scope: QuerySet[Customer], tag: str) -> QuerySet[Customer]:
    if connection.vendor == "sqlite":
        return scope.filter(_Tagged(F("tags"), Value(tag)))
    return scope.filter(tags__contains=[tag])


def _agreed(channel: str, answer: str) -> Q:
    """By the last word kept on the record: a bare yes or no, or what was said, when and where."""
    said = f"consents__{channel}"
    if answer == "unknown":
        return ~Q(consents__has_key=channel) | Q(**{said: None}) | Q(**{f"{said}__granted": None})
    given = answer == "yes"
    return Q(**{said: given}) | Q(**{f"{said}__granted": given})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=PARIS)
