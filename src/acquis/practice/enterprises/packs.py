"""Reads a fictitious enterprise from its files, and refuses it with every fault at once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from acquis.practice.enterprises.pack_checks import cross_checked, desk_checked, setting_checked
from acquis.practice.enterprises.typography import spaced

HERE = Path(__file__).parent
PACKS = HERE / "packs"
SCHEMA = json.loads((HERE / "pack.schema.json").read_text(encoding="utf-8"))
FENCE = "---"
EMPTY_DESK: dict[str, Any] = {"case_reasons": [], "symptoms": [], "resources": []}

Json = dict[str, Any]


class PackInvalid(Exception):  # noqa: N818 - a refusal, named as a past participle
    """The pack cannot be used. `faults` lists all of them as « file:entry: what is wrong »."""

    def __init__(self, slug: str, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{slug}: " + "; ".join(faults))


@dataclass(frozen=True)
class Pack:
    """A valid enterprise. Records stay as the schema describes them: their users are loaders."""

    slug: str
    reference_on: date
    enterprise: Json
    articles: tuple[Json, ...]
    products: tuple[Json, ...]
    codes: Json
    customers: tuple[Json, ...]
    desk: Json  # reasons and symptoms of cases, resources, and how the desk is set; may be empty

    def customer(self, reference: str) -> Json:
        """Find one customer. Raises KeyError when the pack has no such reference."""
        for customer in self.customers:
            if customer["reference"] == reference:
                return customer
        raise KeyError(reference)

    def reason_codes(self) -> set[str]:
        return {child["code"] for family in self.codes["reasons"] for child in family["children"]}

    def outcome_codes(self) -> set[str]:
        return {outcome["code"] for outcome in self.codes["outcomes"]}


def slugs() -> list[str]:
    """Name the packs that ship with the product."""
    return sorted(path.parent.name for path in PACKS.glob("*/enterprise.json"))


@cache
def title(slug: str) -> str:
    """The name of a pack that ships, read from its first file alone."""
    return str(json.loads((PACKS / slug / "enterprise.json").read_text(encoding="utf-8"))["name"])


def load(slug: str, *, folder: Path | None = None) -> Pack:
    """Read and check a pack.

    Raises PackInvalid, holding every fault, when a file is missing, does not answer to the schema
    or contradicts another.
    """
    root = (folder or PACKS) / slug
    faults: list[str] = []
    enterprise = _json(root / "enterprise.json", faults, {})
    products = _json(root / "products.json", faults, [])
    codes = _json(root / "codes.json", faults, {})
    customers = _json(root / "customers.json", faults, [])
    articles = list(_articles(root / "articles", faults))
    described = (root / "desk.json").exists()
    desk = _json(root / "desk.json", faults, {}) if described else EMPTY_DESK
    faults += _schema_faults("enterprise.json", "enterprise", [enterprise])
    faults += _schema_faults("products.json", "product", products)
    faults += _schema_faults("codes.json", "codes", [codes])
    faults += _schema_faults("desk.json", "desk", [desk])
    faults += _schema_faults("articles", "article", articles)
    faults += _schema_faults("customers.json", "customer", customers)
    if not faults:
        faults += desk_checked(desk)
        faults += setting_checked(desk, codes, articles)
        faults += cross_checked(enterprise, products, codes, articles, customers)
    if faults:
        raise PackInvalid(slug, faults)
    return Pack(
        slug=slug,
        reference_on=date.fromisoformat(enterprise["reference_on"]),
        enterprise=spaced(enterprise),
        articles=tuple(spaced(articles)),
        products=tuple(spaced(products)),
        codes=spaced(codes),
        customers=tuple(customers),
        desk=desk,
    )


def _json(path: Path, faults: list[str], empty: Any) -> Any:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        faults.append(f"{path.name}: cannot be read ({error})")
        return empty
    if type(value) is not type(empty):
        faults.append(f"{path.name}: is not the expected kind of JSON value")
        return empty
    return value


def _articles(folder: Path, faults: list[str]) -> Iterator[Json]:
    for path in sorted(folder.glob("*.md")):
        article = front_matter(path.read_text(encoding="utf-8"))
        if article is None:
            faults.append(f"articles/{path.name}: has no front matter")
            continue
        if article.get("slug") != path.stem:
            faults.append(f"articles/{path.name}: slug differs from the file's name")
        yield article


def front_matter(text: str) -> Json | None:
    """Split « key: value » lines between two fences from the Markdown that follows."""
    lines = text.splitlines()
    if not lines or lines[0] != FENCE or FENCE not in lines[1:]:
        return None
    end = lines.index(FENCE, 1)
    found: Json = {}
    for line in lines[1:end]:
        key, _, value = line.partition(":")
        found[key.strip()] = value.strip()
    found["keywords"] = [word.strip() for word in found.get("keywords", "").split(",") if word]
    found["body"] = "\n".join(lines[end + 1 :]).strip() + "\n"
    return found


def _schema_faults(name: str, definition: str, entries: list[Any]) -> list[str]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415  heavy: only what is installed or corrected needs it

    validator = Draft202012Validator(
        {"$ref": f"#/$defs/{definition}", "$defs": SCHEMA["$defs"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    faults = []
    for position, entry in enumerate(entries):
        label = entry.get("reference") or entry.get("slug") or str(position)
        faults += [
            f"{name}:{label}: {error.json_path[2:] or 'entry'} {error.message[:160]}"
            for error in validator.iter_errors(entry)
        ]
    return faults
