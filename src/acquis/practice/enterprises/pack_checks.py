"""What a schema cannot say of a pack: references, totals, order of days, uniqueness."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from stdnum import luhn

from acquis.desk.agenda.policy import HoursInvalid, hours_of
from acquis.desk.knowledge.snippets import unknown_variables
from acquis.practice.enterprises.offsets import is_working_day
from acquis.practice.enterprises.totals import totals

Json = dict[str, Any]

CUSTOMERS = 61
KINDS_NEEDED = {
    "presentation",
    "org_chart",
    "terms",
    "procedure",
    "authority_matrix",
    "price_list",
    "faq",
    "privacy",
}
DAY = 86400  # seconds
OPENING = 9 * 3600  # the reference instant is the opening of the reference day
RATES = {"S": "20.00", "I": "10.00", "R": "5.50", "P": "2.10", "Z": "0.00"}
UNRESOLVED = re.compile(r"\{(?!(?:date|court|jour|ouvre|retrait):[+-]?\d+\})[^}]*\}")


def desk_checked(desk: Json) -> list[str]:
    """Hours that are none, and labels or names given twice where one is looked up by it."""
    faults = []
    for record in desk["resources"]:
        try:
            hours_of(record["hours"])
        except HoursInvalid as error:
            faults.append(f"desk.json:{record['name']}: hours cannot be read ({error})")
    for what, names in (
        ("reason", [family["label"] for family in desk["case_reasons"]]),
        ("symptom", desk["symptoms"]),
        ("resource", [record["name"] for record in desk["resources"]]),
    ):
        faults += [
            f"desk.json:{name}: {what} given twice"
            for name, times in Counter(names).items()
            if times > 1
        ]
    return faults


def setting_checked(desk: Json, codes: Json, articles: list[Json]) -> list[str]:
    """Keys, codes, articles and variables that the rest of the pack does not know."""
    queues = desk.get("queues", [])
    keys = {queue["key"] for queue in queues}
    known = {child["code"] for family in codes["reasons"] for child in family["children"]}
    known |= {outcome["code"] for outcome in codes["outcomes"]}
    slugs = {article["slug"] for article in articles}
    faults = _repeated("desk.json", (queue["key"] for queue in queues))
    faults += _repeated("desk.json", (one["shortcut"] for one in desk.get("canned_answers", [])))
    faults += _repeated("desk.json", (one["title"] for one in desk.get("letter_templates", [])))
    for queue in queues:
        name = f"desk.json:{queue['key']}"
        try:
            hours_of(queue.get("hours", {}))
        except HoursInvalid as error:
            faults.append(f"{name}: hours cannot be read ({error})")
        faults += [
            f"{name}: unknown code {code}" for code in queue.get("codes", []) if code not in known
        ]
        overflow = queue.get("overflow", "")
        if overflow and (overflow not in keys or overflow == queue["key"]):
            faults.append(f"{name}: overflows into {overflow}, which is no other queue")
    faults += [
        f"desk.json:{site['name']}: unknown queue {site['queue']}"
        for site in desk.get("sites", [])
        if site["queue"] not in keys
    ]
    faults += [
        f"desk.json:{one['shortcut']}: unknown variable {{{name}}}"
        for one in desk.get("canned_answers", [])
        for name in unknown_variables(one["body"])
    ]
    faults += [
        f"desk.json:{one['title']}: unknown variable {{{name}}}"
        for one in desk.get("letter_templates", [])
        for name in unknown_variables(f"{one['subject']}\n{one['body']}")
    ]
    faults += [
        f"desk.json:{listed['title']}: unknown article {slug}"
        for listed in desk.get("readings", [])
        for slug in listed["articles"]
        if slug not in slugs
    ]
    return faults


def cross_checked(
    enterprise: Json,
    products: list[Json],
    codes: Json,
    articles: list[Json],
    customers: list[Json],
) -> list[str]:
    """Every contradiction found, as « file:entry: what is wrong »."""
    faults = list(_catalogue(products))
    faults += [
        f"articles: no article of kind {kind}"
        for kind in sorted(KINDS_NEEDED - {article["kind"] for article in articles})
    ]
    faults += _repeated("articles", (article["slug"] for article in articles))
    if not luhn.is_valid(enterprise["siren"]):
        faults.append("enterprise.json:siren: its check digit is wrong")
    if len(customers) != CUSTOMERS:
        faults.append(f"customers.json: {len(customers)} customers instead of {CUSTOMERS}")
    faults += _repeated("customers.json", (customer["reference"] for customer in customers))
    faults += _repeated("customers.json", (customer["email"] for customer in customers))
    for series in ("orders", "invoices", "cases"):
        faults += _repeated(
            "customers.json",
            (entry["number"] for customer in customers for entry in customer[series]),
        )
    reader = _Reader(enterprise, products, codes)
    for customer in customers:
        faults += [f"customers.json:{customer['reference']}: {text}" for text in reader(customer)]
    return faults


def _repeated(name: str, values: Iterable[str]) -> list[str]:
    return [f"{name}:{value}: given twice" for value, n in Counter(values).items() if n > 1]


def _catalogue(products: list[Json]) -> Iterator[str]:
    yield from _repeated("products.json", (product["reference"] for product in products))
    for product in products:
        if RATES[product["vat_code"]] != product["vat_rate"]:
            yield f"products.json:{product['reference']}: VAT code and rate differ"
        if (product["stock"] is None) == (product["kind"] == "good"):
            yield f"products.json:{product['reference']}: a good has a stock, a service has none"


class _Reader:
    """Reads one customer after another against the catalogue and the codes."""

    def __init__(self, enterprise: Json, products: list[Json], codes: Json) -> None:
        self.reference = date.fromisoformat(enterprise["reference_on"])
        self.products = {product["reference"]: product for product in products}
        self.reasons = {
            child["code"] for family in codes["reasons"] for child in family["children"]
        }
        self.outcomes = {outcome["code"] for outcome in codes["outcomes"]}

    def __call__(self, customer: Json) -> Iterator[str]:
        if (customer["kind"] == "company") != bool(customer["company_name"]):
            yield "a company has a name, a person has none"
        if customer["siren"] and not luhn.is_valid(customer["siren"]):
            yield "SIREN: its check digit is wrong"
        orders = {order["number"]: order for order in customer["orders"]}
        for order in customer["orders"]:
            yield from self._order(order)
        for invoice in customer["invoices"]:
            yield from self._invoice(invoice, customer, orders)
        for talk in customer["conversations"]:
            yield from self._talk(talk, orders)
        for case in customer["cases"]:
            yield from self._case(case, orders)
        for contract in customer["contracts"]:
            product = self.products.get(contract["product"])
            if product is None or product["subscription"] is None:
                yield f"contract {contract['key']}: {contract['product']} is no subscription"
        for text in sorted({found[0] for found in UNRESOLVED.finditer(str_of(customer))}):
            yield f"mark {text} stands for nothing"

    def _lines(self, name: str, lines: list[Json]) -> Iterator[str]:
        for line in lines:
            product = self.products.get(line["product"])
            if product is None:
                yield f"{name}: unknown product {line['product']}"
            elif product["vat_rate"] != line["vat_rate"]:
                yield f"{name}: {line['product']} has another VAT rate in the catalogue"

    def _order(self, order: Json) -> Iterator[str]:
        number = order["number"]
        yield from self._lines(number, order["lines"])
        if order["promised"] < order["d"]:
            yield f"{number}: promised before it was placed"
        if order["delivered"] is not None and order["delivered"] < order["d"]:
            yield f"{number}: delivered before it was placed"
        if (order["state"] in ("delivered", "returned")) != (order["delivered"] is not None):
            yield f"{number}: state and delivery day differ"

    def _invoice(self, invoice: Json, customer: Json, orders: dict[str, Json]) -> Iterator[str]:
        number = invoice["number"]
        yield from self._lines(number, invoice["lines"])
        sums = totals(invoice["lines"])
        said = tuple(Decimal(invoice[f"total_{part}"]) for part in ("ht", "vat", "ttc"))
        if said != (sums.ht, sums.vat, sums.ttc):
            yield f"{number}: totals are {said}, computed {sums.ht}, {sums.vat}, {sums.ttc}"
        if invoice["order"] is not None and invoice["order"] not in orders:
            yield f"{number}: unknown order {invoice['order']}"
        origin = {other["number"]: other for other in customer["invoices"]}.get(
            invoice["refers_to"] or ""
        )
        if (invoice["kind"] == "credit_note") != (origin is not None):
            yield f"{number}: a credit note, and only it, refers to an invoice"
        elif origin and sums.ttc > Decimal(origin["total_ttc"]):
            yield f"{number}: credits more than {origin['number']} (C-07)"

    def _talk(self, talk: Json, orders: dict[str, Json]) -> Iterator[str]:
        name = f"contact of day {talk['d']} {talk['t']}"
        if talk["reason"] not in self.reasons:
            yield f"{name}: unknown reason {talk['reason']}"
        if talk["outcome"] not in self.outcomes:
            yield f"{name}: unknown outcome {talk['outcome']}"
        if talk["order"] is not None and talk["order"] not in orders:
            yield f"{name}: unknown order {talk['order']}"
        day = self.reference + timedelta(days=talk["d"])
        if talk["channel"] == "phone" and not is_working_day(day):
            yield f"{name}: a phone contact on {day}, which is not worked"
        if talk["channel"] != "phone" and not talk["messages"]:
            yield f"{name}: nothing was written"
        hours, minutes = talk["t"].split(":")
        if talk["d"] * DAY + int(hours) * 3600 + int(minutes) * 60 + talk["ended"] > OPENING:
            yield f"{name}: ends after the reference instant"
        times = [message["seconds"] for message in talk["messages"]]
        if times != sorted(times) or (times and times[-1] > talk["ended"]):
            yield f"{name}: messages are not in order of time"

    def _case(self, case: Json, orders: dict[str, Json]) -> Iterator[str]:
        if case["order"] is not None and case["order"] not in orders:
            yield f"{case['number']}: unknown order {case['order']}"
        if (case["state"] == "closed") != (case["closed"] is not None):
            yield f"{case['number']}: state and closing day differ"


def str_of(value: Any) -> str:
    """All texts of a JSON value, one a line."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(str_of(item) for item in value.values())
    if isinstance(value, list):
        return "\n".join(str_of(item) for item in value)
    return ""
