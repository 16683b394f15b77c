"""Reading of a drawn subject for one sitting: dates put in, parts found."""

from typing import Any
from zoneinfo import ZoneInfo

from acquis.certification.papers.models import Draw
from acquis.certification.sittings.models import Sitting
from acquis.practice.scenarios.library import from_payload

PARIS = ZoneInfo("Europe/Paris")
Json = dict[str, Any]


def dated_content(content: Json, sitting: Sitting) -> Json:
    """The subject with the dates of this session's enterprise."""
    reference = (sitting.workspace.origin or sitting.workspace) if sitting.workspace else None
    instant = reference.created_at if reference else sitting.candidate.session.starts_at
    # The candidate's side leaves these out; they play no part in dates.
    whole = {"framework": "", "block": "", **content}
    return from_payload(whole).dated(instant.astimezone(PARIS).date()).payload


def exchange_named(content: Json, key: str) -> Json | None:
    return next((one for one in content.get("exchanges", []) if one["key"] == key), None)


def draw_of(sitting: Sitting, kind: str) -> Draw | None:
    return sitting.candidate.draws.filter(kind=kind).select_related("subject").first()
