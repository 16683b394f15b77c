"""What a report of delivery (a « bounce », RFC 3464) says: of which message, of whom, and why.

Reports come from any server in the world: what is malformed is read as far as it can be.
"""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import Message

LONGEST = 2 * 1024 * 1024  # bytes of a report that are read
_IDENTIFIER = re.compile(r"<[^<>\s]+>")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient whom a message did not reach; `final` when trying again serves nothing."""

    recipient: str
    status: str
    diagnostic: str
    final: bool

    @property
    def words(self) -> str:
        return " ".join(part for part in (self.status, self.diagnostic) if part)[:300]


@dataclass(frozen=True, slots=True)
class Report:
    failures: tuple[Failure, ...]
    original_id: str  # Message-ID of what did not arrive; empty when the report keeps it for itself
    addressed_to: tuple[str, ...]  # where the report came: a return address may name the letter


def read(raw: bytes) -> Report:
    """A message that is no report has no failures."""
    message = email.message_from_bytes(raw[:LONGEST], policy=email.policy.compat32)
    return Report(
        failures=tuple(_failures(message)),
        original_id=_original(message),
        addressed_to=tuple(
            address
            for name in ("to", "delivered-to", "x-original-to")
            for value in message.get_all(name, [])
            for address in re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", str(value))
        ),
    )


def _failures(message: Message) -> list[Failure]:
    found = []
    for part in message.walk():
        blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
        for block in blocks if isinstance(blocks, list) else []:
            if not isinstance(block, Message):
                continue
            recipient = str(block.get("final-recipient") or block.get("original-recipient") or "")
            if not recipient or str(block.get("action", "")).strip().lower() != "failed":
                continue
            status = _STATUS.search(str(block.get("status", "")))
            said = str(block.get("diagnostic-code", "")).partition(";")[2]
            found.append(
                Failure(
                    recipient=recipient.rpartition(";")[2].strip(" <>").lower()[:254],
                    status=status[0] if status else "",
                    diagnostic=" ".join(said.split())[:300],
                    final=status is None or not status[0].startswith("4."),
                )
            )
    return found


def _original(message: Message) -> str:
    for part in message.walk():
        kind = part.get_content_type()
        inner: object = None
        if kind == "text/rfc822-headers":
            inner = email.message_from_bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        elif kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
        if isinstance(inner, Message):
            found = _IDENTIFIER.search(str(inner.get("message-id", "")))
            if found:
                return found[0]
    return ""
