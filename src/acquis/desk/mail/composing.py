"""A mail on its way out: its bytes, as standards want them. No Django, no clock, no database."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from acquis.desk.mail import policy
from acquis.kernel.mail_headers import identifiers


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Lines of addresses as one types them; `body` in the small formatting of `html_of`."""

    message_id: str
    sender: tuple[str, str]
    to: str
    cc: str
    subject: str
    body: str
    at: datetime
    references: str = ""
    automatic: bool = False
    files: Sequence[tuple[str, str, bytes]] = ()  # name, media type, content


def compose(mail: Outgoing) -> bytes:
    """Plain text and HTML of the same words; the copy that is blind is named nowhere."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(*mail.sender)
    for name, line in (("To", mail.to), ("Cc", mail.cc)):
        people = [_address(*one) for one in policy.addresses(line)]
        if people:
            message[name] = people
    if not message["To"] and not message["Cc"]:
        message["To"] = "undisclosed-recipients:;"
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = mail.message_id
    chain = identifiers(mail.references)
    if chain:
        message["In-Reply-To"] = chain[-1]
        message["References"] = " ".join(chain)
    if mail.automatic:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.body + "\n", cte="quoted-printable")
    message.add_alternative(html_of(mail.body), subtype="html", cte="quoted-printable")
    for name, media_type, content in mail.files:
        main, _slash, sub = media_type.partition("/")
        message.add_attachment(
            content, maintype=main or "application", subtype=sub or "octet-stream", filename=name
        )
    return message.as_bytes()


def _address(name: str, address: str) -> Address:
    local, _at, domain = address.rpartition("@")
    domain = domain.encode("idna").decode() if not domain.isascii() else domain
    return Address(display_name=" ".join(name.split()), username=local, domain=domain)


def html_of(text: str) -> str:
    """A small formatting, made safe: **bold**, _italic_, « - » lists, « > » quotations, addresses."""
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"></head><body>'
        f"{fragment_of(text)}</body></html>"
    )


def fragment_of(text: str) -> str:
    blocks: list[str] = []
    for block in re.split(r"\n{2,}", text.strip()):
        for kind, lines in _runs(block.split("\n")):
            blocks.append(_block(kind, lines))
    return "\n".join(blocks)


def _runs(lines: list[str]) -> list[tuple[str, list[str]]]:
    runs: list[tuple[str, list[str]]] = []
    for line in lines:
        kind = "quote" if line.startswith(">") else "list" if re.match(r"[-*•] ", line) else "text"
        if not runs or runs[-1][0] != kind:
            runs.append((kind, []))
        runs[-1][1].append(line)
    return runs


def _block(kind: str, lines: list[str]) -> str:
    if kind == "list":
        items = "".join(f"<li>{_inline(line[2:])}</li>" for line in lines)
        return f"<ul>{items}</ul>"
    if kind == "quote":
        inner = "<br>\n".join(_inline(re.sub(r"^> ?", "", line)) for line in lines)
        return f"<blockquote>{inner}</blockquote>"
    return f"<p>{'<br>'.join(_inline(line) for line in lines)}</p>"


def _inline(line: str) -> str:
    safe = html.escape(line)
    safe = re.sub(r"\*\*(?=\S)([^*]{1,400}?\S|\S)\*\*", r"<strong>\1</strong>", safe)
    safe = re.sub(r"(?<!\w)_(?=\S)([^_]{1,400}?\S|\S)_(?!\w)", r"<em>\1</em>", safe)
    return re.sub(
        r"https?://[^\s<>]{4,500}?(?=[.,;:!?)»]*(?:\s|$|&gt;|&lt;))",
        lambda found: f'<a href="{found[0]}">{found[0]}</a>',
        safe,
    )
