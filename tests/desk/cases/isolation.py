"""The rows of this room in the desks of `tests/desk/test_isolation.py`."""

from typing import Any

from acquis.desk.cases.models import Case
from tests.factories import desk as make

LISTS = [
    "cases:export",
    "cases:disputes",
    "cases:disputes_export",
    "cases:opinions",
    "cases:opinions_export",
]


def fill(desk: Any) -> None:
    case = Case.objects.get(workspace=desk.workspace)
    other = make.case(case.customer, title=desk.mark, number=f"SAV-{desk.mark}")
    code = make.case_code(desk.workspace, label=desk.mark)
    make.case_code(desk.workspace, label=desk.mark, kind="symptom")
    link = make.case_link(case, other)
    step = make.case_step(case, text=desk.mark, procedure=desk.mark)
    make.second_level_request(case, team=desk.mark, tried=desk.mark, question=desk.mark)
    option = make.case_option(case, label=desk.mark, for_customer=desk.mark)
    agreed = make.agreement(option, terms=desk.mark, in_charge=desk.mark)
    asked = make.case_option(case, label=desk.mark, granted_at=None, needs=2)
    symptom = make.case_code(desk.workspace, label=desk.mark, kind="symptom")
    alert = make.recurrence_alert(make.product(desk.workspace, label=desk.mark), symptom)
    visit = make.intervention(case, make.resource(desk.workspace, name=f"Équipe {desk.mark}"))
    invoice = make.invoice(case.customer, number=f"FL-{desk.mark}")
    dispute = make.invoice_dispute(invoice, detail=desk.mark, reference=case.number)
    make.opinion(case, comment=desk.mark)
    desk.objects |= {
        "cases:settle_dispute": {"pk": dispute.pk},
        "cases:resume_dispute": {"pk": dispute.pk},
        "cases:acknowledge": {"pk": alert.pk},
        **{
            f"cases:{name}": {"pk": case.pk, "visit_pk": visit.pk}
            for name in ("told", "report", "sheet")
        },
        "cases:decide": {"pk": case.pk, "option_pk": asked.pk},
        "cases:consensus": {"pk": case.pk, "agreement_pk": agreed.pk},
        "cases:code": {"pk": code.pk},
        "cases:unlink": {"pk": case.pk, "link_pk": link.pk},
        "cases:tick": {"pk": case.pk, "step_pk": step.pk},
        "cases:waive": {"pk": case.pk, "step_pk": step.pk},
    }
