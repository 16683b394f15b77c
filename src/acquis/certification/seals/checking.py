"""Reading the seals of a PDF: whose they are, which bytes they cover, whether these still hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

STRETCHES = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
Ranges = tuple[tuple[int, int], ...]


class Verdict(StrEnum):
    VALID = "valid"  # whole, by a certificate that is known, in force when it sealed
    UNKNOWN = "unknown"  # whole, by a certificate that nobody here vouches for
    NOT_IN_FORCE = "not_in_force"  # whole, sealed outside the certificate's own time
    ALTERED = "altered"  # a covered byte, or the seal itself, is not what was sealed
    APPENDED = "appended"  # something was added behind what the seal covers
    UNSEALED = "unsealed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Holder:
    """The certificate that a seal shows."""

    subject: str
    issuer: str
    serial: str  # in hexadecimal
    sha256: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What one seal says, or that there is none to read.

    `covered` are first and last byte of each stretch that the seal covers, from 0; `digest` is the
    fingerprint that it says of them, in hexadecimal, by which a kept copy is found.
    """

    verdict: Verdict
    size: int
    holder: Holder | None = None
    signed_at: datetime | None = None
    covered: Ranges = ()
    digest: str = ""

    @property
    def is_valid(self) -> bool:
        return self.verdict == Verdict.VALID

    def expired_on(self, now: datetime) -> bool:
        return self.holder is not None and now > self.holder.not_after


def check_pdf(content: bytes, *, roots: Iterable[bytes]) -> list[Report]:
    """A report for each seal, in their order; one that says so when there is none.

    `roots` are the certificates (DER) under which a seal is taken for known. Nothing is fetched
    from the network, so that a revocation is not seen.
    """
    # Late: pyHanko takes a tenth of what a process needs to start, and few ever check a seal.
    from acquis.certification.seals.embedded import read_seals  # noqa: PLC0415

    try:
        reports = read_seals(content, list(roots))
    except Exception:  # noqa: BLE001  a file from outside may be broken in any way
        return [_broken(content, Verdict.UNREADABLE)]
    return reports or [_broken(content, Verdict.UNSEALED)]


def _broken(content: bytes, otherwise: Verdict) -> Report:
    """A seal that stands in the bytes and that no reader finds was broken; else there is none."""
    found = STRETCHES.search(content)
    if found is None:
        return Report(otherwise, len(content))
    first, length, second, rest = (int(one) for one in found.groups())
    covered = ((first, first + length - 1), (second, second + rest - 1))
    return Report(Verdict.ALTERED, len(content), covered=covered)
