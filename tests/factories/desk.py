"""The smallest valid rows of a desk; traits name situations."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User, Workspace
from acquis.desk.agenda.models import Appointment, Resource
from acquis.desk.billing.models import Invoice, InvoiceDispute, InvoiceLine
from acquis.desk.cases.models import (
    Agreement,
    AuthorityRule,
    Case,
    CaseCode,
    CaseEvent,
    CaseLink,
    CaseOption,
    CaseStep,
    Intervention,
    Opinion,
    RecurrenceAlert,
    SecondLevelRequest,
)
from acquis.desk.conversations.models import (
    Attachment,
    ContactCode,
    Conversation,
    ConversationNote,
    Message,
)
from acquis.desk.directory import queries as directory
from acquis.desk.directory.models import (
    BulkChange,
    BulkEdit,
    CompanyContact,
    Consent,
    ContactPoint,
    Customer,
    CustomerExport,
    CustomerNote,
    CustomField,
    Household,
    HouseholdMember,
    PostalAddress,
    ProspectingCall,
    SavedView,
)
from acquis.desk.documents.models import Letter, LetterPosting, LetterReview, LetterTemplate
from acquis.desk.knowledge import queries as knowledge
from acquis.desk.knowledge.actions.reindex import learn
from acquis.desk.knowledge.models import Article
from acquis.desk.sales.models import Order, OrderLine, Product
from acquis.kernel import files
from tests.factories import accounts

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # 10 o'clock in Paris
TODAY = date(2026, 11, 20)
IDENTITY = {
    "name": "Ateliers Valbrenne",
    "address": {"lines": ["27 rue de la Navette"], "postcode": "42300", "city": "Roanne"},
    "phone": "04 65 71 42 00",
    "email": "service.clients@valbrenne.example",
    "siren": "000417386",
    "legal_form": "SAS",
    "rcs": "Roanne",
}
_rank = itertools.count(1)


def desk(**fields: Any) -> Workspace:
    """A real desk of an enterprise with its letterhead."""
    return accounts.workspace(**({"identity": IDENTITY} | fields))


def adviser(at: Organisation, **fields: Any) -> User:
    return accounts.user(Role.ADVISER, at=at, **fields)


def customer(workspace: Workspace, **fields: Any) -> Customer:
    rank = next(_rank)
    values: dict[str, Any] = {
        "reference": f"C-{rank:05d}",
        "first_name": "Odile",
        "last_name": f"Exemple{rank}",
        "updated_at": NOW,
    }
    row = Customer(workspace=workspace, **(values | fields))
    row.search_text = directory.search_text(row)
    row.save()
    return row


def company(workspace: Workspace, **fields: Any) -> Customer:
    values = {"kind": Customer.Kind.COMPANY, "company_name": "Brasserie du Port", "last_name": ""}
    return customer(workspace, **({"first_name": ""} | values | fields))


def note(of: Customer, **fields: Any) -> CustomerNote:
    values = {"body": "Préfère le matin.", "author_label": "Camille", "written_at": NOW}
    return CustomerNote.objects.create(workspace=of.workspace, customer=of, **(values | fields))


def _searched(of: Customer) -> None:
    of.search_text = directory.search_text_of(of)
    of.save(update_fields=["search_text"])


def contact_point(of: Customer, **fields: Any) -> ContactPoint:
    """Another telephone of a customer."""
    values = {"kind": ContactPoint.Kind.PHONE, "value": f"+3363998{next(_rank):04d}"}
    row = ContactPoint.objects.create(workspace=of.workspace, customer=of, **(values | fields))
    _searched(of)
    return row


def address(of: Customer, **fields: Any) -> PostalAddress:
    """Where parcels go."""
    values = {"street": "12 rue des Tisserands", "postcode": "42300", "city": "Roanne"}
    row = PostalAddress.objects.create(workspace=of.workspace, customer=of, **(values | fields))
    _searched(of)
    return row


def company_contact(of: Customer, **fields: Any) -> CompanyContact:
    """Somebody who speaks for a company."""
    values = {"first_name": "Inès", "last_name": f"Contact{next(_rank)}", "function": "Achats"}
    row = CompanyContact.objects.create(workspace=of.workspace, company=of, **(values | fields))
    _searched(of)
    return row


def household(*people: Customer) -> Household:
    row = Household.objects.create(workspace=people[0].workspace, name=people[0].last_name)
    for one in people:
        HouseholdMember.objects.create(workspace=one.workspace, household=row, customer=one)
    return row


def consent(of: Customer, **fields: Any) -> Consent:
    """An agreement to be called, with its proof."""
    values = {
        "channel": Consent.Channel.PHONE,
        "given": True,
        "decided_at": datetime(2026, 9, 1, 9, 0, tzinfo=UTC),
        "medium": Consent.Medium.FORM,
        "text_shown": "J’accepte d’être appelé pour des offres.",
        "act": "case cochée",
        "recorded_at": NOW,
    }
    return Consent.objects.create(workspace=of.workspace, customer=of, **(values | fields))


def prospecting_call(of: Customer, **fields: Any) -> ProspectingCall:
    values = {"called_at": NOW, "outcome": ProspectingCall.Outcome.UNANSWERED, "allowed": True}
    return ProspectingCall.objects.create(workspace=of.workspace, customer=of, **(values | fields))


def custom_field(workspace: Workspace, **fields: Any) -> CustomField:
    rank = next(_rank)
    values = {"key": f"champ_{rank}", "label": f"Champ {rank}", "kind": CustomField.Kind.TEXT}
    return CustomField.objects.create(workspace=workspace, **(values | fields))


def saved_view(workspace: Workspace, by: User, **fields: Any) -> SavedView:
    """A view of the list of customers, its owner's alone."""
    values = {"name": "Lille", "query": "cp=59", "updated_at": NOW, "owner_label": by.full_name}
    return SavedView.objects.create(workspace=workspace, owner=by, **(values | fields))


def bulk_edit(of: Customer, by: User, **fields: Any) -> BulkEdit:
    """A tag given to one customer, ended."""
    values = {
        "act": BulkEdit.Act.TAG_ADD,
        "value": ["salon"],
        "keys": [of.pk],
        "seen": 1,
        "asked_at": NOW,
        "ended_at": NOW,
        "author_label": by.full_name,
    }
    row = BulkEdit.objects.create(workspace=of.workspace, author=by, **(values | fields))
    BulkChange.objects.create(
        workspace=of.workspace, edit=row, customer=of, before=[], after=row.value
    )
    return row


def customer_export(workspace: Workspace, by: User, **fields: Any) -> CustomerExport:
    """A file that waits for its author."""
    file = files.store(
        f"clients de {workspace.pk}".encode(),
        name="clients.csv",
        media_type="text/csv",
        by=by,
        at=NOW,
    )
    values = {"form": "csv", "rows": 1, "asked_at": NOW, "file": file, "columns": ["nom"]}
    return CustomerExport.objects.create(workspace=workspace, author=by, **(values | fields))


def product(workspace: Workspace, **fields: Any) -> Product:
    rank = next(_rank)
    values = {
        "reference": f"P-{rank}",
        "label": f"Robot {rank}",
        "unit_price_ht": Decimal("100.0000"),
        "vat_rate": Decimal("20.00"),
        "category": "Robots",
    }
    return Product.objects.create(workspace=workspace, **(values | fields))


def order(of: Customer, **fields: Any) -> Order:
    """An order of one product, delivered."""
    values = {
        "number": f"VB-{next(_rank):06d}",
        "state": Order.State.DELIVERED,
        "ordered_on": date(2026, 10, 1),
    }
    sold = fields.pop("product", None) or product(of.workspace)
    row = Order.objects.create(workspace=of.workspace, customer=of, **(values | fields))
    OrderLine.objects.create(
        workspace=of.workspace,
        order=row,
        position=1,
        product=sold,
        label=sold.label,
        quantity=Decimal(1),
        unit_price_ht=sold.unit_price_ht,
        vat_rate=sold.vat_rate,
    )
    return row


def invoice(of: Customer, **fields: Any) -> Invoice:
    """An invoice of 120,00 € with VAT, unpaid."""
    values = {
        "number": f"FV-{next(_rank):06d}",
        "issued_on": date(2026, 10, 1),
        "due_on": date(2026, 10, 31),
        "total_ht": Decimal("100.00"),
        "total_vat": Decimal("20.00"),
        "total_ttc": Decimal("120.00"),
    }
    row = Invoice.objects.create(workspace=of.workspace, customer=of, **(values | fields))
    InvoiceLine.objects.create(
        workspace=of.workspace,
        invoice=row,
        position=1,
        label="Robot",
        quantity=Decimal(1),
        unit_price_ht=row.total_ht,
        vat_rate=Decimal("20.00"),
        total_ht=row.total_ht,
    )
    return row


def opinion(of: Case, **fields: Any) -> Opinion:
    """A question of satisfaction, sent and not answered, open for years."""
    values = {
        "channel": "mail",
        "sent_at": NOW,
        "sent_by_label": "Léonie Faure",
        "expires_at": NOW + timedelta(days=3650),
    }
    return Opinion.objects.create(workspace=of.workspace, case=of, **(values | fields))


def invoice_dispute(of: Invoice, **fields: Any) -> InvoiceDispute:
    """Half of an invoice, disputed for its price in REC-00042."""
    values = {
        "reason": InvoiceDispute.Reason.PRICE,
        "amount": of.total_ttc / 2,
        "reference": "REC-00042",
        "opened_at": NOW,
        "opened_by_label": "Léonie Faure",
    }
    return InvoiceDispute.objects.create(workspace=of.workspace, invoice=of, **(values | fields))


def credit_note(of: Invoice, **fields: Any) -> Invoice:
    """A credit note of 12,00 € with VAT on an invoice."""
    values = {
        "kind": Invoice.Kind.CREDIT_NOTE,
        "refers_to": of,
        "total_ht": Decimal("10.00"),
        "total_vat": Decimal("2.00"),
        "total_ttc": Decimal("12.00"),
    }
    return invoice(of.customer, **(values | fields))


def reason(workspace: Workspace, **fields: Any) -> ContactCode:
    """A reason of second level, with the first level above it."""
    rank = next(_rank)
    above = ContactCode.objects.create(
        workspace=workspace, kind=ContactCode.Kind.REASON, code=f"R{rank}", label="Livraison"
    )
    values = {"code": f"R{rank}-RET", "label": "Retard", "parent": above}
    return ContactCode.objects.create(
        workspace=workspace, kind=ContactCode.Kind.REASON, **(values | fields)
    )


def outcome(workspace: Workspace, **fields: Any) -> ContactCode:
    values = {"code": f"O{next(_rank)}", "label": "Résolu au premier contact"}
    return ContactCode.objects.create(
        workspace=workspace, kind=ContactCode.Kind.OUTCOME, **(values | fields)
    )


def conversation(workspace: Workspace, **fields: Any) -> Conversation:
    """A chat that waits for an adviser."""
    values = {
        "channel": Conversation.Channel.CHAT,
        "contact_label": "Odile",
        "subject": "Ma commande",
        "started_at": NOW,
    }
    return Conversation.objects.create(workspace=workspace, **(values | fields))


def open_conversation(workspace: Workspace, by: User, **fields: Any) -> Conversation:
    values = {"state": Conversation.State.OPEN, "adviser": by, "adviser_label": by.full_name}
    return conversation(workspace, **(values | fields))


def ended_conversation(workspace: Workspace, by: User, **fields: Any) -> Conversation:
    """An ended conversation that its adviser has still to qualify."""
    values = {"state": Conversation.State.ENDED, "ended_at": NOW}
    return open_conversation(workspace, by, **(values | fields))


def message(of: Conversation, **fields: Any) -> Message:
    rank = next(_rank)
    values = {
        "position": of.messages.count() + 1,
        "author": Message.Author.CUSTOMER,
        "author_label": "Odile",
        "body": f"Bonjour, message {rank}.",
        "sent_at": NOW,
        "client_key": f"clé-{rank}",
    }
    return Message.objects.create(
        workspace_id=of.workspace_id, conversation=of, **(values | fields)
    )


def exchange_note(of: Conversation, by: User, **fields: Any) -> ConversationNote:
    """An internal note, after what was said so far."""
    values = {
        "after_position": of.messages.count(), "author": by, "author_label": by.full_name,
        "body": "Voir avec le service livraison.", "written_at": NOW,
        "client_key": f"note-{next(_rank)}",
    }  # fmt: skip
    return ConversationNote.objects.create(
        workspace_id=of.workspace_id, conversation=of, **(values | fields)
    )


def attachment(of: Message, **fields: Any) -> Attachment:
    """A text file that came with a message."""
    kept = files.store(
        b"Bon de livraison", name="bon.txt", media_type="text/plain", by=None, at=NOW
    )
    values = {"file": kept, "name": "bon.txt"}
    return Attachment.objects.create(workspace_id=of.workspace_id, message=of, **(values | fields))


def article(workspace: Workspace, **fields: Any) -> Article:
    rank = next(_rank)
    values = {
        "slug": f"article-{rank}",
        "kind": Article.Kind.PROCEDURE,
        "title": f"Procédure {rank}",
        "body": "# Titre\n\nUn colis en retard se recherche chez le transporteur.",
        "valid_from": TODAY,
    }
    row = Article(workspace=workspace, **(values | fields))
    knowledge.index(row)
    row.save()
    learn([row])
    return row


def case(of: Customer, **fields: Any) -> Case:
    """An open complaint."""
    values = {
        "number": f"REC-{next(_rank)}",
        "kind": Case.Kind.COMPLAINT,
        "title": "Colis endommagé",
        "opened_at": NOW,
    }
    return Case.objects.create(workspace=of.workspace, customer=of, **(values | fields))


def case_event(of: Case, **fields: Any) -> CaseEvent:
    values = {"at": NOW, "author_label": "Camille", "body": "Accusé de réception envoyé."}
    return CaseEvent.objects.create(workspace_id=of.workspace_id, case=of, **(values | fields))


def case_code(workspace: Workspace, **fields: Any) -> CaseCode:
    values = {"kind": CaseCode.Kind.REASON, "label": "Livraison"}
    return CaseCode.objects.create(workspace=workspace, **(values | fields))


def case_link(of: Case, other: Case, **fields: Any) -> CaseLink:
    values = {"kind": CaseLink.Kind.FOLLOW_UP}
    return CaseLink.objects.create(
        workspace_id=of.workspace_id, case=of, other=other, **(values | fields)
    )


def case_step(of: Case, **fields: Any) -> CaseStep:
    values = {
        "procedure": "Colis endommagé",
        "position": of.steps.count() + 1,
        "text": "Demander une photo",
    }
    return CaseStep.objects.create(workspace_id=of.workspace_id, case=of, **(values | fields))


def second_level_request(of: Case, **fields: Any) -> SecondLevelRequest:
    values = {"team": "Atelier", "tried": "Redémarrage.", "question": "Carte ?", "asked_at": NOW}
    return SecondLevelRequest.objects.create(
        workspace_id=of.workspace_id, case=of, **(values | fields)
    )


def case_option(of: Case, **fields: Any) -> CaseOption:
    """A way out that the adviser granted."""
    values = {
        "label": "Bon d’achat",
        "gesture": AuthorityRule.Gesture.GOODWILL,
        "amount": Decimal("15.00"),
        "needs": CaseOption.Needs.ADVISER,
        "proposed_at": NOW,
        "granted_at": NOW,
    }
    return CaseOption.objects.create(workspace_id=of.workspace_id, case=of, **(values | fields))


def agreement(of: CaseOption, **fields: Any) -> Agreement:
    values = {
        "terms": "Un bon d’achat est envoyé",
        "amount": Decimal("15.00"),
        "due_on": date(2026, 12, 1),
        "in_charge": "Léonie Tessier",
        "agreed_at": NOW,
    }
    return Agreement.objects.create(
        workspace_id=of.workspace_id, case=of.case, option=of, **(values | fields)
    )


def letter_review(of: Letter, **fields: Any) -> LetterReview:
    """A submission that waits."""
    values = {"rank": 1, "submitted_at": NOW, "parts": {"body": of.body}}
    return LetterReview.objects.create(workspace_id=of.workspace_id, letter=of, **(values | fields))


def letter_posting(of: Letter, **fields: Any) -> LetterPosting:
    """A plain letter that left today."""
    values = {"posted_on": NOW.date(), "recorded_at": NOW, "recorded_by_label": "Camille"}
    return LetterPosting.objects.create(
        workspace_id=of.workspace_id, letter=of, **(values | fields)
    )


def letter_template(workspace: Workspace, **fields: Any) -> LetterTemplate:
    values = {
        "title": f"Modèle {next(_rank)}",
        "subject": "Votre demande {référence}",
        "body": "Nous répondons à votre demande, {client}.",
        "updated_at": NOW,
    }
    return LetterTemplate.objects.create(workspace=workspace, **(values | fields))


def resource(workspace: Workspace, **fields: Any) -> Resource:
    """A technician of office hours."""
    values = {"name": f"Technicien {next(_rank)}", "kind": Resource.Kind.PERSON}
    return Resource.objects.create(workspace=workspace, **(values | fields))


def appointment(of: Resource, **fields: Any) -> Appointment:
    """Monday 23 November 2026 from 10:00 to 11:00 in Paris."""
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    values = {
        "title": "Visite",
        "starts_at": start,
        "ends_at": start + timedelta(hours=1),
        "created_at": NOW,
        "created_by_label": "Camille",
    }
    return Appointment.objects.create(
        workspace_id=of.workspace_id, resource=of, **(values | fields)
    )


def intervention(of: Case, by: Resource, **fields: Any) -> Intervention:
    values = {
        "appointment": appointment(by, customer=of.customer),
        "instructions": "Changer la carte.",
    }
    return Intervention.objects.create(workspace_id=of.workspace_id, case=of, **(values | fields))


def recurrence_alert(of: Product, symptom: CaseCode, **fields: Any) -> RecurrenceAlert:
    values = {"count": 3, "since": NOW, "raised_at": NOW}
    return RecurrenceAlert.objects.create(
        workspace_id=of.workspace_id, product=of, symptom=symptom, **(values | fields)
    )


def letter(of: Customer, **fields: Any) -> Letter:
    """A draft."""
    values = {
        "subject": "Votre réclamation",
        "body": "Nous avons bien reçu votre courrier.",
        "created_at": NOW,
        "saved_at": NOW,
    }
    return Letter.objects.create(workspace=of.workspace, customer=of, **(values | fields))
