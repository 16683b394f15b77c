"""Values of the fields that a desk defines: what people type, as JSON keeps it. Pure."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from acquis.desk.directory.policy import fold

TEXT_CHARS = 500
YES = frozenset({"oui", "yes", "true", "1", "vrai"})
NO = frozenset({"non", "no", "false", "0", "faux"})

Value = str | bool | None


class NotAValue(ValueError):  # noqa: N818 - says what is typed
    """What was typed is no value of the field; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def value_of(kind: str, typed: object, choices: Sequence[str] = ()) -> Value:
    """The value to keep: a text, « 12.5 » for a number, « 2026-11-25 » for a date, true or false.

    None when nothing was typed. Raises NotAValue.
    """
    text = str("" if typed is None else typed).strip()
    if not text:
        return None
    readers: dict[str, Callable[[str], Value]] = {
        "number": _number,
        "date": _date,
        "yes_no": _yes_no,
    }
    if kind in readers:
        return readers[kind](text)
    if kind == "choice" and text not in choices:
        raise NotAValue("choice")
    if len(text) > TEXT_CHARS:
        raise NotAValue("long")
    return text


def _number(text: str) -> str:
    bare = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        number = Decimal(bare)
    except InvalidOperation:
        raise NotAValue("number") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise NotAValue("number")
    return format(number.normalize(), "f")


def _date(text: str) -> str:
    parts = text.split("/")
    iso = "-".join(reversed(parts)) if len(parts) == 3 else text
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        raise NotAValue("date") from None


def _yes_no(text: str) -> bool:
    said = fold(text)
    if said not in YES | NO:
        raise NotAValue("yes_no")
    return said in YES


def key_of(label: str) -> str:
    """The key under which a field is kept: « Date d’anniversaire » gives « date_d_anniversaire »."""
    return fold(label).replace("@", "").replace(" ", "_")[:40].strip("_")
