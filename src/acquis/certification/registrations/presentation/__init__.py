"""What pages and documents say of candidates."""

from acquis.certification.registrations.presentation.accommodations import (
    PARTS,
    accommodation_rows,
    effect,
    extra_time_words,
    late_decisions,
    own_accommodations,
    part_words,
)
from acquis.certification.registrations.presentation.candidates import (
    FIELDS,
    errors_by_line,
    exam_title,
    names,
    readiness_sentence,
)
from acquis.certification.registrations.presentation.files import (
    bar_sentence,
    day_words,
    proof_rows,
    retake_sentences,
)

__all__ = [
    "FIELDS",
    "PARTS",
    "accommodation_rows",
    "bar_sentence",
    "day_words",
    "effect",
    "errors_by_line",
    "exam_title",
    "extra_time_words",
    "late_decisions",
    "names",
    "own_accommodations",
    "part_words",
    "proof_rows",
    "readiness_sentence",
    "retake_sentences",
]
