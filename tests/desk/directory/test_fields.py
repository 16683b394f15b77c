"""Fields that a desk defines for itself."""

import pytest
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.directory import queries
from acquis.desk.directory.actions.keep_custom_field import (
    change_field,
    define_field,
)
from acquis.desk.directory.errors import (
    ChoicesMissing,
    FieldKeyTaken,
)
from acquis.desk.directory.models import Customer
from acquis.kernel.testing import StrictClient
from tests.desk.directory.records import AT, address
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def test_a_field_of_the_desk_is_asked_checked_and_shown(
    signed_in: StrictClient, known: Customer
) -> None:
    page = reverse("directory:fields", args=[known.workspace_id])
    for label, kind, choices in (
        ("Surface", "number", ""), ("Énergie", "choice", "gaz\nbois"), ("Visite", "date", ""),
        ("Jardin", "yes_no", ""), ("Surnom", "text", ""),
    ):  # fmt: skip
        signed_in.post(page, {"label": label, "kind": kind, "choices": choices})
    assert signed_in.post(page, {"label": "surface", "kind": "text"}).status_code == 422
    assert signed_in.post(page, {"label": "Vide", "kind": "choice"}).status_code == 422
    assert signed_in.post(page, {"label": "!", "kind": "text"}).status_code == 422

    change = address(known, "change")
    person = {
        "kind": "person", "last_name": "Exemple", "country": "France", "reference": known.reference
    }  # fmt: skip
    wrong = {"custom_surface": "grand", "custom_visite": "hier", "custom_energie": "fioul"}
    assert signed_in.post(change, person | wrong).status_code == 422
    signed_in.post(
        change,
        person | {"custom_surface": "120,50", "custom_energie": "bois", "custom_visite": "25/11/2026",
                  "custom_jardin": "oui", "custom_surnom": "le Grand"},
    )  # fmt: skip
    known.refresh_from_db()
    assert known.custom == {
        "surface": "120.5", "energie": "bois", "visite": "2026-11-25", "jardin": True,
        "surnom": "le Grand",
    }  # fmt: skip
    shown = signed_in.get(address(known, "record")).content.decode()
    assert "120,5" in shown
    assert "25/11/2026" in shown
    signed_in.post(change, person | {"custom_jardin": "non"})
    known.refresh_from_db()
    assert known.custom == {"jardin": False}


def test_a_field_is_changed_and_no_longer_asked(signed_in: StrictClient, known: Customer) -> None:
    field = make.custom_field(known.workspace, kind="choice", choices=["gaz"], key="energie")
    Customer.objects.filter(pk=known.pk).update(custom={"energie": "gaz"})
    page = reverse("directory:field", args=[known.workspace_id, field.pk])

    assert "gaz" in signed_in.get(page).content.decode()
    signed_in.post(page, {"label": "Chauffage", "choices": "bois", "hint": "Pour l’entretien."})
    field.refresh_from_db()
    assert (field.label, field.choices, field.key) == ("Chauffage", ["bois"], "energie")
    assert "gaz" in signed_in.get(address(known, "change")).content.decode()

    archive = reverse("directory:field_archive", args=[known.workspace_id, field.pk])
    signed_in.post(archive)
    assert queries.custom_fields(known.workspace) == []
    signed_in.post(archive)
    assert queries.custom_fields(known.workspace) == [field]


def test_fields_are_refused_without_choices_or_twice(workspace: Workspace, adviser: User) -> None:
    kept = define_field(workspace=workspace, label="Énergie", kind="choice", choices=["gaz"],
                        by=adviser, at=AT)  # fmt: skip
    with pytest.raises(FieldKeyTaken):
        define_field(workspace=workspace, label="Energie", kind="text", by=adviser, at=AT)
    with pytest.raises(ChoicesMissing):
        change_field(field=kept, label="Énergie", hint="", by=adviser, at=AT)
    text = define_field(workspace=workspace, label="Libre", kind="text", by=None, at=AT)
    assert (
        change_field(field=text, label="Autre", hint="", choices=["x"], by=None, at=AT).choices
        == []
    )
