from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import Organisation, User, Workspace
from acquis.desk.agenda.models import Resource
from acquis.desk.billing.models import Invoice, InvoiceLine
from acquis.desk.cases.models import Case, CaseCode, CaseEvent
from acquis.desk.conversations.models import ContactCode, Conversation, Message
from acquis.desk.directory.models import Customer, CustomerNote
from acquis.desk.knowledge.actions.reindex import learn
from acquis.desk.knowledge.models import Article
from acquis.desk.sales.models import Order, OrderLine, Product
from acquis.kernel import trace
from acquis.practice.enterprises import case_rows, packs
from acquis.practice.enterprises.moments import PARIS, Clock
from acquis.practice.enterprises.rows import Rows

BATCH = 500
NOT_IDENTITY = {"advisers", "reference_on"}


@transaction.atomic
def load_pack(
    *,
    organisation: Organisation,
    slug: str,
    by: User | None,
    at: datetime,
    reference_on: date | None = None,
) -> Workspace:
    """Make a model workspace of a fictitious enterprise, its two years ending on a day.

    That day is `reference_on`, else the day of `at` in Paris; the workspace keeps it in its
    identity, since the texts of the records and of the subjects are dated from it.
    Raises PackInvalid; nothing is written then.
    """
    pack = packs.load(slug)
    reference = reference_on or at.astimezone(PARIS).date()
    identity = {key: value for key, value in pack.enterprise.items() if key not in NOT_IDENTITY}
    workspace = Workspace.objects.create(
        organisation=organisation,
        kind=WorkspaceKind.MODEL,
        name=pack.enterprise["name"],
        identity={
            **identity,
            "reference_on": reference.isoformat(),
            "qualification_fields": pack.codes["fields"],
        },
        pack=slug,
        created_at=at,
    )
    counts = _write(Rows(pack, workspace, Clock(reference), at))
    trace.record(
        "enterprise.loaded",
        workspace,
        by=by,
        at=at,
        pack=slug,
        version=pack.enterprise["version"],
        reference_on=reference,
        rows=counts,
    )
    return workspace


def _write(rows: Rows) -> dict[str, int]:
    """Write table after table, each before those that point at it; count what was written."""
    articles = Article.objects.bulk_create(rows.articles(), BATCH)
    learn(articles)
    written: dict[str, Sequence[Model]] = {
        "articles": articles,
        "products": Product.objects.bulk_create(rows.catalogue(), BATCH),
        "codes": [
            *ContactCode.objects.bulk_create(rows.code_families(), BATCH),
            *ContactCode.objects.bulk_create(rows.code_children(), BATCH),
        ],
        "customers": Customer.objects.bulk_create(rows.people(), BATCH),
        "orders": Order.objects.bulk_create(rows.sold(), BATCH),
        "order_lines": OrderLine.objects.bulk_create(rows.sold_lines(), BATCH),
        "invoices": [
            *Invoice.objects.bulk_create(rows.invoiced("invoice"), BATCH),
            *Invoice.objects.bulk_create(rows.invoiced("credit_note"), BATCH),
        ],
        "invoice_lines": InvoiceLine.objects.bulk_create(rows.invoiced_lines(), BATCH),
        "notes": CustomerNote.objects.bulk_create(rows.notes(), BATCH),
    }
    workspace, desk = rows.workspace, rows.pack.desk
    families = CaseCode.objects.bulk_create(case_rows.families(workspace, desk), BATCH)
    reasons = case_rows.children(workspace, desk, families)
    written |= {
        "case_codes": [*families, *CaseCode.objects.bulk_create(reasons, BATCH)],
        "resources": Resource.objects.bulk_create(case_rows.resources(workspace, desk), BATCH),
    }
    talks, cases = rows.talks(), rows.cases()
    written |= {
        "conversations": Conversation.objects.bulk_create([talk for talk, _ in talks], BATCH),
        "messages": Message.objects.bulk_create(rows.messages(talks), BATCH),
        "cases": Case.objects.bulk_create([case for case, _ in cases], BATCH),
        "case_events": CaseEvent.objects.bulk_create(rows.case_events(cases), BATCH),
    }
    return {name: len(made) for name, made in written.items()}
