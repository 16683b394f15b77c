"""A written subject written in a form: seen, sealed, submitted, validated, revised."""

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.papers import sealing
from acquis.certification.papers.models import Subject
from acquis.kernel import trace
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

DATA = {
    "reference": "VAL-E90",
    "pack": "valbrenne",
    "title": "Dossier 90",
    "situation": "Vous êtes conseillère.\nUne cliente a écrit.",
    "instructions": "Étudiez le dossier.\n\nRépondez à la cliente.",
    "document_1_title": "Courrier de la cliente",
    "document_1_body": "Ma commande n’est pas arrivée.",
    "criterion_1": "La date promise est reprise.",
    "notes": "Ne pas promettre cent euros.",
}


@pytest.fixture
def centre():
    place = make.organisation()
    make.enterprise(place)
    return place


@pytest.fixture
def trainer(client, centre):
    person = make.person(Role.TRAINER, organisation=centre)
    client.force_login(person)
    return person


@pytest.fixture
def exam():
    return f"{make.framework_version().pk}:CCP1"


def send(client, exam: str, **changes: str):
    return client.post(reverse("papers:write"), DATA | {"exam": exam} | changes)


def test_the_exam_is_chosen_first_and_its_criteria_are_asked_about(client, trainer, exam) -> None:
    first = client.get(reverse("papers:write")).content.decode()
    assert exam in first
    page = client.get(reverse("papers:write"), {"exam": exam}).content.decode()
    assert "La demande est reformulée et comprise" in page
    assert "Conseiller relation client à distance · CCP1" in page
    assert "Node" not in page
    for wrong in ("999:CCP1", "n’importe quoi", f"{exam}9"):
        assert client.get(reverse("papers:write"), {"exam": wrong}).status_code == 422


def test_the_preview_shows_what_the_candidate_sees_and_keeps_nothing(client, trainer, exam) -> None:
    answer = send(client, exam, act="preview")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    shown = page[page.index("Ce que le candidat verra") : page.index('<form method="post" enc')]
    assert "Ma commande n’est pas arrivée." in shown
    assert "Répondez à la cliente." in shown
    assert "cent euros" not in shown
    assert "La date promise" not in shown
    assert "La date promise" in page  # still in the form
    assert not Subject.objects.exists()


def test_it_is_sealed_submitted_and_validated_by_the_direction(
    client, trainer, exam, centre
) -> None:
    send(client, exam)
    subject = Subject.objects.get()
    assert (subject.state, subject.author, subject.block) == ("submitted", trainer, "CCP1")
    assert b"Ma commande" not in bytes(subject.sealed)
    content = sealing.unseal(subject)
    assert content["instructions"] == ["Étudiez le dossier.", "Répondez à la cliente."]
    assert content["documents"] == [
        {"title": "Courrier de la cliente", "body": "Ma commande n’est pas arrivée."}
    ]
    assert [(one["code"], one["look_for"]) for one in content["criteria"]] == [
        ("CCP1.2", "La date promise est reprise.")
    ]
    client.force_login(make.person(Role.CERTIFYING_BODY, organisation=centre))
    client.post(reverse("papers:validate", args=[subject.pk]))
    subject.refresh_from_db()
    assert subject.state == "validated"


def test_a_draft_waits_for_its_author(client, trainer, exam) -> None:
    send(client, exam, act="draft")
    assert Subject.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"situation": ""}, "situation"),
        ({"pack": "inconnue"}, "pack"),
        ({"document_2_title": "Sans texte"}, "document_2_body"),
        ({"document_3_body": "Sans titre"}, "document_3_title"),
        ({"criterion_1": ""}, "criterion_0"),
        ({"title": "x" * 201}, "title"),
    ],
)
def test_each_error_is_at_its_field_and_nothing_typed_is_lost(
    client, trainer, exam, changes: dict[str, str], field: str
) -> None:
    answer = send(client, exam, **changes)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    page = answer.content.decode()
    for key, value in (DATA | changes).items():
        if value and key != "pack":
            assert value.split("\n")[0] in page
    assert not Subject.objects.exists()


def test_a_new_version_takes_up_the_content_and_keeps_what_the_form_does_not_show(
    client, trainer, centre
) -> None:
    make.framework_version()
    content = {
        "situation": "Avant",
        "instructions": ["Lisez."],
        "trigger": {"channel": "letter", "body": "Lettre"},
        "criteria": [{"text": "L’accueil du client est adapté", "look_for": "Salue."}],
    }
    subject = make.subject(centre, content=content, author=trainer)
    address = reverse("papers:rewrite", args=[subject.pk])
    assert "Avant" not in client.get(address).content.decode()
    loaded = client.post(address, {"act": "load"}).content.decode()
    assert "Avant" in loaded
    assert "Salue." in loaded
    assert trace.lines(subject.trace_stream).filter(verb="subject.reviewed").count() == 1
    data = {key: value for key, value in DATA.items() if key not in {"reference", "pack"}}
    assert client.post(address, data | {"act": "preview"}).status_code == 200
    client.post(address, data)
    made = Subject.objects.get(replaces=subject)
    after = sealing.unseal(made)
    assert (after["trigger"], after["title"]) == (content["trigger"], "Dossier 90")
    assert after["situation"].startswith("Vous êtes")


def test_who_did_not_write_it_takes_up_nothing(client, centre) -> None:
    make.framework_version()
    subject = make.subject(centre, content={"situation": "Secret"})
    client.force_login(make.person(Role.TRAINER, organisation=centre))
    address = reverse("papers:rewrite", args=[subject.pk])
    refused = client.post(address, {"act": "load"})
    assert refused.status_code == 422
    assert "Secret" not in refused.content.decode()


def test_another_kind_or_centre_has_no_such_page(client, trainer, centre) -> None:
    call = make.subject(centre, kind="exchanges")
    elsewhere = make.subject(make.organisation())
    for one in (call, elsewhere):
        assert client.get(reverse("papers:rewrite", args=[one.pk])).status_code == 404
