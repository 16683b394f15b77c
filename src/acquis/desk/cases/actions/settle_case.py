"""Ways out of a difficult case, who may grant them, and what is agreed in writing (002-CP3)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import override

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.access import refuse_unless_supervisor
from acquis.desk.cases.actions._case import living, record, tell
from acquis.desk.cases.errors import (
    AgreementExceeds,
    DeciderMissing,
    LetterWritten,
    OptionDecided,
    OptionNotGranted,
)
from acquis.desk.cases.models import Agreement, AuthorityRule, Case, CaseOption
from acquis.desk.cases.policy import authority, complaints
from acquis.desk.cases.rules import authority_rows, ceilings_of
from acquis.desk.documents.actions.start_letter import start_letter
from acquis.desk.documents.models import Letter
from acquis.desk.sales.models import Order
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.kernel import trace
from acquis.kernel.typography import NBSP, number

Needs = CaseOption.Needs
CEILINGS = ["adviser_amount", "adviser_percent", "supervisor_amount", "supervisor_percent"]
WRITTEN = ["subject", "references", "body", "agreed", "needs_release"]


class Weighed(TypedDict):
    label: str
    gesture: str
    amount: Decimal
    for_customer: str
    for_company: str


@transaction.atomic
def propose_option(*, case: Case, option: Weighed, by: User, at: datetime) -> CaseOption:
    """Put down a way out; the authority matrix says who may grant it.

    What the adviser may grant is granted at once. Raises CaseClosed, CaseMerged, WorkspaceSealed.
    """
    row = living(case)
    rules = {rule.gesture: rule for rule in authority_rows(row.workspace)}
    needs = authority.needed(
        option["amount"], ceilings_of(rules[option["gesture"]]), order_total(row.order)
    )
    own = needs == authority.Authority.ADVISER
    made = CaseOption.objects.create(
        workspace_id=row.workspace_id,
        case=row,
        **option,
        needs=int(needs),
        proposed_at=at,
        proposed_by_label=by.full_name,
        granted_at=at if own else None,
        granted_by_label=by.full_name if own else "",
    )
    tell(row, f"+ {made.label} ({_euros(made.amount)}) : {made.get_needs_display()}", by=by, at=at)
    record("case.option_proposed", row, by=by, at=at, option=made.pk, amount=made.amount,
           gesture=made.gesture, needs=made.needs)  # fmt: skip
    return made


@transaction.atomic
def decide_option(
    *, option: CaseOption, granted: bool, reason: str, decider: str = "", by: User, at: datetime
) -> CaseOption:
    """Grant or refuse what is beyond the adviser; above the supervisor, `decider` is who decided.

    Raises OptionDecided, DeciderMissing, SupervisorOnly, CaseClosed or WorkspaceSealed.
    """
    row = living(option.case)
    refuse_unless_supervisor(by, row.workspace)
    made = CaseOption.objects.select_for_update(of=("self",)).get(pk=option.pk)
    if made.granted_at or made.refused_at:
        raise OptionDecided
    decider = decider.strip()
    if granted and made.needs == Needs.MANAGEMENT and not decider:
        raise DeciderMissing
    made.granted_at, made.refused_at = (at, None) if granted else (None, at)
    made.granted_by_label = (decider or by.full_name) if granted else by.full_name
    made.decision_reason = reason.strip()
    made.save(update_fields=["granted_at", "refused_at", "granted_by_label", "decision_reason"])
    mark = "✓" if granted else "✗"
    tell(row, f"{mark} {made.label} · {made.granted_by_label} {reason}".strip(), by=by, at=at)
    record("case.option_decided", row, by=by, at=at, option=made.pk, granted=granted,
           decider=made.granted_by_label)  # fmt: skip
    return made


@transaction.atomic
def agree(
    *,
    option: CaseOption,
    terms: str,
    amount: Decimal,
    due_on: date,
    in_charge: str,
    by: User,
    at: datetime,
) -> Agreement:
    """Write down what both sides agreed: who does what, how much, for when.

    Raises OptionNotGranted, AgreementExceeds, CaseClosed or WorkspaceSealed.
    """
    row = living(option.case)
    made = CaseOption.objects.select_for_update(of=("self",)).get(pk=option.pk)
    if made.granted_at is None:
        raise OptionNotGranted(label=made.label, who=made.get_needs_display())
    if amount > made.amount:
        raise AgreementExceeds(granted=number(made.amount, 2))
    agreed = Agreement.objects.create(
        workspace_id=row.workspace_id,
        case=row,
        option=made,
        terms=terms.strip(),
        amount=amount,
        due_on=due_on,
        in_charge=in_charge.strip(),
        agreed_at=at,
        agreed_by_label=by.full_name,
    )
    tell(row, f"= {agreed.terms} · {_euros(amount)} · {due_on:%d/%m/%Y} · {in_charge}",
         by=by, at=at)  # fmt: skip
    record("case.agreed", row, by=by, at=at, option=made.pk, amount=amount, due_on=due_on)
    return agreed


@transaction.atomic
def write_consensus(*, agreement: Agreement, by: User, at: datetime) -> Letter:
    """Draft the letter that confirms an agreement, bound to it.

    It is read over before it leaves when the case is a complaint or critical, or when the gesture
    was beyond the adviser (V-13). Raises LetterWritten, CaseClosed or WorkspaceSealed.
    """
    row = living(agreement.case)
    agreed = Agreement.objects.select_for_update(of=("self",)).select_related("option").get(
        pk=agreement.pk
    )  # fmt: skip
    if agreed.letter_id is not None:
        raise LetterWritten
    letter = start_letter(customer=row.customer, by=by, at=at)
    letter.subject = f"Votre demande {row.number} : ce dont nous sommes convenus"
    letter.references = row.number
    letter.body = consensus_text(row, agreed)
    letter.agreed = {
        "amounts": [str(agreed.amount)] if agreed.amount else [],
        "dates": [agreed.due_on.isoformat()],
        "names": [agreed.in_charge],
    }
    letter.needs_release = needs_release(row, agreed.option)
    letter.save(update_fields=WRITTEN)
    agreed.letter = letter
    agreed.save(update_fields=["letter"])
    tell(row, f"✉ {letter.subject}", by=by, at=at)
    record("case.consensus_written", row, by=by, at=at, letter=letter.pk)
    return letter


def needs_release(case: Case, option: CaseOption) -> bool:
    critical = (case.criticality or 0) >= complaints.SUPERVISED_FROM
    return case.kind == Case.Kind.COMPLAINT or critical or option.needs > Needs.ADVISER


def consensus_text(case: Case, agreed: Agreement) -> str:
    """One idea a paragraph (K-11); a letter is in French whatever the writer's language."""
    with override("fr"):
        day = date_format(agreed.due_on, "j F Y")
        opened = date_format(day_in_paris(case.opened_at), "j F Y")
    day = f"1er{day[1:]}" if day.startswith("1 ") else day
    opened = f"1er{opened[1:]}" if opened.startswith("1 ") else opened
    money = f"Le montant convenu est de {_euros(agreed.amount)}. " if agreed.amount else ""
    thanks = (
        "Nous vous remercions de l’échange que nous avons eu au sujet de votre demande "
        f"{case.number} du {opened} : « {case.title} »."
    )
    otherwise = (
        "Si quelque chose ne correspondait pas à notre échange, dites-le-nous en rappelant "
        f"la référence {case.number} : nous reprendrons le dossier ensemble."
    )
    terms = f"Nous sommes convenus de ce qui suit : {agreed.terms.rstrip('.')}."
    promise = f"{money}Cela sera fait au plus tard le {day}, par {agreed.in_charge}."
    return f"{thanks}\n\n{terms}\n\n{promise}\n\n{otherwise}"


def order_total(order: Order | None) -> Decimal | None:
    """What the order concerned comes to with VAT, in euros; None without order."""
    if order is None:
        return None
    total = sum(
        (
            line.quantity * line.unit_price_ht
            * (1 - line.discount_percent / 100) * (1 + line.vat_rate / 100)
            for line in order.lines.all()
        ),
        Decimal(0),
    )  # fmt: skip
    return total.quantize(Decimal("0.01"))


@transaction.atomic
def change_authority(
    *, workspace: Workspace, rows: Mapping[str, Mapping[str, Decimal | None]], by: User,
    at: datetime,
) -> None:  # fmt: skip
    """Set the authority matrix, gesture by gesture. Raises SupervisorOnly or WorkspaceSealed."""
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    refuse_unless_supervisor(by, workspace)
    AuthorityRule.objects.bulk_create(
        [
            AuthorityRule(workspace=workspace, gesture=AuthorityRule.Gesture(gesture), **values)
            for gesture, values in rows.items()
        ],
        update_conflicts=True,
        unique_fields=["workspace", "gesture"],
        update_fields=CEILINGS,
    )
    data: dict[str, Any] = {"rows": {key: dict(values) for key, values in rows.items()}}
    stream = workspace.trace_stream
    trace.record("case.authority_changed", None, by=by, at=at, stream=stream, **data)


def _euros(amount: Decimal) -> str:
    return f"{number(amount, 2)}{NBSP}€"
