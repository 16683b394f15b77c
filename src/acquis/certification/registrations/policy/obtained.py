"""What a person obtained by what juries pronounced, before any document says it; pure (X-02, X-06).

A decision counts from the moment it is pronounced: the certificate and the livret only attest it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from acquis.certification.registrations.policy.retakes import PARTIAL, PASSED


@dataclass(frozen=True, slots=True)
class Decision:
    """One result in force. `block` empty: an exam of the whole, which may grant some `blocks`.

    `proposes`: the exam of a block that a certification jury decides on (X-10).
    """

    enrolment: int
    edition: int
    block: str
    outcome: str
    blocks: tuple[str, ...]
    at: datetime
    proposes: bool = False

    @property
    def granted(self) -> frozenset[str]:
        """Codes of blocks; « » is the whole."""
        if self.outcome == PASSED:
            return frozenset({self.block})
        return frozenset(self.blocks if self.outcome == PARTIAL else ())


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A line of the livret that was withdrawn: what was granted before it counts no more."""

    enrolment: int
    block: str
    at: datetime


def obtained(
    decisions: Iterable[Decision], withdrawals: Iterable[Withdrawal] = ()
) -> frozenset[tuple[int, str]]:
    """The (edition, block) that these decisions grant, given in the order they were pronounced.

    The test of a block that a certification jury decides on holds until that jury has pronounced on
    the whole: what the jury did not grant may then be taken again.
    """
    fallen = list(withdrawals)
    granted: set[tuple[int, str]] = set()
    proposed: set[tuple[int, str]] = set()
    for one in decisions:
        gone = {
            each.block for each in fallen if each.enrolment == one.enrolment and each.at >= one.at
        }
        kept = {(one.edition, block) for block in one.granted - gone}
        if one.proposes:
            proposed |= kept
            continue
        if not one.block:
            proposed = {pair for pair in proposed if pair[0] != one.edition}
        granted |= kept
    return frozenset(granted | proposed)
