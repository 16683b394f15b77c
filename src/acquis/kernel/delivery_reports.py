"""What a report of delivery (a « bounce », RFC 3464) says: of which message, of whom, and why. Pure.

Reports come from any server in the world: what is malformed is read as far as it can be.
"""

import email
import email.policy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message

from acquis.kernel.mail_headers import clean, headers_of, identifiers

LONGEST = 2 * 1024 * 1024  # bytes of a report that are read
_WORDS = 300  # signs kept of what a server says
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a report of delivery says of one recipient (RFC 3464 §2.3)."""

    recipient: str
    action: str  # failed, delayed, delivered, relayed, expanded
    status: str  # RFC 3463; empty when the report gives none
    diagnostic: str

    @property
    def failed_for_good(self) -> bool:
        """Trying again serves nothing."""
        return self.action == "failed" and not self.status.startswith("4.")

    @property
    def address_is_dead(self) -> bool:
        """No such mailbox, or no such domain: writing again serves nothing (RFC 3463 §3.2)."""
        return self.failed_for_good and self.status in _DEAD

    @property
    def words(self) -> str:
        return " ".join(part for part in (self.status, self.diagnostic) if part)[:_WORDS]


@dataclass(frozen=True, slots=True)
class Report:
    deliveries: tuple[Delivery, ...]
    original_id: str  # Message-ID of what did not arrive; empty when the report keeps it for itself
    addressed_to: tuple[str, ...]  # where the report came: a return address may name the letter
    answers: tuple[str, ...] = ()  # Message-IDs that it answers
    automatic: bool = False  # a machine wrote it (RFC 3834)
    words: str = ""  # its subject and the beginning of its text


def read(raw: bytes) -> Report:
    """What the bytes of a message say; a message that is no report tells of nobody."""
    message = email.message_from_bytes(raw[:LONGEST], policy=email.policy.compat32)
    headers = headers_of(message)
    return Report(
        deliveries(message),
        original(message),
        addressed_to(message),
        answers=identifiers(f"{headers.get('in-reply-to', '')} {headers.get('references', '')}"),
        automatic=_is_automatic(headers),
        words=" – ".join(part for part in (headers.get("subject", ""), _text(message)) if part),
    )


def _is_automatic(headers: Mapping[str, str]) -> bool:
    submitted = headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    older = ("x-autoreply", "x-autorespond", "x-auto-reply")
    return submitted not in {"", "no"} or any(name in headers for name in older)


def _text(message: Message) -> str:
    """The first plain text of the message on one line, shortened; what answers quote is left out."""
    for part in message.walk():
        if part.get_content_type() != "text/plain" or part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        raw = content if isinstance(content, bytes) else b""
        try:
            text = raw.decode(part.get_content_charset("utf-8") or "utf-8", "replace")
        except LookupError:
            text = raw.decode("utf-8", "replace")
        written = [line for line in clean(text).splitlines() if not line.startswith(">")]
        return " ".join(" ".join(written).split())[: 2 * _WORDS]
    return ""


def is_report(message: Message) -> bool:
    return message.get_content_type() == "multipart/report" and any(
        part.get_content_type() == "message/delivery-status" for part in message.walk()
    )


def failures(told: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Those whom the message will never reach."""
    return tuple(one for one in told if one.failed_for_good)


def deliveries(message: Message) -> tuple[Delivery, ...]:
    """What the report says of each recipient, in its order."""
    found: list[Delivery] = []
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            fields = headers_of(block) if isinstance(block, Message) else {}
            recipient = fields.get("final-recipient") or fields.get("original-recipient") or ""
            if not recipient or "action" not in fields:
                continue
            status = _STATUS.search(fields.get("status", ""))
            said = fields.get("diagnostic-code", "").partition(";")[2]
            found.append(
                Delivery(
                    recipient=recipient.rpartition(";")[2].strip(" <>").lower()[:254],
                    action=fields.get("action", "").strip().lower()[:20],
                    status=status[0] if status else "",
                    diagnostic=" ".join(said.split())[:_WORDS],
                )
            )
    return tuple(found)


def original(message: Message) -> str:
    """The identifier of the message that the report speaks of; empty when it does not say."""
    for part in message.walk():
        kind, payload = part.get_content_type(), part.get_payload()
        inner: object = None
        if kind == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            inner = email.message_from_bytes(content if isinstance(content, bytes) else b"")
        elif kind == "message/rfc822" and isinstance(payload, list) and payload:
            inner = payload[0]
        if isinstance(inner, Message):
            found = identifiers(headers_of(inner).get("message-id", ""))
            if found:
                return found[0]
    return ""


def addressed_to(message: Message) -> tuple[str, ...]:
    """Every address to which the message came."""
    return tuple(
        address
        for name in ("to", "delivered-to", "x-original-to")
        for value in message.get_all(name, [])
        for address in re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", str(value))
    )
