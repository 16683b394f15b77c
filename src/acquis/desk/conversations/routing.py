"""Who decides to whom a contact may go, without knowing them: a room above registers here.

A room registers from the `ready` of its application. Without one, whoever has a seat takes what
waits, and every code of the desk qualifies it.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from acquis.accounts.models import User
from acquis.desk.conversations.models import Conversation

Doorkeeper = Callable[[Conversation, User, datetime], None]
Follower = Callable[[Conversation, str, datetime], None]
Narrowing = Callable[[Conversation], Collection[tuple[str, str]]]
_DOORKEEPERS: list[Doorkeeper] = []
_FOLLOWERS: list[Follower] = []
_NARROWINGS: list[Narrowing] = []


def before_taking(function: Doorkeeper) -> Doorkeeper:
    """Declare what is asked, the waiting contact being locked, before somebody takes it.

    It raises a DomainRefusal when the person may not.
    """
    _DOORKEEPERS.append(function)
    return function


def when_moved(function: Follower) -> Follower:
    """Declare what is told of each change of a contact but its messages, in the act's transaction.

    The word is that of the news: started, accepted, ended, qualified, reopened, handed_over…
    """
    _FOLLOWERS.append(function)
    return function


def refuse_unless_free(conversation: Conversation, by: User, at: datetime) -> None:
    """Raise the refusal of whoever keeps this contact for somebody else."""
    for function in _DOORKEEPERS:
        function(conversation, by, at)


def moved(conversation: Conversation, what: str, at: datetime) -> None:
    for function in _FOLLOWERS:
        function(conversation, what, at)


def narrows_codes(function: Narrowing) -> Narrowing:
    """Declare which codes qualify a contact, as pairs of kind and code; none of a kind: all of it."""
    _NARROWINGS.append(function)
    return function


def codes_for(conversation: Conversation) -> dict[str, set[str]]:
    """The codes to which this contact is narrowed, by their kind; a kind narrowed to none is absent."""
    kept: dict[str, set[str]] = {}
    for function in _NARROWINGS:
        for kind, code in function(conversation):
            kept.setdefault(kind, set()).add(code)
    return kept
