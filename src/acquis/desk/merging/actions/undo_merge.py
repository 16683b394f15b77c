"""Records that were merged are parted again, as they were."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.desk.directory import queries as directory
from acquis.desk.directory.models import Customer
from acquis.desk.merging import rows
from acquis.desk.merging.errors import AlreadyUndone, CannotUndo
from acquis.desk.merging.models import Merge
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def undo_merge(*, merge: Merge, by: User | None, at: datetime) -> Merge:
    """Put back every row and column as before; what came after the merge stays on the kept record.

    Raises AlreadyUndone, CannotUndo (with its reason) or WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(merge.workspace)
    locked = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if locked.undone_at is not None:
        raise AlreadyUndone
    kept = Customer.objects.select_for_update(of=("self",)).get(pk=locked.kept_id)
    reason = refusal(locked, kept)
    if reason:
        raise CannotUndo(reason=reason)
    try:
        with transaction.atomic():
            _put_back(locked, kept, at)
    except IntegrityError as error:
        raise CannotUndo(
            reason=_(
                "une valeur d’alors, comme une référence, est maintenant celle d’une autre fiche."
            )
        ) from error
    locked.undone_at, locked.undone_by_label = at, by.full_name if by else ""
    locked.save(update_fields=["undone_at", "undone_by_label"])
    stream = f"workspace:{locked.workspace_id}"
    trace.record("customer.merge_undone", kept, by=by, at=at, stream=stream, merge=locked.pk)
    realtime.publish(stream, at=at, what="customer", customer=kept.pk)
    return locked


def refusal(merge: Merge, kept: Customer) -> str:
    """Why the merge cannot be undone any more, as a sentence; empty when it can."""
    changes = merge.changes
    if changes["kept"] != merge.kept_id:
        return _("la fiche gardée a elle-même été fusionnée ou copiée depuis.")
    if kept.merges.filter(undone_at=None, pk__gt=merge.pk).exists():
        return _("une fusion plus récente de la même fiche doit d’abord être défaite.")
    now = rows.kept(kept)
    touched = [
        name
        for name, value in changes["after"].items()
        if value != changes["before"][name]
        and name not in {"updated_at", "search_text"}
        and now[name] != value
    ]
    if touched:
        names = [str(Customer._meta.get_field(name).verbose_name) for name in touched]  # type: ignore[union-attr]  # noqa: SLF001
        return _("ces champs ont été modifiés depuis : %(fields)s.") % {"fields": ", ".join(names)}
    missing = _missing(changes)
    if missing:
        return _(
            "des lignes déplacées ont depuis été supprimées ou rattachées ailleurs (%(rooms)s)."
        ) % {"rooms": ", ".join(sorted(missing))}
    return ""


def _missing(changes: dict[str, Any]) -> set[str]:
    """The tables, in words, whose rows are no longer where the merge put them."""
    missing = set()
    for name, column, _former, keys in changes["moved"]:
        model = apps.get_model(name)
        there = sum(
            rows.manager(model).filter(pk__in=some, **{column: changes["kept"]}).count()
            for some in rows.chunks(keys)
        )
        if there != len(keys):
            missing.add(str(model._meta.verbose_name))  # noqa: SLF001
    for name, key, _before, after in changes["changed"]:
        model = apps.get_model(name)
        if not rows.manager(model).filter(pk=key, **after).exists():
            missing.add(str(model._meta.verbose_name))  # noqa: SLF001
    return missing


def _put_back(merge: Merge, kept: Customer, at: datetime) -> None:
    changes = merge.changes
    for name, key in changes["created"]:
        rows.manager(apps.get_model(name)).filter(pk=key).delete()
    untouched = kept.updated_at == rows.typed(Customer, changes["after"])["updated_at"]
    before = rows.typed(Customer, changes["before"])
    for name, value in before.items():
        if changes["before"][name] != changes["after"][name] or untouched:
            setattr(kept, name, value)
    kept.save()
    for values in changes["customers"]:
        rows.restored(rows.label(Customer), values).save(force_insert=True)
    for name, values in changes["removed"]:
        rows.restored(name, values).save(force_insert=True)
    for name, column, former, keys in changes["moved"]:
        for some in rows.chunks(keys):
            rows.manager(apps.get_model(name)).filter(pk__in=some).update(**{column: former})
    for name, key, earlier, _after in changes["changed"]:
        rows.manager(apps.get_model(name)).filter(pk=key).update(**earlier)
    if not untouched:
        kept.updated_at = at
        kept.search_text = directory.search_text_of(kept)
        kept.save(update_fields=["updated_at", "search_text"])
