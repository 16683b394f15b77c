"""What mail obeys: threads, automatic messages, delays, addresses. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import getaddresses
from typing import Literal

from acquis.kernel.mail_headers import identifiers

UNDO = timedelta(seconds=10)  # a mail asked to leave may be called back for so long
LONGEST_BODY = 60_000  # signs
LONGEST_SUBJECT = 300
MOST_RECIPIENTS = 50
LARGEST_MESSAGE = 25 * 1024 * 1024  # bytes: beyond it a message is not fetched
LARGEST_FILES = 20 * 1024 * 1024  # bytes attached to one mail; servers refuse more
MOST_FILES = 30  # kept of one received mail
FETCH_EVERY = timedelta(seconds=30)
FETCH_DELAYS = tuple(timedelta(seconds=one) for one in (30, 60, 120, 300, 600, 1800))
LAST_SENDING = 12  # attempts; with the outbox's delays, about two days
MOST_AN_HOUR = 30  # messages of one sender taken in within an hour; more is a loop
ACKNOWLEDGED_EVERY = timedelta(hours=24)  # one acknowledgement a sender
PARTS = {
    "to": 4000,
    "cc": 4000,
    "bcc": 4000,
    "subject": LONGEST_SUBJECT,
    "body": LONGEST_BODY,
}

Kind = Literal["normal", "automatic", "list", "bounce", "own"]
_TOKEN = re.compile(r"\[réf\. ?([0-9]{1,18})-([0-9a-f]{8})\]", re.IGNORECASE)
_PREFIX = re.compile(
    r"^\s*(?:re|ré|rép|tr|fw|fwd|aw|wg|sv|antw)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}"
)


def ancestors(in_reply_to: str, references: str) -> tuple[str, ...]:
    """The identifiers a message answers, nearest first (RFC 5322 §3.6.4)."""
    nearest = identifiers(in_reply_to)
    return tuple(dict.fromkeys((*nearest, *reversed(identifiers(references)))))


def references_of(answered_id: str, answered_references: str, most: int = 30) -> str:
    """The References of an answer: those of the answered message, then itself; the first is kept."""
    chain = tuple(dict.fromkeys((*identifiers(answered_references), *identifiers(answered_id))))
    if len(chain) > most:
        chain = (chain[0], *chain[-(most - 1) :])
    return " ".join(chain)


def bare_subject(subject: str) -> str:
    """The subject without the « Re: » and « Tr: » before it."""
    while True:
        shorter = _PREFIX.sub("", subject, count=1)
        if shorter == subject:
            return subject.strip()
        subject = shorter


def answer_subject(subject: str, *, forward: bool = False) -> str:
    prefix = "Tr" if forward else "Re"
    return f"{prefix}: {bare_subject(subject)}".strip()[:LONGEST_SUBJECT]


def token_in(subject: str) -> tuple[int, str] | None:
    """The exchange and the seal that a subject names: « [réf. 12-0a1b2c3d] »."""
    found = _TOKEN.search(subject)
    return (int(found[1]), found[2].lower()) if found else None


def with_token(subject: str, token: str) -> str:
    """The subject with the reference of its exchange at its end, once."""
    bare = _TOKEN.sub("", subject).strip()
    return f"{bare[: LONGEST_SUBJECT - len(token) - 1]} {token}".strip()


def addresses(typed: str) -> tuple[tuple[str, str], ...]:
    """Names and addresses of a line as one types it, between commas, semicolons or line ends."""
    line = re.sub(r"[;\r\n]+", ",", typed)
    return tuple(
        (name.strip(), address.strip()) for name, address in getaddresses([line]) if address or name
    )


def wrong_addresses(typed: str) -> tuple[str, ...]:
    """What of the line is no address."""
    return tuple(address or name for name, address in addresses(typed) if not is_address(address))


def is_address(text: str) -> bool:
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower() or "acquis.invalid"


def everybody(
    sender: str, to: str, cc: str, own: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To and Cc of an answer to all: nobody twice, none of our own addresses."""
    seen = {address.lower() for address in own}
    lines: list[tuple[str, ...]] = []
    for line in (f"{sender}, {to}", cc):
        kept = []
        for _name, address in addresses(line):
            if is_address(address) and address.lower() not in seen:
                seen.add(address.lower())
                kept.append(address)
        lines.append(tuple(kept))
    return lines[0], lines[1]


def kind_of(headers: Mapping[str, str], *, report: bool, own: bool) -> Kind:
    """What a message is, by its headers (names in lower case).

    Sources: RFC 3464 (reports of delivery), RFC 3834 (Auto-Submitted, empty Return-Path), RFC 2919
    (List-Id), and the older usages Precedence, X-Autoreply, X-Auto-Response-Suppress.
    """
    if report or _is_bounce(headers):
        return "bounce"
    if own:
        return "own"
    submitted = headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    precedence = headers.get("precedence", "").strip().lower()
    if (
        submitted not in {"", "no"}
        or precedence == "auto_reply"
        or any(name in headers for name in ("x-autoreply", "x-autorespond", "x-auto-reply"))
    ):
        return "automatic"
    if (
        "list-id" in headers
        or "list-unsubscribe" in headers
        or precedence in {"list", "bulk", "junk"}
    ):
        return "list"
    if headers.get("return-path", "").strip() == "<>":
        return "automatic"
    return "normal"


def _is_bounce(headers: Mapping[str, str]) -> bool:
    sender = headers.get("from", "").lower()
    empty = headers.get("return-path", "").strip() == "<>"
    return "x-failed-recipients" in headers or (empty and "mailer-daemon@" in sender)


def may_acknowledge(
    wish: str,
    kind: Kind,
    *,
    open_now: bool,
    last_to_sender: datetime | None,
    suppressed: bool,
    at: datetime,
) -> bool:
    """Whether an acknowledgement leaves: never to a machine or a list, once a day to a sender.

    `suppressed`: the sender asked for none (X-Auto-Response-Suppress). Source: RFC 3834 §2.
    """
    if kind != "normal" or suppressed:
        return False
    if last_to_sender is not None and at - last_to_sender < ACKNOWLEDGED_EVERY:
        return False
    return {"always": True, "closed": not open_now, "open": open_now}.get(wish, False)


def fetch_delay(failures: int) -> timedelta:
    """How long after a reading the next one comes; longer after each failure, at most 30 min."""
    if failures == 0:
        return FETCH_EVERY
    return FETCH_DELAYS[min(failures, len(FETCH_DELAYS) - 1)]


def quotation(author: str, when: str, text: str) -> str:
    """A text as an answer quotes it below itself."""
    lines = "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
    return f"Le {when}, {author} a écrit :\n{lines}"


def forwarded(facts: Sequence[tuple[str, str]], text: str) -> str:
    head = "\n".join(f"{label} : {value}" for label, value in facts if value)
    return f"---------- Message transféré ----------\n{head}\n\n{text.strip()}"
