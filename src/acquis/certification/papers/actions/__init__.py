"""The verbs of the subject bank."""

from acquis.certification.papers.actions.author_subject import (
    author_subject,
    revise_subject,
    rewrite_subject,
    submit_subject,
    validate_subject,
    withdraw_subject,
)
from acquis.certification.papers.actions.commit_draw import (
    commit_draw,
    renew_commitment,
    reveal_seeds,
)
from acquis.certification.papers.actions.draw_subject import draw_subject
from acquis.certification.papers.actions.open_content import (
    open_content,
    open_recording,
    review_content,
    review_recording,
)

__all__ = [
    "author_subject",
    "commit_draw",
    "draw_subject",
    "open_content",
    "open_recording",
    "renew_commitment",
    "reveal_seeds",
    "review_content",
    "review_recording",
    "revise_subject",
    "rewrite_subject",
    "submit_subject",
    "validate_subject",
    "withdraw_subject",
]
