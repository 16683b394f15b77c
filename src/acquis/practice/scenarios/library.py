"""Reads the exam subjects that ship with an enterprise, and refuses them with every fault at once.

A subject is written with names instead of numbers (``{order:alma}``) and days instead of dates
(``{date:-3}``). Loading puts the numbers and amounts of the pack; ``dated`` puts the dates of the
workspace in which the subject is played.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from acquis.kernel.money import format_euros
from acquis.practice.enterprises.offsets import long_date, with_dates
from acquis.practice.enterprises.pack_checks import str_of
from acquis.practice.enterprises.packs import Pack
from acquis.practice.enterprises.typography import spaced

HERE = Path(__file__).parent
LIBRARY = HERE / "library"
GUIDE = "interview-guide.{framework}.{block}.json"
SCHEMA = json.loads((HERE / "scenario.schema.json").read_text(encoding="utf-8"))
NAMED = re.compile(r"\{(order|invoice|ttc|eur):([\w/-]+)\}")
LEFT = re.compile(r"\{(?!(?:date|court|jour|ouvre|retrait):[+-]?\d+\})[^}]*\}")
AMOUNT = re.compile(r"^\d+\.\d{2}$")

Json = dict[str, Any]


class LibraryInvalid(Exception):  # noqa: N818 - a refusal, named as a past participle
    """Subjects cannot be used. `faults` lists all of them as « file:place: what is wrong »."""

    def __init__(self, slug: str, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{slug}: " + "; ".join(faults))


@dataclass(frozen=True)
class Scenario:
    """One subject. `payload` answers to scenario.schema.json, numbers and amounts put in."""

    code: str
    kind: str  # "written" or "exchanges"
    title: str
    framework: str
    block: str
    enterprise: str
    payload: Json

    def parts(self) -> list[Json]:
        """What plays one customer each: the dossier itself, or the exchanges."""
        return [self.payload] if self.kind == "written" else list(self.payload["exchanges"])

    def dated(self, reference: date) -> "Scenario":
        """Put real dates, counted from the reference day of the workspace."""
        return replace(self, payload=dated(self.payload, reference))


def dated(content: Json, reference: date) -> Json:
    """Put real dates in a subject, whole or without the jury's part.

    A date that was agreed gains `on` and `value`, an amount gains `text`, as a letter writes them.
    """
    filled: Json = _each_text(content, lambda text: with_dates(text, reference))
    for part in [filled, *filled.get("exchanges", [])]:
        for fact in part.get("agreed", []):
            if fact["kind"] == "date":
                day = reference + timedelta(days=fact["d"])
                fact |= {"on": day.isoformat(), "value": long_date(day)}
            elif fact["kind"] == "amount":
                fact["text"] = format_euros(Decimal(fact["value"]))
    return filled


def from_payload(payload: Json) -> Scenario:
    """Make a scenario from the clear content of a sealed subject."""
    return Scenario(
        code=payload["code"],
        kind=payload["kind"],
        title=payload["title"],
        framework=payload["framework"],
        block=payload["block"],
        enterprise=payload["enterprise"],
        payload=payload,
    )


def load(pack: Pack, *, folder: Path | None = None) -> tuple[Scenario, ...]:
    """Read and check every subject of a pack, by code.

    Raises LibraryInvalid, holding every fault.
    """
    root = (folder or LIBRARY) / pack.slug
    faults: list[str] = []
    found: list[Scenario] = []
    shelf = _Shelf(root)
    for path in sorted(root.glob("*.json")):
        if path.match(GUIDE.format(framework="*", block="*")):
            continue
        payload = spaced(shelf.composed(path.stem))
        of_file = list(_schema_faults(payload))
        if not of_file:
            guide = shelf.guide(payload["framework"], payload["block"])
            known = {(entry["competency"], entry["text"]) for entry in guide}
            of_file = list(_cross_faults(payload, pack, known))
        if not of_file:
            payload = _filled(payload, pack, guide)
            left = {mark[0] for mark in LEFT.finditer(str_of(payload))}
            of_file = [f"mark {mark} stands for nothing" for mark in sorted(left)]
            found.append(from_payload(payload))
        if isinstance(payload, dict) and payload.get("code") != path.stem:
            of_file.append("code differs from the file's name")
        faults += [f"{path.name}:{fault}" for fault in of_file]
    if faults:
        raise LibraryInvalid(pack.slug, faults)
    return tuple(found)


class _Shelf:
    """The files of one enterprise: subjects that may be made of others, guides by block."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, name: str) -> Any:
        return json.loads((self.root / f"{name}.json").read_text(encoding="utf-8"))

    def composed(self, code: str) -> Any:
        """A subject with what it takes from others put in.

        ``{"from": "VAL-E01", …}`` is that dossier with another cover, ``{"from": "VAL-S01.a", …}``
        that exchange in another set; what is written beside ``from`` replaces what was taken. What
        stands for nothing is left as it is, and refused by the schema.
        """
        payload = self.read(code)
        if not isinstance(payload, dict):
            return payload
        if "from" in payload:
            payload = self._taken(payload, self._subject(payload["from"]))
        if isinstance(payload.get("exchanges"), list):
            payload["exchanges"] = [self._exchange(one) for one in payload["exchanges"]]
        return payload

    def _exchange(self, entry: Any) -> Any:
        if not isinstance(entry, dict) or "from" not in entry:
            return entry
        code, _dot, key = str(entry["from"]).partition(".")
        subject = self._subject(code) or {}
        found = next((one for one in subject.get("exchanges", []) if one.get("key") == key), None)
        return self._taken(entry, found)

    def _subject(self, code: Any) -> Json | None:
        found = self.root / f"{code}.json"
        return self.read(found.stem) if found.is_file() else None

    @staticmethod
    def _taken(entry: Json, source: Json | None) -> Json:
        if source is None:
            return entry
        return source | {name: value for name, value in entry.items() if name != "from"}

    def guide(self, framework: str, block: str) -> list[Json]:
        """The questions for the criteria of a block; of every block for the whole certification."""
        wanted = GUIDE.format(framework=framework, block=block or "*")
        return [
            entry
            for path in sorted(self.root.glob(wanted))
            for entry in json.loads(path.read_text(encoding="utf-8"))
        ]


def _schema_faults(payload: Any) -> Iterator[str]:
    kind = payload.get("kind") if isinstance(payload, dict) else None
    if kind not in ("written", "exchanges"):
        yield "kind: is neither written nor exchanges"
        return
    from jsonschema import Draft202012Validator  # noqa: PLC0415  heavy: only what is installed or corrected needs it

    validator = Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]})
    for error in validator.iter_errors(payload):
        yield f"{error.json_path[2:] or 'subject'}: {error.message[:160]}"


def _parts(payload: Json) -> Iterator[tuple[str, Json]]:
    if payload["kind"] == "written":
        yield "", payload
    else:
        for exchange in payload["exchanges"]:
            yield f"{exchange['key']}.", exchange


def _cross_faults(payload: Json, pack: Pack, known: set[tuple[str, str]]) -> Iterator[str]:
    if payload["enterprise"] != pack.slug:
        yield f"enterprise: {payload['enterprise']} is another pack"
    keys = [place for place, _part in _parts(payload)]
    if len(keys) != len(set(keys)):
        yield "exchanges: a key is given twice"
    for entry in payload["interview"]:
        if (entry["competency"], entry["text"]) not in known:
            yield f"interview: unknown criterion {entry['competency']} {entry['text']}"
    for place, part in _parts(payload):
        for fault in _part_faults(part, pack, known):
            yield place + fault


def _part_faults(part: Json, pack: Pack, known: set[tuple[str, str]]) -> Iterator[str]:
    try:
        customer = pack.customer(part["customer"])
    except KeyError:
        yield f"customer: unknown {part['customer']}"
        return
    articles = {article["slug"] for article in pack.articles}
    for slug in part["procedures"]:
        if slug not in articles:
            yield f"procedures: unknown article {slug}"
    yield from _qualification_faults(part["qualification"], pack)
    for entry in part["criteria"]:
        if (entry["competency"], entry["text"]) not in known:
            yield f"criteria: unknown {entry['competency']} {entry['text']}"
    keys = {entry["key"] for series in ("orders", "invoices") for entry in customer[series]}
    for mark in NAMED.finditer(json.dumps(part, ensure_ascii=False)):
        if mark[2] not in keys:
            yield f"mark {mark[0]}: {part['customer']} has no such order or invoice"
    for fact in part["agreed"]:
        if fact["kind"] == "amount" and not (
            AMOUNT.match(fact["value"]) or NAMED.match(fact["value"])
        ):
            yield f"agreed: {fact['value']} is no amount"


def _qualification_faults(wanted: Json, pack: Pack) -> Iterator[str]:
    for code in sorted(set(wanted["reason"]) - pack.reason_codes()):
        yield f"qualification: unknown reason {code}"
    for code in sorted(set(wanted["outcome"]) - pack.outcome_codes()):
        yield f"qualification: unknown outcome {code}"
    fields = {field["code"]: field["values"] for field in pack.codes["fields"]}
    for field, value in wanted["fields"].items():
        if value not in fields.get(field, ()):
            yield f"qualification: {field} cannot be {value}"


def _filled(payload: Json, pack: Pack, guide: list[Json]) -> Json:
    """Put the numbers and amounts of each part's customer, and the guide for all criteria."""
    if payload["kind"] == "written":
        payload = _named(payload, pack.customer(payload["customer"]))
    else:
        payload = {
            **payload,
            "exchanges": [
                _named(exchange, pack.customer(exchange["customer"]))
                for exchange in payload["exchanges"]
            ],
        }
    return {**payload, "guide": [*payload["interview"], *guide]}


def _named(part: Json, customer: Json) -> Json:
    orders = {order["key"]: order["number"] for order in customer["orders"]}
    invoices = {invoice["key"]: invoice for invoice in customer["invoices"]}

    def name(mark: re.Match[str]) -> str:
        kind, key = mark[1], mark[2]
        if kind == "order":
            return str(orders[key])
        if kind == "invoice":
            return str(invoices[key]["number"])
        amount = str(invoices[key]["total_ttc"])
        return amount if kind == "eur" else format_euros(Decimal(amount))

    filled: Json = _each_text(part, lambda text: NAMED.sub(name, text))
    return filled


def _each_text(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _each_text(item, change) for key, item in value.items()}
    return value
