"""Reading of a drawn subject for one sitting: dates put in, parts found."""

import re
from typing import Any

from acquis.certification.papers.models import Draw, Subject
from acquis.certification.sittings.models import Phase, Sitting
from acquis.desk.conversations.models import Conversation
from acquis.kernel.typography import french
from acquis.practice.enterprises.moments import reference_day
from acquis.practice.scenarios import library

Json = dict[str, Any]
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=\w)")


def dated_content(content: Json, sitting: Sitting) -> Json:
    """The subject as it is printed, with the dates of this candidate's private copy."""
    if sitting.workspace is not None:
        content = library.dated(dict(content), reference_day(sitting.workspace.identity))
    return dict(_printed(content))


def _printed(value: Any) -> Any:
    """Every text with the apostrophe and the spaces of French, whatever its author typed."""
    if isinstance(value, dict):
        return {name: _printed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_printed(one) for one in value]
    return french(_APOSTROPHE.sub("’", value)) if isinstance(value, str) else value


def exchange_named(content: Json, key: str) -> Json | None:
    return next((one for one in content.get("exchanges", []) if one["key"] == key), None)


# The subject that each part of an exam shows to the candidate.
KIND_SHOWN = {
    Phase.Kind.WRITTEN: Subject.Kind.WRITTEN,
    Phase.Kind.PREPARATION: Subject.Kind.EXCHANGES,
    Phase.Kind.EXCHANGES: Subject.Kind.EXCHANGES,
}


def draw_of(sitting: Sitting, kind: str) -> Draw | None:
    return sitting.candidate.draws.filter(kind=kind).select_related("subject").first()


def played_conversation(sitting: Sitting, key: str) -> Conversation | None:
    """The conversation in which one exchange of the drawn set is played, once it has rung."""
    draw = draw_of(sitting, "exchanges")
    if draw is None or sitting.workspace_id is None:
        return None
    return Conversation.objects.filter(
        workspace_id=sitting.workspace_id, played_key=f"{draw.subject.reference}.{key}"
    ).first()
