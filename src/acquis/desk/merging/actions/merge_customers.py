"""Several records of one customer become one; everything is kept, and can be parted again."""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.desk.directory import queries as directory
from acquis.desk.directory.models import (
    POSTAL_LINE_CHARS,
    CompanyContact,
    Consent,
    ContactPoint,
    Customer,
    PostalAddress,
)
from acquis.desk.merging import policy, rows
from acquis.desk.merging.errors import (
    KindsDiffer,
    NothingToMerge,
    RowCannotMove,
    TooManyToMerge,
)
from acquis.desk.merging.models import FormerRecord, Merge
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.kernel import realtime, trace

MOST = 5  # records merged at once: more do not fit side by side
FIELDS = (
    "reference", "title", "first_name", "last_name", "company_name", "siren", "siret", "vat_number",
    "email", "phone", "phone_alt", "address", "country", "birth_year", "pcs", "segment", "language",
    "customer_since",
)  # fmt: skip
ADDRESS = ("address_1", "address_2", "postcode", "city")  # chosen together: half an address is none


@transaction.atomic
def merge_customers(
    *,
    kept: Customer,
    others: Sequence[Customer],
    choices: Mapping[str, int],
    by: User | None,
    at: datetime,
) -> Merge:
    """Move every row of `others` to `kept`, write the chosen values, take `others` away.

    `choices` says for a name of FIELDS the key of the record whose value stays; without it the
    first record that has one. Telephones, e-mails and addresses that were not chosen stay as parts
    of the record. Of opposed agreements the refusal holds.

    What was done is kept in `Merge.changes`: `kept` (key), `before` and `after` (columns of the
    kept record), `customers` (the merged rows), `moved` (model, column, former key, row keys),
    `removed` (rows set aside: model, columns), `changed` (model, key, before, after) and `created`
    (model, key). Raises NothingToMerge, TooManyToMerge, KindsDiffer, RowCannotMove or
    WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(kept.workspace)
    keys = [kept.pk, *dict.fromkeys(one.pk for one in others if one.pk != kept.pk)]
    records = _locked(kept, keys)
    if len({one.kind for one in records}) > 1:
        raise KindsDiffer
    work = _Work(records[0], records[1:], at)
    values = merged_values(records, choices)
    opposed = opposed_agreements(records)
    work.move()
    for row in work.others:
        row.delete()
    work.write(values)
    work.keep_parts(records, values)
    work.refuse(opposed, by)
    return _recorded(work, by=by, at=at)


def merged_values(records: Sequence[Customer], choices: Mapping[str, int]) -> dict[str, Any]:
    """The columns of the record that stays, from the choices of a person."""
    values: dict[str, Any] = {}
    for name in FIELDS:
        chosen = records[chosen_place(name, records, choices)]
        for column in columns(name):
            values[column] = getattr(chosen, column)
    values["tags"] = policy.union([one.tags or [] for one in records])
    for name in ("preferences", "custom", "consents"):
        values[name] = policy.filled([getattr(one, name) or {} for one in records])
    return values


def columns(name: str) -> tuple[str, ...]:
    return ADDRESS if name == "address" else (name,)


def chosen_place(name: str, records: Sequence[Customer], choices: Mapping[str, int]) -> int:
    """The place, among the records, of the one whose value stays."""
    keys = [one.pk for one in records]
    if choices.get(name) in keys:
        return keys.index(choices[name])
    return policy.default_choice([getattr(one, columns(name)[0]) for one in records])


def opposed_agreements(records: Sequence[Customer]) -> frozenset[tuple[str, str]]:
    """The channels and purposes on which the records do not say the same."""
    last: dict[int, dict[tuple[str, str], bool]] = {one.pk: {} for one in records}
    said = Consent.objects.filter(customer__in=[one.pk for one in records])
    for pk, channel, purpose, given in said.order_by("decided_at", "pk").values_list(
        "customer_id", "channel", "purpose", "given"
    ):
        last[pk][channel, purpose] = given
    return policy.opposed([*last.values()])


def _locked(kept: Customer, keys: Sequence[int]) -> list[Customer]:
    """The records in the order asked, locked in the order of their keys."""
    if len(keys) < 2:
        raise NothingToMerge
    if len(keys) > MOST:
        raise TooManyToMerge(most=MOST)
    scope = Customer.objects.select_for_update(of=("self",)).filter(workspace=kept.workspace_id)
    found = {row.pk: row for row in scope.filter(pk__in=keys).order_by("pk")}
    if len(found) != len(keys):
        raise NothingToMerge
    return [found[key] for key in keys]


class _Work:
    """A merge under way, and the list of what it does."""

    def __init__(self, kept: Customer, others: Sequence[Customer], at: datetime) -> None:
        self.kept, self.others, self.at = kept, list(others), at
        self.counts: dict[str, int] = {}
        self.changes: dict[str, Any] = {
            "kept": kept.pk,
            "before": rows.kept(kept),
            "customers": [rows.kept(one) for one in others],
            "moved": [],
            "removed": [],
            "changed": [],
            "created": [],
        }

    def move(self) -> None:
        self._one_main_contact()
        for model, name in rows.pointers():
            for other in self.others:
                if model in rows.DERIVED:
                    self._set_aside(rows.manager(model).filter(**{name: other.pk}))
                else:
                    self._move(model, name, other)

    def _one_main_contact(self) -> None:
        """A company has one main contact: that of the kept record, else of the first other."""
        main = CompanyContact.objects.filter(is_main=True)
        held = main.filter(company=self.kept).exists()
        for other in self.others:
            for row in main.filter(company=other):
                if held:
                    row.is_main = False
                    row.save(update_fields=["is_main"])
                    self._changed(row, {"is_main": True}, {"is_main": False})
                held = True

    def _move(self, model: type[models.Model], name: str, other: Customer) -> None:
        scope = rows.manager(model).filter(**{name: other.pk})
        keys = list(scope.order_by("pk").values_list("pk", flat=True))
        if not keys:
            return
        try:
            with transaction.atomic():
                scope.update(**{name: self.kept.pk})
            moved = keys
        except IntegrityError:
            moved = [key for key in keys if self._moved_alone(model, name, key)]
        self.changes["moved"].append([rows.label(model), name, other.pk, moved])
        self.counts[rows.label(model)] = self.counts.get(rows.label(model), 0) + len(moved)

    def _moved_alone(self, model: type[models.Model], name: str, key: int) -> bool:
        """Whether the row moved; one that the kept record has already is set aside."""
        scope = rows.manager(model).filter(pk=key)
        try:
            with transaction.atomic():
                scope.update(**{name: self.kept.pk})
        except IntegrityError:
            self._set_aside(scope)
            return False
        return True

    def _set_aside(self, scope: "models.QuerySet[Any]") -> None:
        for row in scope.order_by("pk"):
            values = rows.kept(row)
            removed, _each = row.delete()
            if removed != 1:  # rows of other tables hang from it: they would not be restored
                raise RowCannotMove(room=rows.label(row))
            self.changes["removed"].append([rows.label(row), values])

    def write(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            setattr(self.kept, name, value)
        self.kept.updated_at = self.at
        self.kept.save()

    def keep_parts(self, records: Sequence[Customer], values: Mapping[str, Any]) -> None:
        """Ways to reach the customer that were not chosen stay on the record."""
        phones = {values["phone"], values["phone_alt"]}
        for one in records:
            for number in (one.phone, one.phone_alt):
                if number and number not in phones:
                    self._point(ContactPoint.Kind.PHONE, number)
            if one.email and one.email.lower() != values["email"].lower():
                self._point(ContactPoint.Kind.EMAIL, one.email.lower())
            lines = [getattr(one, name) for name in ADDRESS]
            if any(lines) and lines != [values[name] for name in ADDRESS]:
                self._address(one)

    def _point(self, kind: str, value: str) -> None:
        of_kept = {"customer": self.kept, "kind": kind, "value": value}
        if not ContactPoint.objects.filter(contact=None, **of_kept).exists():
            self._created(
                ContactPoint.objects.create(workspace_id=self.kept.workspace_id, **of_kept)
            )

    def _address(self, of: Customer) -> None:
        """The six lines are 38 characters each: a longer one goes on in the next."""
        text = " ".join(part for part in (of.address_2, of.address_1) if part)
        lines = ["", "", *textwrap.wrap(text, POSTAL_LINE_CHARS)][-3:]
        self._created(
            PostalAddress.objects.create(
                workspace_id=self.kept.workspace_id,
                customer=self.kept,
                use=PostalAddress.Use.OTHER,
                street=lines[2],
                outside=lines[1],
                inside=lines[0],
                postcode=of.postcode,
                city=of.city[:POSTAL_LINE_CHARS],
                country=of.country,
            )
        )

    def refuse(self, opposed: frozenset[tuple[str, str]], by: User | None) -> None:
        """Where the records said opposite things, a refusal is written down: it holds from now."""
        for channel, purpose in sorted(opposed):
            row = Consent.objects.create(
                workspace_id=self.kept.workspace_id,
                customer=self.kept,
                channel=channel,
                purpose=purpose,
                given=False,
                decided_at=self.at,
                medium=Consent.Medium.DECLARED,
                proof=_("Fusion de fiches aux accords opposés : le refus l’emporte."),
                recorded_at=self.at,
                recorded_by=by,
                recorded_by_label=by.full_name if by else "",
            )
            self._created(row)
            if purpose == Consent.Purpose.PROSPECTING:
                self.kept.consents = {
                    **self.kept.consents,
                    channel: {
                        "granted": False,
                        "on": day_in_paris(self.at).isoformat(),
                        "source": row.proof,
                    },
                }
        self.kept.search_text = directory.search_text_of(self.kept)
        self.kept.save(update_fields=["consents", "search_text"])
        self.changes["after"] = rows.kept(self.kept)

    def _created(self, row: models.Model) -> None:
        self.changes["created"].append([rows.label(row), row.pk])

    def _changed(
        self, row: models.Model, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        self.changes["changed"].append([rows.label(row), row.pk, before, after])


def _recorded(work: _Work, *, by: User | None, at: datetime) -> Merge:
    names = [f"{row['reference']}" for row in work.changes["customers"]]
    merge = Merge.objects.create(
        workspace_id=work.kept.workspace_id,
        kept=work.kept,
        changes=work.changes,
        counts=work.counts,
        label=", ".join(names),
        merged_at=at,
        merged_by=by,
        merged_by_label=by.full_name if by else "",
    )
    FormerRecord.objects.bulk_create(
        FormerRecord(
            workspace_id=work.kept.workspace_id,
            merge=merge,
            former_key=row["id"],
            reference=row["reference"],
        )
        for row in work.changes["customers"]
    )
    stream = f"workspace:{work.kept.workspace_id}"
    trace.record(
        "customer.merged",
        work.kept,
        by=by,
        at=at,
        stream=stream,
        merge=merge.pk,
        merged=[[row["id"], row["reference"]] for row in work.changes["customers"]],
        rows=work.counts,
    )
    realtime.publish(stream, at=at, what="customer", customer=work.kept.pk)
    return merge
