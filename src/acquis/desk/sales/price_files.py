"""Lines of a price list as a file: written for a spreadsheet, read back with every fault at once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from acquis.accounts.models import Workspace
from acquis.desk.imports import reading
from acquis.desk.sales import pricing
from acquis.desk.sales.actions.keep_price_list import Given
from acquis.desk.sales.errors import ColumnMissing, FileTooLong
from acquis.desk.sales.models import PriceLine, Product
from acquis.desk.sales.problems import PROBLEMS

MOST_LINES = 5000
LONGEST_NOTE = 200
# The columns, as French files name them; « désignation » is read by people alone.
COLUMNS = ("reference", "designation", "a partir de", "prix", "remise %", "precision")
NEEDED = {"reference": "référence"}
_BLANKS = re.compile(r"[\s\u00a0\u202f€%]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of the file, by its number there."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """All the lines, or all the faults: nothing is taken from a file that has one."""

    lines: Sequence[Given]
    faults: Sequence[Fault]


def heads() -> list[str]:
    return [
        _("Référence"), _("Désignation"), _("À partir de"), _("Prix"), _("Remise %"),
        _("Précision"),
    ]  # fmt: skip


def rows(lines: Iterable[PriceLine]) -> Iterator[list[Any]]:
    for line in lines:
        yield [
            line.product.reference, line.product.label, _number(line.least), _number(line.price),
            _number(line.percent), line.note,
        ]  # fmt: skip


def _number(value: Decimal | None) -> str:
    """As a French spreadsheet writes it, without zeros at the end."""
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")


def read(stream: BinaryIO, *, media_type: str, workspace: Workspace, with_vat: bool) -> Read:
    """Raises FileUnreadable, FileTooLong or ColumnMissing when no line can be told."""
    shape = reading.shape_of(stream, media_type=media_type)
    found = reading.lines(stream, shape)
    _at, first = next(found, (0, []))
    places = {_key(name): place for place, name in enumerate(first)}
    for key, name in NEEDED.items():
        if key not in places:
            raise ColumnMissing(name=name)
    taken: list[tuple[int, dict[str, str]]] = []
    for number, cells in found:
        if len(taken) >= MOST_LINES:
            raise FileTooLong(limit=f"{MOST_LINES:,}".replace(",", "\u202f"))
        row = {
            key: cells[places[key]].strip() if places.get(key, len(cells)) < len(cells) else ""
            for key in COLUMNS
        }
        taken.append((number, {key: text.removeprefix("'") for key, text in row.items()}))
    return _checked(taken, workspace, with_vat=with_vat)


def _checked(
    taken: Sequence[tuple[int, dict[str, str]]], workspace: Workspace, *, with_vat: bool
) -> Read:
    asked = {row["reference"] for _number, row in taken}
    products = {
        one.reference: one
        for one in Product.objects.filter(workspace=workspace, reference__in=asked)
    }
    lines: list[Given] = []
    faults: list[Fault] = []
    seen: set[tuple[int, Decimal]] = set()
    for number, row in taken:
        texts = [PROBLEMS["number"] % {"text": row[key]} for key in _not_numbers(row)]
        product = products.get(row["reference"])
        if product is None:
            texts.insert(0, str(PROBLEMS["unknown" if row["reference"] else "no_reference"]))
        if len(row["precision"]) > LONGEST_NOTE:
            texts.append(str(PROBLEMS["long"]))
        if not texts and product is not None:
            step = pricing.Step(
                decimal_of(row["a partir de"]) or Decimal(1),
                decimal_of(row["prix"]),
                decimal_of(row["remise %"]),
            )
            problem: str | None = pricing.problem_of(step, with_vat=with_vat)
            if problem is None and (product.pk, step.least) in seen:
                problem = "twice"
            seen.add((product.pk, step.least))
            lines.append(Given(product, step, row["precision"]))
            texts = [str(PROBLEMS[problem])] if problem else []
        faults += [Fault(number, text) for text in texts]
    return Read([] if faults else lines, faults)


def _not_numbers(row: dict[str, str]) -> list[str]:
    return [
        key
        for key in ("a partir de", "prix", "remise %")
        if row[key] and decimal_of(row[key]) is None
    ]


def decimal_of(text: str) -> Decimal | None:
    """« 1 234,50 € », « 12,5 % »; None when it is empty or no finite number."""
    bare = _BLANKS.sub("", text).replace(",", ".")
    try:
        found = Decimal(bare)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.strip().casefold().replace("’", "'"))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return {"remise": "remise %", "reference produit": "reference"}.get(bare, bare)
