"""The exams that the published frameworks describe, as choices of a form."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from acquis.certification.frameworks.models import FrameworkVersion

Choices = list[tuple[str, list[tuple[str, str]]]]


def exam_choices(versions: Iterable[FrameworkVersion]) -> Choices:
    """One group an edition: the whole certification, then each of its blocks."""
    return [(_edition(version), list(_scopes(version))) for version in versions]


def _edition(version: FrameworkVersion) -> str:
    framework = version.framework
    name = f"{framework.acronym or framework.title} · {framework.code} · {version.edition}"
    return name[:90]


def _scopes(version: FrameworkVersion) -> Iterable[tuple[str, str]]:
    assessments = version.content.get("assessments", [])
    if any(each["scope"]["type"] == "whole" for each in assessments):
        yield f"{version.pk}:", _("Certification entière")
    for block in version.content.get("blocks", []):
        title = " – ".join(part for part in (block["code"], block["title"]) if part)
        yield f"{version.pk}:{block['code']}", title if len(title) < 90 else f"{title[:88]}…"


def split_choice(value: str) -> tuple[int, str]:
    """« 12:CCP1 » → 12 and « CCP1 »."""
    pk, _colon, block = value.partition(":")
    return int(pk), block
