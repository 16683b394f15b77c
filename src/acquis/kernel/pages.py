"""Marks every view with who may open it; the accounts' middleware holds requests to the marks.

Applications use `acquis.accounts.pages`, which knows the verbs; the kernel marks its own pages
here. A view without a mark is refused to everybody.
"""

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


def page(*verbs: str) -> Callable[[View], View]:
    """Signed in, with any of the verbs in the current organisation; without a verb, signed in."""

    def mark(view: View) -> View:
        return _mark(view, public=False, verbs=verbs)

    return mark


def public_page(view: View) -> View:
    """Anybody may open it, signed in or not."""
    return _mark(view, public=True, verbs=())


def _mark(view: View, *, public: bool, verbs: tuple[str, ...]) -> View:
    view.is_public = public  # type: ignore[attr-defined]
    view.required_verb = verbs[0] if verbs else None  # type: ignore[attr-defined]
    view.required_verbs = verbs  # type: ignore[attr-defined]
    return view
