"""States of subjects in words, and a subject's content laid out for those who may read it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.certification.papers import policy
from acquis.certification.papers.actions.open_content import Purpose
from acquis.certification.papers.models import Draw, Subject
from acquis.certification.papers.queries import Shortage
from acquis.kernel import files

TONES: Mapping[str, str] = {
    Subject.State.DRAFT: "neutral",
    Subject.State.SUBMITTED: "info",
    Subject.State.VALIDATED: "success",
    Subject.State.WITHDRAWN: "danger",
}


def laid_out(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each part with its name; what is not plain text is shown as indented JSON."""
    return [
        (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))
        for key, value in content.items()
        if key != "attachments"
    ]


READERS: Mapping[str, Promise] = {
    policy.FOR_CANDIDATE: gettext_lazy("pour le candidat"),
    policy.FOR_JURY: gettext_lazy("pour le jury seul"),
}


def attachments(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The files that a content names, each with its kind and its readers in words."""
    return [
        {
            **one,
            "kind": files.NAMES[one["media_type"]],
            "at_once": shown_at_once(one["media_type"]),
            "heard": one["media_type"].startswith("audio/"),
            "readers": READERS[one.get("reader", policy.FOR_CANDIDATE)],
        }
        for one in entries
    ]


def shown_at_once(media_type: str) -> bool:
    """Whether a browser shows it in a page of its own; the others are downloaded, or heard in ours."""
    return media_type == "application/pdf" or media_type.startswith("image/")


def recomputes(draw: Draw) -> bool:
    """Whether the seed and pool that were kept designate the subject that was drawn."""
    return policy.pick(draw.seed, draw.pool) == draw.subject.reference


def shortage(one: Shortage) -> str:
    """What a session lacks, in one sentence."""
    kind = str(Subject.Kind(one.kind).label).lower()
    if not one.stock:
        return _("aucun sujet validé de type « %s »") % kind
    if one.people:
        said = ngettext(
            "un candidat a déjà vu tous les sujets de type « %(kind)s »",
            "%(count)s candidats ont déjà vu tous les sujets de type « %(kind)s »",
            one.people,
        )
        return said % {"kind": kind, "count": one.people}
    return _("un seul sujet de type « %s » : le tirage n’a pas de hasard") % kind


REASONS: Mapping[str, Promise] = {
    policy.ALREADY_SEEN: gettext_lazy("déjà vu"),
    policy.WITHDRAWN: gettext_lazy("retiré depuis"),
}
PURPOSES: Mapping[str, Promise] = {
    Purpose.SIT: gettext_lazy("épreuve"),
    Purpose.PLAY: gettext_lazy("jury"),
    Purpose.LISTEN: gettext_lazy("écoute"),
    Purpose.REVIEW: gettext_lazy("relecture"),
    Purpose.FILE: gettext_lazy("pièce jointe"),
}
# How often a subject was drawn, as the bank is filtered.
EXPOSURES: tuple[tuple[str, Promise], ...] = (
    ("0", gettext_lazy("Jamais tirés")),
    ("1+", gettext_lazy("Tirés au moins une fois")),
    ("3+", gettext_lazy("Tirés trois fois ou plus")),
    ("10+", gettext_lazy("Tirés dix fois ou plus")),
)


def excluded(draw: Draw) -> str:
    """What was left out of a draw, each with its reason."""
    return ", ".join(f"{one['reference']} ({REASONS[one['reason']]})" for one in draw.excluded)
