"""The verbs of the subject bank."""

from acquis.certification.papers.actions.author_subject import (
    author_subject,
    revise_subject,
    rewrite_subject,
    submit_subject,
    validate_subject,
    withdraw_subject,
)
from acquis.certification.papers.actions.bring_file import bring_file, let_brought_go
from acquis.certification.papers.actions.commit_draw import (
    commit_draw,
    renew_commitment,
    reveal_seeds,
)
from acquis.certification.papers.actions.draw_subject import draw_subject
from acquis.certification.papers.actions.open_content import (
    open_attachment,
    open_content,
    open_recording,
    review_attachment,
    review_content,
    review_recording,
)

__all__ = [
    "author_subject",
    "bring_file",
    "commit_draw",
    "draw_subject",
    "let_brought_go",
    "open_attachment",
    "open_content",
    "open_recording",
    "renew_commitment",
    "reveal_seeds",
    "review_attachment",
    "review_content",
    "review_recording",
    "revise_subject",
    "rewrite_subject",
    "submit_subject",
    "validate_subject",
    "withdraw_subject",
]
