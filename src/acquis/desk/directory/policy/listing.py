"""What a list of customers asks, shows and how its address says it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

FILTERS = (
    "q",
    "type",
    "segment",
    "situation",
    "cp",
    "etiquette",
    "accord",
    "depuis_du",
    "depuis_au",
    "modifie_du",
    "modifie_au",
)
CUSTOM = "champ_"  # then the key of a field that the desk defines
SORT = "tri"
COLUMNS = "col"
CHOSEN = "c"  # a column, once each, as the form of the columns sends them
DEFAULT_COLUMNS = ("nom", "reference", "telephone", "courriel", "ville", "segment", "depuis")
NAME = "nom"  # the column that leads to the record: always there
VALUE_CHARS = 200
CORSICA = {"2A": ("200", "201"), "2B": ("202", "206")}  # two departments, one series of postcodes

# Records that an adviser may take out, or change at once; beyond, a supervisor does it. The rule is
# the house's: what leaves a desk is what the task needs (RGPD art. 5 and 32, rule G-06).
ADVISER_ROWS = 100


def canonical(params: Mapping[str, Sequence[str]]) -> str:
    """What an address asks, in one order and without empty parts: two same lists, one text."""
    kept = {
        name: values[-1][:VALUE_CHARS]
        for name, values in params.items()
        if (name in (*FILTERS, SORT, COLUMNS) or name.startswith(CUSTOM))
        and values
        and values[-1].strip()
    }
    chosen = [value for value in params.get(CHOSEN, ()) if value]
    if chosen:
        kept[COLUMNS] = ",".join(chosen)
    return urlencode(sorted(kept.items()))


def columns(asked: str, chosen: Sequence[str], offered: Collection[str]) -> list[str]:
    """The columns to show, in order, each once; the name is always among them."""
    wanted = [*chosen] or asked.split(",")
    known = [key for key in dict.fromkeys(wanted) if key in offered]
    if not known:
        return list(DEFAULT_COLUMNS)
    return known if NAME in known else [NAME, *known]


def areas(typed: str) -> tuple[str, ...]:
    """Beginnings of postcodes: « 59 », « 5900 », or the department « 2A » of Corsica."""
    word = typed.strip().upper().replace(" ", "")
    if word in CORSICA:
        return CORSICA[word]
    figures = "".join(sign for sign in word if sign.isascii() and sign.isdigit())
    return (figures,) if figures else ()


def may_take(rows: int, *, supervises: bool) -> bool:
    """Whether so many records may be taken out, or changed at once, by the person."""
    return supervises or rows <= ADVISER_ROWS
