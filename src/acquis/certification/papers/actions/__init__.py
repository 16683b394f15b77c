"""The verbs of the subject bank."""

from acquis.certification.papers.actions.author_subject import (
    author_subject,
    submit_subject,
    validate_subject,
    withdraw_subject,
)
from acquis.certification.papers.actions.draw_subject import draw_subject
from acquis.certification.papers.actions.open_content import open_content, review_content

__all__ = [
    "author_subject",
    "draw_subject",
    "open_content",
    "review_content",
    "submit_subject",
    "validate_subject",
    "withdraw_subject",
]
