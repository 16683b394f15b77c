"""`@page(Verb.X)` on a function or on `View.as_view()`, and `@public_page`.

The middleware holds every request to these marks, and the suite compares them with the tables
`tests/**/rights.py`. A view without a mark is refused to everybody.
"""

from collections.abc import Callable

from acquis.accounts.verbs import Verb
from acquis.kernel import pages
from acquis.kernel.pages import View, public_page

__all__ = ["page", "public_page"]


def page(*verbs: Verb) -> Callable[[View], View]:
    """Signed in, with any of the verbs in the current organisation; without a verb, signed in."""
    return pages.page(*verbs)
