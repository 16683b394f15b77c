"""Desk rows of a pack, unsaved, in the order in which they must be written."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from acquis.accounts.models import Workspace
from acquis.desk.billing.models import Invoice, InvoiceLine
from acquis.desk.cases.models import Case, CaseEvent
from acquis.desk.cases.policy.complaints import CLOSED, RECORDED
from acquis.desk.conversations.models import ContactCode, Conversation, Message
from acquis.desk.directory.models import Customer, CustomerNote
from acquis.desk.directory.policy import e164
from acquis.desk.directory.queries import search_text as customer_search_text
from acquis.desk.knowledge.models import Article
from acquis.desk.knowledge.queries import index as index_article
from acquis.desk.sales.models import Order, OrderLine, Product
from acquis.kernel.money import format_euros
from acquis.practice.enterprises.moments import Clock
from acquis.practice.enterprises.packs import Pack
from acquis.practice.enterprises.totals import totals

Json = dict[str, Any]
ARTICLE_FIELDS = (
    "slug",
    "kind",
    "title",
    "body",
    "keywords",
    "version",
    "owner",
    "valid_from",
    "review_on",
)
CUSTOMER_FIELDS = (
    "reference",
    "kind",
    "title",
    "first_name",
    "last_name",
    "company_name",
    "siren",
    "email",
    "address_1",
    "address_2",
    "postcode",
    "city",
    "birth_year",
    "segment",
    "consents",
    "tags",
)
PERIODS = {"month": "mois", "year": "an"}


class Rows:
    """Builds the rows of one workspace; what is built first is found by its reference later."""

    def __init__(self, pack: Pack, workspace: Workspace, clock: Clock, at: datetime) -> None:
        self.pack = pack
        self.workspace = workspace
        self.clock = clock
        self.at = at
        self.products: dict[str, Product] = {}
        self.reasons: dict[str, ContactCode] = {}
        self.outcomes: dict[str, ContactCode] = {}
        self.customers: dict[str, Customer] = {}
        self.orders: dict[str, Order] = {}
        self.invoices: dict[str, Invoice] = {}

    def articles(self) -> Iterator[Article]:
        for record in self.pack.articles:
            article = Article(
                workspace=self.workspace,
                **{
                    name: record[name]
                    for name in [
                        "slug",
                        "kind",
                        "title",
                        "body",
                        "keywords",
                        "version",
                        "owner",
                        "valid_from",
                        "review_on",
                    ]
                },
            )
            index_article(article)
            yield article

    def catalogue(self) -> list[Product]:
        for record in self.pack.products:
            period = record["subscription"] or {"period": ""}
            self.products[record["reference"]] = Product(
                workspace=self.workspace,
                reference=record["reference"],
                label=record["label"],
                description=record["description"],
                category=record["category"],
                unit_price_ht=Decimal(record["unit_price_ht"]),
                vat_rate=Decimal(record["vat_rate"]),
                warranty_months=record["warranty_months"],
                stock=record["stock"],
                period=period["period"],
            )
        return list(self.products.values())

    def code_families(self) -> list[ContactCode]:
        """Families of reasons, and outcomes: what the codes below hang on."""
        families = [
            self._code("reason", family, position)
            for position, family in enumerate(self.pack.codes["reasons"])
        ]
        for position, outcome in enumerate(self.pack.codes["outcomes"]):
            self.outcomes[outcome["code"]] = self._code("outcome", outcome, position)
        self.reasons = {family.code: family for family in families}
        return [*families, *self.outcomes.values()]

    def code_children(self) -> list[ContactCode]:
        children = [
            self._code("reason", child, position, self.reasons[family["code"]])
            for family in self.pack.codes["reasons"]
            for position, child in enumerate(family["children"])
        ]
        self.reasons |= {child.code: child for child in children}
        return children

    def _code(
        self, kind: str, record: Json, position: int, parent: ContactCode | None = None
    ) -> ContactCode:
        return ContactCode(
            workspace=self.workspace,
            kind=kind,
            code=record["code"],
            label=record["label"],
            parent=parent,
            position=position,
        )

    def people(self) -> list[Customer]:
        for record in self.pack.customers:
            customer = Customer(
                workspace=self.workspace,
                **{
                    name: record[name]
                    for name in [
                        "reference",
                        "kind",
                        "title",
                        "first_name",
                        "last_name",
                        "company_name",
                        "siren",
                        "email",
                        "address_1",
                        "address_2",
                        "postcode",
                        "city",
                        "birth_year",
                        "segment",
                        "consents",
                        "tags",
                    ]
                },
                phone=e164(record["phone"]) or "",
                phone_alt=e164(record["phone_alt"]) or "",
                customer_since=self.clock.day(record["since"]),
                preferences={**record["preferences"], **self._contracts(record)},
                updated_at=self.at,
            )
            customer.search_text = customer_search_text(customer)
            self.customers[record["reference"]] = customer
        return list(self.customers.values())

    def _contracts(self, record: Json) -> dict[str, str]:
        """Running subscriptions, written out: « 23,21 € par mois, actif depuis le … »."""
        written = {}
        for contract in record["contracts"]:
            product = self.pack_product(contract["product"])
            price = totals([{"quantity": 1, "discount_percent": 0, **product}]).ttc
            text = (
                f"{format_euros(price)} par {PERIODS[product['subscription']['period']]}, "
                f"depuis le {{date:{contract['started']}}}, actif, "
                f"prochaine échéance le {{date:{contract['renews']}}}, "
                f"payé par {contract['means']}. {contract['remark']}"
            )
            written[product["label"]] = self.clock.text(text).strip()
        return written

    def pack_product(self, reference: str) -> Json:
        return next(product for product in self.pack.products if product["reference"] == reference)

    def sold(self) -> list[Order]:
        for record in self.pack.customers:
            for order in record["orders"]:
                self.orders[order["number"]] = Order(
                    workspace=self.workspace,
                    number=order["number"],
                    customer=self.customers[record["reference"]],
                    state=order["state"],
                    ordered_on=self.clock.day(order["d"]),
                    promised_on=self.clock.day(order["promised"]),
                    delivered_on=self.clock.day_if_any(order["delivered"]),
                    carrier_reference=order["carrier"],
                    remark=self.clock.text(order["remark"]),
                )
        return list(self.orders.values())

    def sold_lines(self) -> Iterator[OrderLine]:
        for record in self.pack.customers:
            for order in record["orders"]:
                for position, line in enumerate(order["lines"], start=1):
                    yield OrderLine(
                        workspace=self.workspace,
                        order=self.orders[order["number"]],
                        position=position,
                        product=self.products[line["product"]],
                        **_line(line),
                    )

    def invoiced(self, kind: str) -> list[Invoice]:
        """Invoices first, then the credit notes that refer to them."""
        made = []
        for record in self.pack.customers:
            for entry in record["invoices"]:
                if entry["kind"] != kind:
                    continue
                invoice = Invoice(
                    workspace=self.workspace,
                    kind=kind,
                    number=entry["number"],
                    customer=self.customers[record["reference"]],
                    order=self.orders.get(entry["order"] or ""),
                    refers_to=self.invoices.get(entry["refers_to"] or ""),
                    issued_on=self.clock.day(entry["d"]),
                    due_on=self.clock.day(entry["due"]),
                    paid_on=self.clock.day_if_any(entry["paid"]),
                    total_ht=Decimal(entry["total_ht"]),
                    total_vat=Decimal(entry["total_vat"]),
                    total_ttc=Decimal(entry["total_ttc"]),
                    reason=self.clock.text(entry["reason"]),
                )
                made.append(invoice)
        self.invoices |= {invoice.number: invoice for invoice in made}
        return made

    def invoiced_lines(self) -> Iterator[InvoiceLine]:
        for record in self.pack.customers:
            for entry in record["invoices"]:
                for position, line in enumerate(entry["lines"], start=1):
                    yield InvoiceLine(
                        workspace=self.workspace,
                        invoice=self.invoices[entry["number"]],
                        position=position,
                        total_ht=Decimal(line["total_ht"]),
                        **_line(line),
                    )

    def talks(self) -> list[tuple[Conversation, Json]]:
        return [
            (self._talk(record, talk), talk)
            for record in self.pack.customers
            for talk in record["conversations"]
        ]

    def _talk(self, record: Json, talk: Json) -> Conversation:
        customer = self.customers[record["reference"]]
        at = self.clock.at_work if talk["channel"] == "phone" else self.clock.at
        started, answered = at(talk["d"], talk["t"]), talk["answered"]
        ended = at(talk["d"], talk["t"], talk["ended"])
        return Conversation(
            workspace=self.workspace,
            customer=customer,
            channel=talk["channel"],
            direction=talk["direction"],
            state=Conversation.State.ENDED,
            subject=self.clock.text(talk["subject"]),
            contact_label=customer.display_name,
            adviser_label=talk["adviser"],
            started_at=started,
            answered_at=None if answered is None else at(talk["d"], talk["t"], answered),
            ended_at=ended,
            reason=self.reasons[talk["reason"]],
            outcome=self.outcomes[talk["outcome"]],
            summary=self.clock.text(talk["summary"]),
            qualified_at=ended,
        )

    def messages(self, talks: list[tuple[Conversation, Json]]) -> Iterator[Message]:
        for conversation, talk in talks:
            at = self.clock.at_work if talk["channel"] == "phone" else self.clock.at
            for position, message in enumerate(talk["messages"], start=1):
                yield Message(
                    workspace=self.workspace,
                    conversation=conversation,
                    position=position,
                    author=message["author"],
                    author_label=message["label"],
                    body=self.clock.text(message["body"]),
                    sent_at=at(talk["d"], talk["t"], message["seconds"]),
                    client_key=f"pack-{position}",
                )

    def notes(self) -> Iterator[CustomerNote]:
        for record in self.pack.customers:
            for note in record["notes"]:
                yield CustomerNote(
                    workspace=self.workspace,
                    customer=self.customers[record["reference"]],
                    body=self.clock.text(note["body"]),
                    author_label=note["by"],
                    written_at=self.clock.at(note["d"], note["t"]),
                )

    def cases(self) -> list[tuple[Case, Json]]:
        return [
            (self._case(record, case), case)
            for record in self.pack.customers
            for case in record["cases"]
        ]

    def _case(self, record: Json, case: Json) -> Case:
        closed = case["closed"]
        return Case(
            workspace=self.workspace,
            number=case["number"],
            kind=case["kind"],
            state=case["state"],
            priority=case["priority"],
            customer=self.customers[record["reference"]],
            order=self.orders.get(case["order"] or ""),
            title=self.clock.text(case["title"]),
            description=self.clock.text(case["description"]),
            opened_at=self.clock.at(case["d"], case["t"]),
            due_on=self.clock.day(case["due"]),
            closed_at=None if closed is None else self.clock.at(closed, "18:30"),
            resolution=self.clock.text(case["resolution"]),
            stage=CLOSED if closed is not None else RECORDED,
        )

    def case_events(self, cases: list[tuple[Case, Json]]) -> Iterator[CaseEvent]:
        for case, source in cases:
            for event in source["events"]:
                yield CaseEvent(
                    workspace=self.workspace,
                    case=case,
                    at=self.clock.at(event["d"], event["t"]),
                    author_label=event["author"],
                    body=self.clock.text(event["body"]),
                    new_state=event["state"],
                )


def _line(line: Json) -> Json:
    return {
        "label": line["label"],
        "quantity": Decimal(line["quantity"]),
        "unit_price_ht": Decimal(line["unit_price_ht"]),
        "discount_percent": Decimal(line["discount_percent"]),
        "vat_rate": Decimal(line["vat_rate"]),
    }
