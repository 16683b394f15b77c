from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.registrations import actions, candidate_list, queries
from acquis.certification.registrations.models import Candidate
from acquis.kernel import jobs, sheets
from acquis.kernel.models import Job
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db

CSV = "Nom de naissance;Prénom;Sexe;Date de naissance;Commune de naissance;Courriel\n"


@pytest.fixture
def centre():
    return make.organisation()


@pytest.fixture
def manager(client, centre):
    person = make.person(Role.SESSION_MANAGER, organisation=centre)
    client.force_login(person)
    return person


def test_the_list_says_who_is_ready_and_what_others_lack(client, manager, centre) -> None:
    for _ in range(12):
        make.candidate(centre)
    make.candidate(centre, birth_city="")
    make.candidate(make.organisation(), birth_city="")
    page = client.get(reverse("registrations:list")).content.decode()
    assert "12 prêts, 1 à compléter" in page.replace("\u00a0", " ")
    assert "commune de naissance" in page
    left = client.get(reverse("registrations:list"), {"etat": "a-completer"})
    assert left.context["page_obj"].paginator.count == 1


def test_the_list_costs_the_same_for_one_and_for_many(
    client, manager, centre, count_queries
) -> None:
    version = make.framework_version()

    def cost() -> int:
        return count_queries(lambda: client.get(reverse("registrations:list")))

    make.enrolment(make.candidate(centre), version)
    cost()
    one = cost()
    for _ in range(5):
        make.enrolment(make.candidate(centre), version)
    assert cost() == one


def test_a_candidate_is_entered_corrected_and_enrolled(client, manager, centre) -> None:
    version = make.framework_version()
    data = {
        "birth_name": "NGUYEN",
        "first_name": "Linh",
        "sex": "F",
        "birth_date": "1999-02-03",
        "birth_city": "Lyon",
        "birth_country": "France",
        "email": "linh@exemple.fr",
    }
    created = client.post(reverse("registrations:create"), data, follow=True)
    candidate = Candidate.objects.get()
    assert candidate.reference == "C26-0001"
    assert created.status_code == 200
    again = client.post(reverse("registrations:create"), data)
    assert again.status_code == 422
    assert "C26-0001" in again.content.decode()
    assert Candidate.objects.count() == 1
    client.post(reverse("registrations:edit", args=[candidate.pk]), data | {"birth_city": "Bron"})
    candidate.refresh_from_db()
    assert candidate.birth_city == "Bron"
    client.post(
        reverse("registrations:enrol", args=[candidate.pk]),
        {"exam": f"{version.pk}:CCP1", "route": "vae"},
    )
    enrolment = candidate.enrolments.get()
    assert (enrolment.block, enrolment.route) == ("CCP1", "vae")
    twice = client.post(
        reverse("registrations:enrol", args=[candidate.pk]),
        {"exam": f"{version.pk}:CCP1", "route": "vae"},
    )
    assert twice.status_code == 422


def test_a_slip_in_the_identity_is_shown_at_entry(client, manager) -> None:
    answer = client.post(
        reverse("registrations:create"),
        {
            "birth_name": "X",
            "first_name": "Y",
            "birth_date": "2024-01-01",
            "birth_country": "Italie",
            "birth_insee_code": "44109",
            "email": "pas une adresse",
        },
    )
    assert answer.status_code == 422
    assert {"birth_date", "birth_insee_code", "email"} == set(answer.context["form"].errors)


def test_an_account_is_opened_once(client, manager, centre) -> None:
    candidate = make.candidate(centre, user=None)
    for _ in range(2):
        client.post(reverse("registrations:open_account", args=[candidate.pk]))
    candidate.refresh_from_db()
    assert candidate.user is not None
    assert candidate.user.memberships.get().role == Role.CANDIDATE


def test_a_list_is_read_then_imported_in_the_background(client, manager, centre) -> None:
    content = CSV + "LEFÈVRE;Zoé;F;03/05/1999;Orléans;zoe@exemple.fr\nDIOP;Ali;M;;;ali@exemple.fr\n"
    upload = SimpleUploadedFile("liste.csv", content.encode("cp1252"), content_type="text/csv")
    preview = client.post(reverse("registrations:import"), {"file": upload}, follow=True)
    page = preview.content.decode()
    assert "LEFÈVRE" in page
    assert "Importer 2 candidats" in page
    client.post(preview.redirect_chain[-1][0])
    assert jobs.run_due(now=timezone.now())
    job = Job.objects.get()
    assert (job.state, job.error) == ("done", "")
    assert job.result["imported"] == 2
    assert Candidate.objects.filter(organisation=centre).count() == 2


def test_a_list_with_errors_shows_them_all_and_imports_nothing(client, manager) -> None:
    content = CSV + "LEFÈVRE;Zoé;X;31/02/1999;Orléans;zoe\n;Ali;M;;;ali@exemple.fr\n"
    upload = SimpleUploadedFile("liste.csv", content.encode(), content_type="text/csv")
    preview = client.post(reverse("registrations:import"), {"file": upload}, follow=True)
    page = preview.content.decode()
    assert "Ligne 2" in page
    assert "Ligne 3" in page
    assert "Importer 2" not in page
    assert client.post(preview.redirect_chain[-1][0]).status_code == 422
    assert not Job.objects.exists()


def test_a_candidate_of_another_centre_does_not_exist(client, manager) -> None:
    other = make.candidate(make.organisation())
    assert client.get(reverse("registrations:detail", args=[other.pk])).status_code == 404


FULL = (
    "Nom de naissance;Prénom;Sexe;Date de naissance;Commune de naissance;Courriel;Certification;"
    "Bloc;Temps en plus;Décision de;Décision du\n"
    "LEFÈVRE;Zoé;F;03/05/1999;Orléans;zoe@exemple.fr;TP-00483;CCP1;1/3;DDETS;01/06/2026\n"
    "DIOP;Ali;M;04/06/1998;Dakar;ali@exemple.fr;TP-00483;CCP1;;;\n"
)


def bring(client, content: bytes, name: str = "liste.csv"):
    """Bring a list, import it, do the work; the job."""
    upload = SimpleUploadedFile(name, content)
    preview = client.post(reverse("registrations:import"), {"file": upload}, follow=True)
    client.post(preview.redirect_chain[-1][0], {"lignes": "justes"})
    jobs.run_due(now=timezone.now())
    return preview, Job.objects.order_by("-pk").first()


def test_a_list_enrols_and_a_second_time_doubles_nothing(client, manager, centre) -> None:
    make.framework_version()
    _preview, job = bring(client, FULL.encode())
    assert (job.result["imported"], job.result["enrolled"]) == (2, 2)
    zoe = Candidate.objects.get(first_name="Zoé").enrolments.get()
    assert zoe.accommodations.get().factor == Fraction(1, 3)
    preview, job = bring(client, FULL.replace("Dakar", "Dakar-Plateau").encode())
    assert "déjà connu" in preview.content.decode()
    assert (job.result["imported"], job.result["enrolled"]) == (0, 0)
    assert job.result["known"] == [2, 3]
    assert Candidate.objects.count() == 2
    assert zoe.accommodations.count() == 1
    assert Candidate.objects.get(first_name="Ali").birth_city == "Dakar"


def test_the_good_lines_may_be_taken_alone(client, manager, centre) -> None:
    make.framework_version()
    preview, job = bring(client, FULL.replace("Ali;M", "Ali;?").encode())
    assert "Importer seulement la ligne juste" in preview.content.decode()
    assert job.result["imported"] == 1
    assert any("laissée de côté" in note for note in job.result["notes"])


def test_an_enrolment_refused_meanwhile_is_reported_with_its_line(client, manager, centre) -> None:
    version = make.framework_version()
    upload = SimpleUploadedFile("liste.csv", FULL.encode())
    preview = client.post(reverse("registrations:import"), {"file": upload}, follow=True)
    client.post(preview.redirect_chain[-1][0])
    rows = candidate_list.read_candidates(
        sheets.table(FULL.encode()), queries.exams_by_name([version]), DAY.date()
    ).rows
    version.state = "closed"
    brought = actions.import_candidates(
        organisation=centre, rows=rows, versions={version.pk: version}, by=manager, at=DAY
    )
    assert [row.line for row, _why in brought.refused] == [2, 3]
    assert len(brought.registered) == 2


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_the_template_is_downloaded_filled_and_read(client, manager, centre, form: str) -> None:
    make.framework_version()
    empty = client.get(reverse("registrations:import_template", args=[form])).content
    heads = next(sheets.table(empty))[1]
    filled = sheets.written(
        form, "Candidats", heads, [["DIOP", "", "Ali", "", "M", "04/06/1998", "Nantes", "44109",
                                    "", "", "ali@exemple.fr"]]
    )  # fmt: skip
    _preview, job = bring(client, filled, f"liste.{form}")
    assert job.result["imported"] == 1
    assert Candidate.objects.get().birth_insee_code == "44109"


def test_an_old_template_is_refused_with_what_to_do(client, manager) -> None:
    upload = SimpleUploadedFile("v.csv", "Nom;Prénom;Courriel;Modèle 1\nA;B;a@b.fr\n".encode())
    answer = client.post(reverse("registrations:import"), {"file": upload}, follow=True)
    assert answer.status_code == 422
    assert "modèle 1" in answer.content.decode()


def test_an_image_called_csv_is_refused(client, manager) -> None:
    upload = SimpleUploadedFile("liste.csv", b"\x89PNG\r\n\x1a\n\x00")
    assert client.post(reverse("registrations:import"), {"file": upload}).status_code == 422


def test_the_same_address_under_another_name_is_asked_about(client, manager, centre) -> None:
    make.candidate(centre, email="ali@exemple.fr", birth_name="BARRY")
    make.framework_version()
    upload = SimpleUploadedFile("liste.csv", FULL.encode())
    page = client.post(reverse("registrations:import"), {"file": upload}, follow=True)
    assert "BARRY" in page.content.decode()
    assert "est-ce la même personne" in page.content.decode()


def test_a_postcode_beside_an_insee_code_is_refused_at_entry(client, manager) -> None:
    answer = client.post(
        reverse("registrations:create"),
        {"birth_name": "X", "first_name": "Y", "birth_country": "France", "email": "x@exemple.fr",
         "birth_insee_code": "44109", "birth_postcode": "44000"},
    )  # fmt: skip
    assert set(answer.context["form"].errors) == {"birth_postcode"}
