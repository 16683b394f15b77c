"""The trace: one append-only hash chain a stream, written in the act's own transaction.

Each line's fingerprint is the SHA-256 of the previous fingerprint and of the line's canonical JSON,
so that altering, removing or moving a line shows. Personal particulars lie apart, encrypted; the
line only holds their keyed digest, so that erasing them leaves the chain whole.
"""

from acquis.kernel.trace.chain import ORIGIN, canonical, fingerprint, plain, text
from acquis.kernel.trace.recording import (
    ERASURE,
    Head,
    Told,
    TraceOutsideTransactionError,
    erase_personal,
    head,
    lines,
    personal_part,
    record,
    record_all,
)
from acquis.kernel.trace.verification import TraceFault, verify
from acquis.kernel.trace.witnesses import confront, key_in, witness

__all__ = [
    "ERASURE",
    "ORIGIN",
    "Head",
    "Told",
    "TraceFault",
    "TraceOutsideTransactionError",
    "canonical",
    "confront",
    "erase_personal",
    "fingerprint",
    "head",
    "key_in",
    "lines",
    "personal_part",
    "plain",
    "record",
    "record_all",
    "text",
    "verify",
    "witness",
]
