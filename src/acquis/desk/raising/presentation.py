from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.kernel import sheets


def raised_csv(found: Iterable[Any]) -> str:
    """The list, with its counts, as a spreadsheet opens it in French."""
    heads = [
        _("Titre"), _("Genre"), _("État"), _("Auteur"), _("Transmise le"), _("Personnes"),
        _("Demandes"), _("Ce qui a été vu"), _("Effet pour les clients"), _("Proposition"),
    ]  # fmt: skip
    rows = (
        (
            one.title, one.get_kind_display(), one.get_state_display(), one.author_label,
            f"{timezone.localtime(one.raised_at):%d/%m/%Y %H:%M}", one.people, one.case_count,
            one.seen, one.effect, one.proposal,
        )
        for one in found
    )  # fmt: skip
    return sheets.csv_text(heads, rows)
