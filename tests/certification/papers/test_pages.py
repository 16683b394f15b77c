import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.papers.models import Draw, Subject, SubjectOpening
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

CONTENT = {
    "kind": "written",
    "code": "VAL-E09",
    "title": "Dossier écrit 9",
    "framework": "TP-00483",
    "block": "CCP1",
    "enterprise": "valbrenne",
    "situation": "Un client mécontent",
}


def bring(client, content: bytes):
    upload = SimpleUploadedFile("sujet.json", content, content_type="application/json")
    return client.post(reverse("papers:bring"), {"file": upload})


def test_a_subject_is_brought_validated_by_another_and_opened_with_a_trace(client) -> None:
    centre = make.organisation()
    author = make.person(Role.TRAINER, organisation=centre)
    director = make.person(Role.CERTIFYING_BODY, organisation=centre)
    client.force_login(author)
    assert bring(client, json.dumps(CONTENT).encode()).status_code == 302
    subject = Subject.objects.get()
    assert subject.state == "submitted"
    page = client.get(reverse("papers:detail", args=[subject.pk])).content.decode()
    assert "mécontent" not in page
    opened = client.post(reverse("papers:open", args=[subject.pk])).content.decode()
    assert "mécontent" in opened
    assert SubjectOpening.objects.get().opened_by == author
    client.force_login(director)
    client.post(reverse("papers:validate", args=[subject.pk]))
    subject.refresh_from_db()
    assert subject.validated_by == director
    assert client.get(reverse("papers:list")).status_code == 200
    client.post(reverse("papers:withdraw", args=[subject.pk]))
    subject.refresh_from_db()
    assert subject.state == "withdrawn"


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"not json", b"[]", b"{}", json.dumps(CONTENT | {"kind": "oral"}).encode()],
)
def test_what_is_no_subject_is_refused_in_words(client, content: bytes) -> None:
    client.force_login(make.person(Role.TRAINER, organisation=make.organisation()))
    assert bring(client, content).status_code == 422
    assert not Subject.objects.exists()


def test_the_manager_draws_and_sees_what_recomputes_it_but_no_content(client) -> None:
    session = make.session(candidates=1)
    make.subject(session.organisation, kind="exchanges", content=CONTENT)
    client.force_login(session.manager)
    seat = session.candidates.get()
    for _ in range(2):
        client.post(reverse("papers:draw", args=[seat.pk, "exchanges"]))
    draw = Draw.objects.get()
    page = client.get(reverse("papers:session", args=[session.pk])).content.decode()
    assert draw.seed in page
    assert "Tirage vérifié" in page.replace("\u00a0", " ")
    assert "mécontent" not in page
    assert client.post(reverse("papers:draw", args=[seat.pk, "exemple"])).status_code == 404


def test_the_bank_costs_the_same_for_one_and_for_many(client, count_queries) -> None:
    centre = make.organisation()
    client.force_login(make.person(Role.TRAINER, organisation=centre))

    def cost() -> int:
        return count_queries(lambda: client.get(reverse("papers:list")))

    make.subject(centre)
    cost()
    one = cost()
    for _ in range(4):
        make.subject(centre)
    assert cost() == one
