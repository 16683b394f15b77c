"""What leaves the product: the CASE package of an edition, the comparison as a table."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from acquis.certification.frameworks.case import Issue, Publication, case_package
from acquis.certification.frameworks.comparison import Change
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.frameworks.presentation import ITEM_KINDS, NATURES
from acquis.kernel import sheets


def case_of(version: FrameworkVersion, address: str) -> dict[str, Any]:
    """The edition as a CASE package; `address` is the public address of this product."""
    framework = version.framework
    publication = Publication(
        issue=_issue(version),
        title=framework.title,
        creator=framework.organisation.name if framework.organisation else "Acquis",
        address=address,
        changed_at=version.published_at.isoformat() if version.published_at else "",
        valid_from=version.valid_from.isoformat() if version.valid_from else None,
        valid_to=version.valid_to.isoformat() if version.valid_to else None,
    )
    return case_package(
        version.content,
        publication,
        previous=_issue(version.previous) if version.previous else None,
        correspondences=version.correspondences,
    )


def _issue(version: FrameworkVersion) -> Issue:
    framework = version.framework
    owner = framework.organisation.slug if framework.organisation else ""
    return Issue(owner, framework.code, version.edition)


def comparison_table(changes: Sequence[Change]) -> str:
    """The comparison as CSV for a spreadsheet: semicolons, one line a change."""
    heads = [
        _("Changement"), _("Nature"), _("Code ancien"), _("Texte ancien"), _("Code nouveau"),
        _("Texte nouveau"), _("Proximité (%)"), _("Correspondance confirmée"),
    ]  # fmt: skip
    return "".join(sheets.lines(heads, map(_cells, changes)))


def _cells(change: Change) -> list[str]:
    before, after = change.before, change.after
    return [
        str(NATURES[change.nature]),
        str(ITEM_KINDS[change.kind]),
        before.code if before else "",
        before.text if before else "",
        after.code if after else "",
        after.text if after else "",
        str(change.nearness) if before and after else "",
        _("oui") if change.confirmed else "",
    ]
