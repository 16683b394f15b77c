"""What the desk of a pack offers around its cases: reasons, symptoms, who can be booked."""

from typing import Any

from acquis.accounts.models import Workspace
from acquis.desk.agenda.models import Resource
from acquis.desk.cases.models import CaseCode

Json = dict[str, Any]


def families(workspace: Workspace, desk: Json) -> list[CaseCode]:
    """Families of reasons, then symptoms: nothing hangs on another row yet."""
    reasons = [family["label"] for family in desk["case_reasons"]]
    return [
        CaseCode(workspace=workspace, kind=kind, label=label, position=position)
        for kind, labels in (
            (CaseCode.Kind.REASON, reasons),
            (CaseCode.Kind.SYMPTOM, desk["symptoms"]),
        )
        for position, label in enumerate(labels, start=1)
    ]


def children(workspace: Workspace, desk: Json, parents: list[CaseCode]) -> list[CaseCode]:
    """The second level of reasons, under the saved families of the same pack."""
    by_label = {code.label: code for code in parents if code.kind == CaseCode.Kind.REASON}
    return [
        CaseCode(
            workspace=workspace,
            kind=CaseCode.Kind.REASON,
            label=label,
            parent=by_label[family["label"]],
            position=position,
        )
        for family in desk["case_reasons"]
        for position, label in enumerate(family["children"], start=1)
    ]


def resources(workspace: Workspace, desk: Json) -> list[Resource]:
    return [Resource(workspace=workspace, **record) for record in desk["resources"]]
