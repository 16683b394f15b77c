"""What other rooms do when a result is annulled, in the same transaction.

A room above this one registers what it does as it starts; the room of candidates knows none of them.
"""

from collections.abc import Callable
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.registrations.models import Result

# `follow(result, by, at)`; what it refuses or breaks stops the annulment as well.
Follower = Callable[[Result, User, datetime], object]
_followers: list[Follower] = []


def follow_annulments(follower: Follower) -> Follower:
    """Call `follower` after each annulment; usable as a decorator."""
    _followers.append(follower)
    return follower


def result_annulled(result: Result, by: User, at: datetime) -> None:
    for follower in _followers:
        follower(result, by, at)
