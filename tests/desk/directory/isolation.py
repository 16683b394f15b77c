"""The parts of a record in the desks of `tests/desk/test_isolation.py`."""

from typing import Any

from tests.factories import desk as make

LISTS = ["directory:caller", "directory:bulk"]
MISSING = {"directory:export_file"}  # it is kept for its author alone


def fill(desk: Any) -> None:
    known = make.customer(
        desk.workspace, last_name=desk.mark, address_1=desk.mark, custom={"secret": desk.mark}
    )
    phone = make.contact_point(known, label=desk.mark)
    make.address(known, recipient=desk.mark)
    make.consent(known, text_shown=desk.mark, recorded_by_label=desk.mark)
    make.prospecting_call(known, caller_label=desk.mark)
    field = make.custom_field(desk.workspace, label=desk.mark, key="secret")
    company = make.company(desk.workspace, company_name=desk.mark)
    make.company_contact(company, last_name=desk.mark)
    make.household(known, make.customer(desk.workspace, last_name=desk.mark))
    view = make.saved_view(desk.workspace, desk.adviser, name=desk.mark, shared=True)
    edit = make.bulk_edit(known, desk.adviser, value=[desk.mark], author_label=desk.mark)
    export = make.customer_export(desk.workspace, desk.adviser)
    part = {"pk": known.pk, "part": "telephone", "part_pk": phone.pk}
    desk.objects |= {
        "directory:view_change": {"pk": view.pk},
        "directory:view_remove": {"pk": view.pk},
        "directory:view_default": {"pk": view.pk},
        "directory:bulk_edit": {"pk": edit.pk},
        "directory:bulk_undo": {"pk": edit.pk},
        "directory:export_file": {"pk": export.pk},
        "directory:field": {"pk": field.pk},
        "directory:field_archive": {"pk": field.pk},
        "directory:part_create": part,
        "directory:part_change": part,
        "directory:part_remove": part,
        "directory:reach": {"pk": known.pk},
        "directory:household": {"pk": known.pk},
        "directory:household_leave": {"pk": known.pk},
        "directory:consents": {"pk": known.pk},
        "directory:calling": {"pk": known.pk},
    }
