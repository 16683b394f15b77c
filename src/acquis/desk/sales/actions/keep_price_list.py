"""A price list is made; its versions are drafted, published on a day, withdrawn before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from acquis.accounts.models import User, Workspace
from acquis.desk.sales import pricing
from acquis.desk.sales.errors import (
    AlreadyInForce,
    BeginsInThePast,
    DayTaken,
    DraftExists,
    LineRefused,
    ListInUse,
    NameTaken,
    NoLine,
    NotADraft,
    PeriodBackwards,
)
from acquis.desk.sales.models import PriceLine, PriceList, PriceListVersion, Product
from acquis.desk.sales.problems import PROBLEMS
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.kernel import trace

State = PriceListVersion.State
FIXED = ("audience", "segment", "basis")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a list gives."""

    name: str
    audience: str = PriceList.Audience.ALL
    segment: str = ""
    basis: str = PriceList.Basis.HT
    owner: str = ""
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A line as it is typed, imported or made by a pack."""

    product: Product
    step: pricing.Step
    note: str = ""


@transaction.atomic
def keep_price_list(
    *, workspace: Workspace, price_list: PriceList | None, asked: Asked, by: User | None,
    at: datetime,
) -> PriceList:  # fmt: skip
    """Write what a list is, a new one when `price_list` is None.

    Raises NameTaken, ListInUse or WorkspaceSealed; nothing is written then.
    """
    # One writer at a time, so that two lists cannot take the same name.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    row = _locked(price_list) if price_list else PriceList(workspace=workspace, made_at=at)
    rivals = PriceList.objects.filter(workspace=workspace, name=asked.name)
    if rivals.exclude(pk=row.pk).exists():
        raise NameTaken(name=asked.name)
    segment = asked.segment if asked.audience == PriceList.Audience.SEGMENT else ""
    wanted = {"audience": asked.audience, "segment": segment, "basis": asked.basis}
    if row.pk and any(getattr(row, name) != wanted[name] for name in FIXED):
        if row.versions.exclude(state=State.DRAFT).exists():
            raise ListInUse
        _refuse_fractions(row, asked.basis)
    for name, value in wanted.items():
        setattr(row, name, value)
    row.name, row.owner, row.review_on = asked.name, asked.owner, asked.review_on
    row.save()
    _trace("kept", row, by, at, name=row.name, new=price_list is None, **wanted)
    return row


@transaction.atomic
def draft_price_list(
    *,
    price_list: PriceList,
    by: User | None,
    at: datetime,
    source: PriceListVersion | None = None,
    percent: Decimal = Decimal(0),
    lines: Sequence[Given] | None = None,
) -> PriceListVersion:
    """Begin the next version of a list, which nobody is charged until it is published.

    It holds `lines` when they are given, else those of `source`, a version of the same list, whose
    prices are raised by `percent` (%, lowered below zero). Raises DraftExists, LineRefused or
    WorkspaceSealed; nothing is written then.
    """
    row = _locked(price_list)
    if row.versions.filter(state=State.DRAFT).exists():
        raise DraftExists
    last = row.versions.aggregate(last=Max("rank"))["last"] or 0
    version = PriceListVersion.objects.create(
        workspace_id=row.workspace_id,
        price_list=row,
        rank=last + 1,
        saved_at=at,
        saved_by=by.full_name if by else "",
    )
    if lines is None:
        lines = [] if source is None else _raised(row, source, percent)
    _write(version, row, lines)
    _trace(
        "drafted", row, by, at, rank=version.rank, source=source.rank if source else None,
        percent=str(percent), lines=len(lines),
    )  # fmt: skip
    version.price_list = row
    return version


@transaction.atomic
def keep_lines(
    *, version: PriceListVersion, lines: Sequence[Given], by: User, at: datetime
) -> PriceListVersion:
    """Give a draft these lines and no other, as an import does.

    Raises NotADraft, LineRefused or WorkspaceSealed; nothing is written then.
    """
    row, draft = _locked_draft(version)
    draft.lines.all().delete()
    _write(draft, row, lines)
    return _saved(draft, row, by, at, what="lines_kept", lines=len(lines))


@transaction.atomic
def keep_line(
    *, version: PriceListVersion, line: PriceLine | None, given: Given, by: User, at: datetime
) -> PriceListVersion:
    """Write one line of a draft in the place of `line`, or of that of the same product and quantity.

    Raises NotADraft, LineRefused or WorkspaceSealed; nothing is written then.
    """
    row, draft = _locked_draft(version)
    if line is not None:
        draft.lines.filter(pk=line.pk).delete()
    draft.lines.filter(product=given.product, least=given.step.least).delete()
    _write(draft, row, [given])
    return _saved(draft, row, by, at, what="line_kept", product=given.product.reference)


@transaction.atomic
def remove_line(*, line: PriceLine, by: User, at: datetime) -> None:
    """Take a line off a draft. Raises NotADraft or WorkspaceSealed."""
    row, draft = _locked_draft(line.version)
    _saved(draft, row, by, at, what="line_removed", product=line.product.reference)
    line.delete()


@transaction.atomic
def discard_draft(*, version: PriceListVersion, by: User, at: datetime) -> None:
    """Throw a draft away with its lines. Raises NotADraft or WorkspaceSealed."""
    row, draft = _locked_draft(version)
    _trace("discarded", row, by, at, rank=draft.rank, lines=draft.lines.count())
    draft.delete()


@transaction.atomic
def publish_price_list(
    *,
    version: PriceListVersion,
    on: date,
    by: User | None,
    at: datetime,
    until: date | None = None,
    note: str = "",
) -> PriceListVersion:
    """Charge a draft's prices from `on`, midnight in Paris, to `until`, or until it is replaced.

    The version before ends the day before; when one was published for later, this one ends there.
    `on` may be to come, not past at `at`. Raises NotADraft, NoLine, BeginsInThePast,
    PeriodBackwards, DayTaken or WorkspaceSealed; nothing is written then.
    """
    row, draft = _locked_draft(version)
    if not draft.lines.exists():
        raise NoLine
    if on < day_in_paris(at):
        raise BeginsInThePast
    if until is not None and until < on:
        raise PeriodBackwards
    same = row.versions.filter(state=State.PUBLISHED, valid_from=on).first()
    if same is not None:
        raise DayTaken(rank=same.rank)
    draft.state = State.PUBLISHED
    draft.valid_from, draft.valid_until, draft.note = on, until, note
    draft.published_at, draft.published_by = at, by.full_name if by else ""
    draft.save()
    _trace("published", row, by, at, rank=draft.rank, on=on, until=until, note=note)
    return draft


@transaction.atomic
def withdraw_version(*, version: PriceListVersion, by: User, at: datetime) -> PriceListVersion:
    """Take back a version before its day comes: that before it goes on.

    Raises AlreadyInForce, or WorkspaceSealed; nothing is written then.
    """
    row = _locked(version.price_list)
    kept = row.versions.select_for_update(of=("self",)).get(pk=version.pk)
    begun = kept.valid_from is None or kept.valid_from <= day_in_paris(at)
    if kept.state != State.PUBLISHED or begun:
        raise AlreadyInForce
    kept.state = State.WITHDRAWN
    kept.save(update_fields=["state"])
    _trace("withdrawn", row, by, at, rank=kept.rank)
    return kept


@transaction.atomic
def review_price_list(
    *, price_list: PriceList, next_on: date | None, by: User, at: datetime
) -> PriceList:
    """Say that a list was read over and still holds, until `next_on`. Raises WorkspaceSealed."""
    row = _locked(price_list)
    row.review_on = next_on
    row.save(update_fields=["review_on"])
    _trace("reviewed", row, by, at, next_on=next_on)
    return row


def _raised(row: PriceList, source: PriceListVersion, percent: Decimal) -> list[Given]:
    """The lines of a version of the list, raised; one that a raise would push out stays refused."""
    lines = source.lines.filter(version__price_list=row).select_related("product")
    return [
        Given(
            line.product,
            pricing.raised(pricing.Step(line.least, line.price, line.percent), percent),
            line.note,
        )
        for line in lines
    ]


def _write(version: PriceListVersion, row: PriceList, lines: Sequence[Given]) -> None:
    seen: set[tuple[int, Decimal]] = set()
    for given in lines:
        problem: str | None = pricing.problem_of(given.step, with_vat=row.basis == "ttc")
        key = (given.product.pk, given.step.least)
        if key in seen:
            problem = "twice"
        seen.add(key)
        if problem is not None:
            raise LineRefused(problem=f"{given.product.reference} : {PROBLEMS[problem]}")
    PriceLine.objects.bulk_create(
        [
            PriceLine(
                workspace_id=row.workspace_id,
                version=version,
                product=given.product,
                least=given.step.least,
                price=given.step.price,
                percent=given.step.percent,
                note=given.note,
            )
            for given in lines
        ],
        BATCH,
    )


def _refuse_fractions(row: PriceList, basis: str) -> None:
    """A draft whose prices have fractions of a cent cannot become one of prices with VAT."""
    steps = PriceLine.objects.filter(version__price_list=row, version__state=State.DRAFT)
    for line in steps.select_related("product"):
        step = pricing.Step(line.least, line.price, line.percent)
        problem = pricing.problem_of(step, with_vat=basis == "ttc")
        if problem is not None:
            raise LineRefused(problem=f"{line.product.reference} : {PROBLEMS[problem]}")


def _locked(price_list: PriceList) -> PriceList:
    row = (
        PriceList.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=price_list.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def _locked_draft(version: PriceListVersion) -> tuple[PriceList, PriceListVersion]:
    row = _locked(version.price_list)
    draft = row.versions.filter(pk=version.pk, state=State.DRAFT).first()
    if draft is None:
        raise NotADraft
    return row, draft


def _saved(
    draft: PriceListVersion, row: PriceList, by: User, at: datetime, *, what: str, **data: Any
) -> PriceListVersion:
    draft.saved_at, draft.saved_by = at, by.full_name
    draft.save(update_fields=["saved_at", "saved_by"])
    _trace(what, row, by, at, rank=draft.rank, **data)
    return draft


def _trace(what: str, row: PriceList, by: User | None, at: datetime, **data: Any) -> None:
    stream = row.workspace.trace_stream
    trace.record(f"sales.price_list_{what}", row, by=by, at=at, stream=stream, **data)
