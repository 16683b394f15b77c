"""A SIP trunk as the settings tell it, and what its messages say. Pure.

Sources: RFC 3261 (messages and status codes), RFC 3323 and 3325 (privacy, asserted identity),
RFC 4566 (codecs are negotiated by name).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import phonenumbers

TRANSPORTS = ("udp", "tcp", "tls")
CODECS = ("PCMA", "PCMU", "G722")
HOME_REGION = "FR"
MOST_CALLS = 32  # what one gateway carries: the limit that pjsua was built with
BACK_OFF = (2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)  # seconds between two attempts to register


@dataclass(frozen=True, slots=True)
class Trunk:
    """What it takes to reach an operator. Without a host there is no trunk."""

    host: str = ""
    port: int = 5060
    transport: str = "udp"
    user: str = ""  # none: the operator knows this machine by its address, nothing is registered
    password: str = ""
    numbers: tuple[str, ...] = ()  # E.164; what the operator routes to us
    codecs: tuple[str, ...] = ("PCMA", "PCMU")  # the preferred first
    bind_address: str = ""  # of this machine; "" for all its addresses
    bind_port: int = 0  # 0 for any free port
    public_address: str = ""  # what the operator sees of us behind a NAT
    rtp_port: int = 20_000  # the first of rtp_ports
    rtp_ports: int = 200
    srtp: bool = False
    peers: tuple[str, ...] = ()  # other addresses from which the operator calls
    expires: int = 300  # seconds that a registration lasts
    tls_ca: str = ""  # file of the authorities that the operator's certificate may come from
    tls_certificate: str = ""  # file of ours, for an operator who asks for it or connects to us
    tls_key: str = ""

    def __repr__(self) -> str:
        return f"Trunk({self.host}:{self.port}/{self.transport})"  # the password is in no journal

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def trunk_from(data: Mapping[str, Any]) -> Trunk:
    """The trunk as it travelled in JSON. Raises TypeError."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
    }
    return Trunk(**values)


class Fault(StrEnum):
    """What is wrong with the settings of a trunk."""

    PORT = "port"
    TRANSPORT = "transport"
    PASSWORD = "password"  # noqa: S105  the name of a fault
    USER = "user"
    NUMBERS = "numbers"
    NUMBER = "number"
    CODECS = "codecs"
    RTP = "rtp"
    SRTP = "srtp"
    TLS = "tls"


def faults(trunk: Trunk) -> list[Fault]:
    """What an operator of this installation has to mend; nothing for no trunk."""
    if not trunk.host:
        return []
    wrong = {
        Fault.PORT: not 0 < trunk.port < 65_536 or not 0 <= trunk.bind_port < 65_536,
        Fault.TRANSPORT: trunk.transport not in TRANSPORTS,
        Fault.PASSWORD: bool(trunk.user) and not trunk.password,
        Fault.USER: bool(trunk.password) and not trunk.user,
        Fault.NUMBERS: not trunk.numbers,
        Fault.NUMBER: any(international(number) != number for number in trunk.numbers),
        Fault.CODECS: not trunk.codecs or not set(trunk.codecs) <= set(CODECS),
        Fault.RTP: trunk.rtp_port < 1024
        or trunk.rtp_ports < 2
        or trunk.rtp_port + trunk.rtp_ports > 65_536,
        Fault.SRTP: trunk.srtp and trunk.transport != "tls",
        Fault.TLS: bool(trunk.tls_certificate) != bool(trunk.tls_key),
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def international(text: str) -> str:
    """The number as E.164 (+33612345678); "" for what is none."""
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@dataclass(frozen=True, slots=True)
class Invite:
    """Who calls whom. No number: the caller does not want it known."""

    called: str
    number: str
    name: str


_SHORT = {"f": "from", "t": "to", "i": "call-id"}
_ADDRESS = re.compile(
    r'(?:"(?P<name>(?:[^"\\]|\\.)*)"|(?P<bare>[^<"]*))?\s*<?(?P<uri>(?:sips?|tel):[^>;\s]+)'
)


def headers_of(message: str) -> dict[str, list[str]]:
    """The headers of a SIP message, by their long name in small letters."""
    found: dict[str, list[str]] = {}
    head = message.partition("\r\n\r\n")[0].replace("\r\n ", " ").replace("\r\n\t", " ")
    for line in head.split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            key = name.strip().lower()
            found.setdefault(_SHORT.get(key, key), []).append(value.strip())
    return found


def invite_of(message: str, numbers: Sequence[str]) -> Invite:
    """Read an INVITE; `called` is "" when it names none of our numbers.

    The number stands in the request, or in `To` when the operator calls the address that we
    registered. `P-Asserted-Identity` is what the operator vouches for, before `From`.
    """
    headers = headers_of(message)
    request = message.split("\r\n", 1)[0].split(" ")
    places = [request[1] if len(request) > 1 else "", *headers.get("p-called-party-id", ())]
    places += headers.get("to", ())
    called = (international(user_of(place)) for place in places)
    known = next((number for number in called if number in numbers), "")
    privacy = {
        word.strip().lower() for text in headers.get("privacy", ()) for word in text.split(";")
    }
    sender = headers.get("from", [""])[0]
    if privacy & {"id", "user", "header", "full"} or user_of(sender) in {"", "anonymous"}:
        return Invite(known, "", "")
    vouched = headers.get("p-asserted-identity", [sender])[0]
    number = international(user_of(vouched)) or international(user_of(sender))
    return Invite(known, number, "" if _is_number(name_of(sender)) else name_of(sender))


def user_of(address: str) -> str:
    """What stands before the @ of a SIP address, or the number of a `tel:` one."""
    found = _ADDRESS.search(address)
    if found is None:
        return ""
    scheme, _colon, rest = found["uri"].partition(":")
    if scheme == "tel":
        return rest
    user, at, _host = rest.partition("@")
    return user.split(":")[0] if at else ""


def name_of(address: str) -> str:
    """The name that an address shows, as it may be written on a page."""
    found = _ADDRESS.search(address)
    if found is None:
        return ""
    name = re.sub(r"\\(.)", r"\1", found["name"] or "") or (found["bare"] or "")
    return "".join(sign for sign in name if sign.isprintable()).strip()[:120]


def _is_number(text: str) -> bool:
    return bool(international(text))


class Cause(StrEnum):
    """Why a call of ours came to nothing."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    UNASSIGNED = "unassigned"
    REFUSED = "refused"  # by the operator
    FAILED = "failed"


_CAUSES = {
    Cause.BUSY: {486, 600},
    Cause.NO_ANSWER: {480, 487},
    Cause.DECLINED: {603, 607, 608},
    Cause.UNASSIGNED: {404, 410, 484, 604},
    Cause.REFUSED: {401, 402, 403, 407, 488, 606},
}


def cause_of(status: int) -> Cause:
    """The cause that a final status of an INVITE tells."""
    return next((cause for cause, those in _CAUSES.items() if status in those), Cause.FAILED)


def pause(failures: int) -> float:
    """Seconds to wait before the next attempt, after this many that failed (at least one)."""
    return BACK_OFF[min(failures, len(BACK_OFF)) - 1]
