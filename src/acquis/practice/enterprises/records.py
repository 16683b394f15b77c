"""Turns a customer's compact source into full records: numbers, invoices, totals, message times."""

import random
import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from acquis.kernel.money import format_euros
from acquis.practice.enterprises.offsets import moved_back
from acquis.practice.enterprises.totals import Totals, totals

Json = dict[str, Any]

FREE_DELIVERY_FROM = Decimal(60)  # euros TTC of goods, price list
OLDEST_DAY = 731
PAYMENT_DAYS_COMPANY = 30
MONTH, YEAR = 30, 365
MARK = re.compile(r"\{(order|invoice|ttc):([\w/-]+)\}")
AUTHORS = {"c": "customer", "a": "adviser", "s": "system"}


class Book:
    """Gives numbers that follow the calendar, and prices from the catalogue."""

    def __init__(self, products: list[Json], reference: date) -> None:
        self.products: dict[str, Json] = {product["reference"]: product for product in products}
        self.reference = reference
        self._given: Counter[tuple[str, int]] = Counter()

    def number(self, series: str, day: int) -> str:
        """Draw the next number of a series on a day; numbers rise with dates, as C-11 asks."""
        first, a_day = {"VB": (480000, 40), "FV": (210000, 40), "AV": (31000, 6)}.get(
            series, (7000, 6)
        )
        self._given[series, day] += 1
        return f"{series}-{first + (day + OLDEST_DAY) * a_day + self._given[series, day]}"

    def delivery_for(self, lines: list[list[Any]]) -> list[list[Any]]:
        """The delivery line a basket calls for: none from 60 euros, at the rate of the goods."""
        goods = [line for line in lines if self.products[line[0]]["kind"] == "good"]
        if not goods or totals(self.lines(goods)).ttc >= FREE_DELIVERY_FROM:
            return []
        food = all(self.products[line[0]]["category"] == "Épicerie" for line in goods)
        return [["PORT-ALI" if food else "PORT-STD", 1]]

    def lines(self, lines: list[list[Any]]) -> list[Json]:
        full = []
        for reference, quantity, *discount in lines:
            product = self.products[reference]
            full.append(
                {
                    "product": reference,
                    "label": product["label"],
                    "quantity": quantity,
                    "unit_price_ht": product["unit_price_ht"],
                    "discount_percent": f"{discount[0] if discount else 0:.2f}",
                    "vat_rate": product["vat_rate"],
                }
            )
        return full

    def customer(self, source: Json, rng: random.Random) -> Json:
        """Expand one customer."""
        return _Expansion(self, source, rng).record()


class _Expansion:
    def __init__(self, book: Book, source: Json, rng: random.Random) -> None:
        self.book = book
        self.source = source
        self.rng = rng
        self.orders = sorted(source["orders"], key=lambda order: order["d"])
        self.numbers: dict[str, str] = {}
        self.invoice_numbers: dict[str, str] = {}
        self.amounts: dict[str, Totals] = {}

    def record(self) -> Json:
        source = self.source
        own = [
            "reference",
            "kind",
            "title",
            "first_name",
            "last_name",
            "company_name",
            "siren",
            "email",
            "phone",
            "phone_alt",
            "postcode",
            "city",
            "segment",
            "birth_year",
            "preferences",
            "consents",
            "tags",
            "since",
        ]
        address = [*source["address"], ""][:2]
        orders = [self._order(order) for order in self.orders]
        invoices = self._invoices()
        record: Json = self._named(
            {
                **{name: source.get(name, "") for name in own},
                "address_1": address[0],
                "address_2": address[1],
                "contracts": source.get("contracts", []),
                "orders": orders,
                "invoices": invoices,
                "conversations": [self._conversation(talk) for talk in self._talks()],
                "notes": source["notes"],
                "cases": [self._case(case) for case in source["cases"]],
            }
        )
        return record

    def _order(self, order: Json) -> Json:
        key = order["key"]
        self.numbers[key] = self.book.number("VB", order["d"])
        shipped = order["state"] in ("shipped", "delivered", "returned")
        goods = any(self.book.products[line[0]]["kind"] == "good" for line in order["lines"])
        return {
            "key": key,
            "number": self.numbers[key],
            "d": order["d"],
            "t": order["t"],
            "state": order["state"],
            "promised": order["promised"],
            "delivered": order["delivered"],
            "carrier": f"TX{self.numbers[key][3:]}FR" if shipped and goods else "",
            "remark": order.get("remark", ""),
            "lines": self.book.lines(order["lines"]),
        }

    def _invoices(self) -> list[Json]:
        company = self.source["kind"] == "company"
        made: list[Json] = []
        for order in self.orders:
            if order["state"] in ("preparing", "confirmed"):
                continue  # the invoice is issued when the parcel leaves
            own = order.get("invoice", {})
            issued = own.get("d", order["d"] + 1 if order["d"] < -1 else order["d"])
            made.append(
                self._invoice(
                    {
                        "key": order["key"],
                        "order": order["key"],
                        "d": issued,
                        "due": issued + PAYMENT_DAYS_COMPANY if company else issued,
                        "paid": own.get("paid", issued),
                        "lines": own.get("lines", order["lines"]),
                    }
                )
            )
        for contract in self.source.get("contracts", []):
            made += [self._invoice(source) for source in self._renewals(contract)]
        for credit in self.source.get("credits", []):
            lines = credit.get("lines") or self._ordered(credit["refers"])
            made.append(
                self._invoice(
                    {
                        **credit,
                        "key": f"avoir-{credit['refers']}",
                        "lines": lines,
                        "due": credit["d"],
                    }
                )
            )
        return sorted(made, key=lambda invoice: (invoice["d"], invoice["number"]))

    def _ordered(self, key: str) -> list[list[Any]]:
        return next(list(order["lines"]) for order in self.orders if order["key"] == key)

    def _renewals(self, contract: Json) -> list[Json]:
        monthly = self.book.products[contract["product"]]["subscription"]["period"] == "month"
        step, day, found = (MONTH if monthly else YEAR), contract["renewed"], []
        while day > contract["started"]:
            found.append(
                {
                    "key": f"{contract['key']}/{day}",
                    "d": day,
                    "due": day,
                    "paid": day,
                    "lines": [[contract["product"], 1]],
                    "reason": "Période suivante de l’abonnement",
                }
            )
            day -= step
        return found

    def _invoice(self, source: Json) -> Json:
        lines = self.book.lines(source["lines"])
        sums = totals(lines)
        refers = source.get("refers")
        number = self.book.number("AV" if refers else "FV", source["d"])
        self.invoice_numbers[source["key"]] = number
        self.amounts[source["key"]] = sums
        return {
            "key": source["key"],
            "kind": "credit_note" if refers else "invoice",
            "number": number,
            "order": self.numbers.get(source.get("order", "") or refers or ""),
            "refers_to": self.invoice_numbers[refers] if refers else None,
            "d": source["d"],
            "due": source["due"],
            "paid": source["paid"],
            "reason": source.get("reason", ""),
            "lines": [
                {**line, "total_ht": str(net)} for line, net in zip(lines, sums.lines, strict=True)
            ],
            "vat": [
                {"rate": str(share.rate), "base": str(share.base), "vat": str(share.vat)}
                for share in sums.shares
            ],
            "total_ht": str(sums.ht),
            "total_vat": str(sums.vat),
            "total_ttc": str(sums.ttc),
        }

    def _talks(self) -> list[Json]:
        return sorted(self.source["conversations"], key=lambda talk: (talk["d"], talk["t"]))

    def _conversation(self, talk: Json) -> Json:
        channel, day = talk["ch"], talk["d"]
        if channel == "phone":
            worked = moved_back(self.book.reference + timedelta(days=day))
            day = (worked - self.book.reference).days
        messages = [self._message(talk, *message) for message in talk.get("m", [])]
        if channel == "phone":
            ended = self.rng.randint(170, 780)
        else:
            ended = messages[-1]["seconds"] + (45 if channel == "chat" else 0)
        return {
            "channel": channel,
            "direction": talk.get("dir", "in"),
            "subject": talk["subject"],
            "adviser": talk.get("by", ""),
            "d": day,
            "t": talk["t"],
            "answered": self._answered(channel, messages),
            "ended": ended,
            "reason": talk["reason"],
            "outcome": talk["outcome"],
            "summary": talk["summary"],
            "order": self.numbers.get(talk.get("order") or ""),
            "messages": messages,
        }

    def _answered(self, channel: str, messages: list[Json]) -> int | None:
        if channel == "phone":
            return self.rng.randint(4, 26)
        times = [message["seconds"] for message in messages if message["author"] == "adviser"]
        return times[0] if times else None

    def _message(self, talk: Json, author: str, minute: int, body: str) -> Json:
        seconds = minute * 60
        if talk["ch"] == "chat" and minute:
            seconds += self.rng.randint(-28, -10)
        names = {"c": self._own_name(), "a": talk.get("by", ""), "s": "Message automatique"}
        return {
            "author": AUTHORS[author],
            "label": names[author],
            "seconds": seconds,
            "body": body,
        }

    def _own_name(self) -> str:
        return f"{self.source['first_name']} {self.source['last_name']}"

    def _case(self, case: Json) -> Json:
        series = {"complaint": "REC", "breakdown": "SAV"}.get(case["kind"], "DEM")
        return {
            **{name: case[name] for name in ("kind", "d", "t", "title", "description", "state")},
            "number": self.book.number(series, case["d"]),
            "closed": case["closed"],
            "due": case["d"] + 14,
            "priority": case["priority"],
            "order": self.numbers.get(case.get("order") or ""),
            "resolution": case["resolution"],
            "events": [
                {
                    "d": event["d"],
                    "t": event["t"],
                    "author": event["by"],
                    "body": event["body"],
                    "state": event.get("state", ""),
                }
                for event in case["events"]
            ],
        }

    def _named(self, value: Any) -> Any:
        """Replace the marks of orders, invoices and amounts by what they name."""
        if isinstance(value, str):
            return MARK.sub(self._mark, value)
        if isinstance(value, list):
            return [self._named(item) for item in value]
        if isinstance(value, dict):
            return {key: self._named(item) for key, item in value.items()}
        return value

    def _mark(self, mark: re.Match[str]) -> str:
        kind, key = mark[1], mark[2]
        if kind == "order":
            return self.numbers[key]
        if kind == "invoice":
            return self.invoice_numbers[key]
        return format_euros(self.amounts[key].ttc)
