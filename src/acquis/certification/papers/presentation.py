"""States of subjects in words, and a subject's content laid out for those who may read it."""

import json
from collections.abc import Mapping
from typing import Any

from acquis.certification.papers import policy
from acquis.certification.papers.models import Draw, Subject

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
    ]


def recomputes(draw: Draw) -> bool:
    """Whether the seed and pool that were kept designate the subject that was drawn."""
    return policy.pick(draw.seed, draw.pool) == draw.subject.reference
