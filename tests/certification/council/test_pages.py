"""The pages of a pack, and the questionnaire."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.council import actions
from acquis.certification.council.models import CouncilPack, SurveyAnswer
from acquis.kernel.models import Job, TraceLine
from tests.factories import council as make
from tests.factories import grading

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make.season(candidates=14, routes=("training", "vae"))


@pytest.fixture
def direction(client, session):
    person = make.direction(session.organisation)
    client.force_login(person)
    return person


def test_a_pack_is_ordered_from_the_list(client, session, direction):
    where = reverse("council:list")
    page = client.get(where).content.decode()
    assert "Aucun dossier" in page
    assert "2026 · CRCD" in page

    answer = client.post(where, {"what": f"{session.version.framework_id}:2026"})
    job = Job.objects.get()
    assert answer.url == reverse("kernel:job", args=[job.pk])
    again = client.post(where, {"what": f"{session.version.framework_id}:2026"})
    assert again.status_code == 422
    assert "déjà en préparation" in again.content.decode()


def test_what_was_not_offered_is_refused_at_its_field(client, session, direction):
    answer = client.post(reverse("council:list"), {"what": "1:1999"})
    assert answer.status_code == 422
    assert not CouncilPack.objects.exists()


def test_a_reader_orders_nothing(client, session):
    client.force_login(grading.person(Role.TRAINER, organisation=session.organisation))
    where = reverse("council:list")
    assert "Préparer un dossier" not in client.get(where).content.decode()
    assert client.post(where, {"what": "1:2026"}).status_code == 404


def test_without_anything_judged_the_list_says_when_it_will_be(client):
    empty = grading.session()
    client.force_login(make.direction(empty.organisation))
    assert "dès qu’un jury a décidé" in client.get(reverse("council:list")).content.decode()


def test_a_pack_shows_each_part_with_its_table_drawing_and_caveat(client, session, direction):
    pack = make.written(session)
    page = client.get(reverse("council:pack", args=[pack.pk])).content.decode()

    for part in ("Décisions des jurys", "Sévérité des jurés", "kappa de Cohen", "Délais"):
        assert part in page
    assert "Jury A" in page
    assert page.count("council-value") > 20
    assert "Moins de trente" in page
    assert "Personne" not in page.split('id="outcomes"')[1].split("</main>")[0]


def test_a_pack_takes_the_same_queries_whatever_its_rows(client, direction, session):
    def queries(pack):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("council:pack", args=[pack.pk])).status_code == 200
        return len(caught)

    small = make.written(session)
    make.judge(session, candidates=20, first=100)
    queries(small)
    assert queries(small) == queries(make.written(session))


def test_a_pack_in_preparation_says_so_and_can_be_taken_up(client, session, direction):
    pack = make.ordered(session)
    where = reverse("council:pack", args=[pack.pk])
    assert "Suivre la préparation" in client.get(where).content.decode()
    assert client.get(reverse("council:pdf", args=[pack.pk])).status_code == 404

    Job.objects.update(unique_key=None)
    assert "Reprendre la préparation" in client.get(where).content.decode()
    answer = client.post(reverse("council:write_again", args=[pack.pk]))
    assert answer.url == reverse("kernel:job", args=[Job.objects.latest("pk").pk])
    actions.write_pack(pack=pack, by=direction, at=make.AFTER)
    ready = client.post(reverse("council:write_again", args=[pack.pk]))
    assert ready.url == where


def test_the_pdf_and_the_figures_are_taken_away(client, session):
    pack = make.written(session)
    client.force_login(grading.person(Role.SESSION_MANAGER, organisation=session.organisation))
    pdf = client.get(reverse("council:pdf", args=[pack.pk]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert "conseil-tp-00483-2026-1.pdf" in pdf["Content-Disposition"]

    book = client.get(reverse("council:export", args=[pack.pk, "xlsx"]))
    rows = list(openpyxl.load_workbook(BytesIO(book.content)).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("Partie", "Ligne", "Libellé", "Mesure")
    passed = next(row for row in rows if row[1] == "Admis")
    assert passed[4:6] == (6, pytest.approx(6 / 14, abs=1e-6))
    text = client.get(reverse("council:export", args=[pack.pk, "csv"])).content.decode()
    assert "Sévérité des jurés;Jury A" in text
    assert "jours, au milieu" in text
    assert client.get(reverse("council:export", args=[pack.pk, "exe"])).status_code == 404


def test_what_is_hidden_says_why_in_the_page_and_in_the_file(client, direction, session):
    make.judge(session, candidates=3, routes=("free",), first=50)
    pack = make.written(session)

    page = client.get(reverse("council:pack", args=[pack.pk])).content.decode()
    assert "Moins de cinq personnes" in page
    text = client.get(reverse("council:export", args=[pack.pk, "csv"])).content.decode()
    assert "pour ne pas révéler une autre ligne" in text


def test_who_is_who_is_shown_on_demand_and_traced(client, session, direction):
    pack = make.written(session)
    where = reverse("council:key", args=[pack.pk])
    assert client.get(where).status_code == 405
    page = client.post(where)
    name = session.jurors.all()[0].juror.full_name

    assert name in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert TraceLine.objects.filter(verb="council.key_read").count() == 1
    assert name not in client.get(reverse("council:pack", args=[pack.pk])).content.decode()


def test_a_pack_is_counted_again_in_the_background(client, session, direction):
    pack = make.written(session)
    answer = client.post(reverse("council:recount", args=[pack.pk]))
    assert answer.url == reverse("kernel:job", args=[Job.objects.get(kind=actions.RECOUNT).pk])


def test_a_rise_beyond_chance_is_said(client, direction, session):
    session.starts_at = session.starts_at.replace(year=2025)
    session.save()
    now = make.again(session, make.AT)
    for n in range(8):
        make.judge(now, candidates=3, first=100 + 3 * n)
    pack = make.written(now)
    page = client.get(reverse("council:pack", args=[pack.pk])).content.decode()
    assert "en hausse" in page
    assert "en baisse" in page
    assert "council-before" in page


# The questionnaire


@pytest.fixture
def seat(client):
    found = grading.add_candidate(grading.session(candidates=0, state="issued"))
    client.force_login(found.enrolment.candidate.user)
    return found


def test_a_candidate_is_asked_from_the_home_page_and_answers(client, seat):
    where = reverse("council:answer", args=[seat.pk])
    assert where in client.get(reverse("accounts:home")).content.decode()
    assert "sans votre nom" in client.get(where).content.decode()

    answer = client.post(where, {"overall": "4", "jury": "3", "welcome": ""})
    assert answer.url == reverse("awards:own_results")
    assert SurveyAnswer.objects.get().overall == 4
    assert where not in client.get(reverse("accounts:home")).content.decode()
    assert "déjà répondu" in client.get(where).content.decode()
    twice = client.post(where, {"overall": "1"})
    assert (twice.status_code, SurveyAnswer.objects.count()) == (422, 1)


def test_an_empty_questionnaire_says_what_to_do(client, seat):
    answer = client.post(reverse("council:answer", args=[seat.pk]), {})
    assert answer.status_code == 422
    assert "une question au moins" in answer.content.decode()


def test_an_opinion_outside_the_scale_is_refused(client, seat):
    answer = client.post(reverse("council:answer", args=[seat.pk]), {"overall": "9"})
    assert answer.status_code == 422
    assert not SurveyAnswer.objects.exists()
