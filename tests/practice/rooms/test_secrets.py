"""What an exam keeps secret is reached by no page, whatever its address: each is asked for directly.

Every page of the product that names an object is asked, one after the other, with each number that
exists: what comes back never holds a word of what that person may not read.
"""

import html
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.grading.models import Grid
from acquis.certification.papers.models import Subject
from acquis.certification.sittings import actions
from acquis.certification.sittings.actions.save_production import save_production
from acquis.certification.sittings.models import Phase, Production, Sitting
from acquis.kernel import realtime
from acquis.kernel.testing import StrictClient
from acquis.practice.scenarios.library import Scenario
from tests.factories import certification as make
from tests.factories import grading
from tests.practice.rooms.conftest import entered
from tests.rights import Page, door, pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_refusals_without_a_page")]
OWN_WORDS = "Mots que seul leur auteur et le jury lisent."
OBSERVATION = "Observation que seul son auteur lit."
# Whose numbers are tried for any object; PostgreSQL numbers each table apart.
NUMBERED = (Sitting, SessionCandidate, ExamSession, Grid, Subject)
NAMING = [page for page in pages() if any(isinstance(value, int) for value in page.kwargs.values())]
EXAMS = [
    page
    for page in NAMING
    if "workspace_id" not in page.kwargs and not page.name.startswith("frameworks:")
]  # frameworks are public documents
DESKS = [page for page in NAMING if "workspace_id" in page.kwargs]


def leaks(client: StrictClient, secrets: Iterable[str], desk: int | None = None) -> list[str]:
    """The addresses at which one of these words came back; those of a private desk too, if named."""
    found = []
    admits = door(client)
    asked = [(page, addresses([page])) for page in EXAMS]
    asked += [(page, addresses([page], desk)) for page in DESKS] if desk else []
    for page, wheres in asked:
        for where in wheres:
            answer = client.get(where)
            if answer.status_code == 403 and not admits(page):
                break  # turned away before any number is read
            found += leaked(where, answer, secrets)
    return found


def leaked(where: str, answer: Any, secrets: Iterable[str]) -> list[str]:
    if answer.streaming:
        b"".join(answer.streaming_content)  # read in test_secret_files.py
    if answer.status_code != 200 or answer.streaming:
        return []
    said = html.unescape(answer.content.decode(errors="ignore"))
    return [f"{where}: {secret[:60]}" for secret in secrets if secret in said]


def numbers() -> list[int]:
    """The keys of what these exams hold."""
    return sorted({pk for model in NUMBERED for pk in model.objects.values_list("pk", flat=True)})


def addresses(asked: Iterable[Page], desk: int = 0) -> Iterator[str]:
    """Each page with each number; on a desk, whose door comes first, with the first one only."""
    for page in asked:
        for number in numbers()[: 1 if desk else None]:
            named = {name: number for name, value in page.kwargs.items() if isinstance(value, int)}
            if desk:
                named["workspace_id"] = desk
            yield reverse(page.name, kwargs=page.kwargs | named)


def played(scenario: Scenario) -> list[str]:
    """What only the juror who plays reads of a set of exchanges."""
    return [
        secret["fact"]
        for exchange in scenario.payload["exchanges"]
        for secret in exchange["role"]["hidden"]
    ]


def written(scenario: Scenario) -> list[str]:
    """What a written subject asks, and what the jury expects of the answer."""
    expected = json.dumps(scenario.payload["expected"], ensure_ascii=False)
    return [scenario.payload["situation"], expected[20:80]]


@pytest.fixture
def other(sitting: Sitting, today: datetime) -> Sitting:
    """The second candidate of the session, let in and not begun."""
    second = Sitting.objects.exclude(pk=sitting.pk).get()
    by = second.candidate.session.manager
    actions.confirm_presence(candidate=second.candidate, present=True, by=by, at=today)
    actions.confirm_identity(candidate=second.candidate, by=by, at=today)
    return actions.authorise_start(sitting=second, by=by, at=today)


@pytest.fixture
def writing(sitting: Sitting, begin: Callable[[int], Phase], today: datetime) -> Sitting:
    """The first candidate writes; what was written is kept."""
    begin(1)
    save_production(
        sitting=sitting, key="summary", content=OWN_WORDS, client_id="t:1", base_seq=0,
        by=make.writer(sitting), at=today,
    )  # fmt: skip
    return sitting


def signed_in(person: User) -> StrictClient:
    client = StrictClient()
    client.force_login(person)
    return client


def test_no_page_gives_a_candidate_a_subject_early_nor_the_words_of_another(
    writing: Sitting, other: Sitting, scenarios: dict[str, Scenario], today: datetime
) -> None:
    secrets = [*played(scenarios["exchanges"]), *written(scenarios["written"]), OWN_WORDS]
    client = entered(other, today)
    assert leaks(client, secrets, desk=writing.workspace_id) == []


def test_no_page_gives_a_candidate_the_jurys_part_of_a_subject(
    writing: Sitting, begin: Callable[[int], Phase], scenarios: dict[str, Scenario], today: datetime
) -> None:
    client = entered(writing, today)
    begin(3)
    secrets = [*played(scenarios["exchanges"]), written(scenarios["written"])[1]]
    assert leaks(client, secrets) == []


@pytest.mark.parametrize("role", [Role.INVIGILATOR, Role.SESSION_MANAGER, Role.ADVISER])
def test_no_page_gives_subjects_nor_texts_to_who_neither_sits_nor_judges(
    role: Role, writing: Sitting, scenarios: dict[str, Scenario]
) -> None:
    person = make.person(role, organisation=writing.candidate.session.organisation)
    secrets = [*played(scenarios["exchanges"]), *written(scenarios["written"])]
    if role != Role.SESSION_MANAGER:  # who answers for the session reads what was written in it
        secrets.append(OWN_WORDS)
    assert leaks(signed_in(person), secrets) == []


def test_a_juror_reads_no_subject_before_it_is_drawn(
    writing: Sitting, scenarios: dict[str, Scenario], juror_client: StrictClient
) -> None:
    secrets = played(scenarios["exchanges"])
    assert leaks(juror_client, secrets) == []


def test_a_juror_of_another_session_reads_nothing(
    writing: Sitting, begin: Callable[[int], Phase], scenarios: dict[str, Scenario]
) -> None:
    begin(3)
    centre = writing.candidate.session.organisation
    elsewhere = make.session(organisation=centre, version=writing.candidate.session.version)
    juror = elsewhere.jurors.all()[0].juror.user
    secrets = [*played(scenarios["exchanges"]), OWN_WORDS]
    assert leaks(signed_in(juror), secrets) == []


def test_no_act_of_a_candidate_touches_the_exam_of_another(
    writing: Sitting, other: Sitting, today: datetime
) -> None:
    """Each address of the rooms and of the invigilator is sent to, for the exam of another."""
    client = entered(other, today)
    before = kept()
    answered = []
    for page in EXAMS:
        if page.name.split(":")[0] not in {"rooms", "sittings", "papers", "grading", "awards"}:
            continue
        for where in addresses([page]):
            number = int(next(one for one in where.split("/") if one.isdigit()))
            if page.name.startswith("rooms:") and "pk" in page.kwargs and number == other.pk:
                continue  # one's own exam
            status = client.post(where, {"summary": "Autre texte", "code": "AAAA22"}).status_code
            if status not in {403, 404, 405}:
                answered.append(f"{where}: {status}")
    assert answered == []
    assert kept() == before


def kept() -> list[Any]:
    """Everything that was written in exams, and their states."""
    return [
        list(model.objects.order_by("pk").values()) for model in (Sitting, Phase, Production, Grid)
    ]


def test_no_topic_of_an_exam_is_followed_by_another_candidate(
    writing: Sitting, other: Sitting
) -> None:
    person = make.writer(other)
    person = User.objects.get(pk=person.pk)
    followed = [
        topic
        for kind, guard in realtime.GUARDS.items()
        for topic in [f"{kind}:{number}" for number in numbers()]
        if guard(person, topic.partition(":")[2])
    ]
    assert set(followed) <= {f"user:{person.pk}", f"sitting:{other.pk}"}


def test_an_access_code_is_not_guessed(other: Sitting, settings: LazySettings) -> None:
    """Twenty wrong codes in a row, to processes that share no cache: the door soon answers no more."""
    client = signed_in(make.writer(other))
    where = reverse("rooms:enter", args=[other.pk])
    told = []
    for number in range(22, 42):
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "LOCATION": f"process-{number % 2}",
            }
        }
        told.append(html.unescape(client.post(where, {"code": f"BCDF{number}"}).content.decode()))
    assert all("Ce code n’est pas celui" in one for one in told[:10])
    assert all("Trop de codes erronés" in one for one in told[10:])
    right = client.post(where, {"code": other.access_code})
    assert right.status_code == 422
    assert not other.devices.filter(accepted_at__isnull=False).exists()


def test_no_page_gives_a_grid_to_another_juror_nor_to_a_candidate() -> None:
    """Until both are closed nobody reads what the other noted."""
    session = grading.session()
    first, second, *_others = grading.grids(session)
    author, peer = grading.juror_of(first), grading.juror_of(second)
    criterion = first.marks.all()[0].criterion
    grading.mark(first, criterion, "acquired", observation=OBSERVATION)
    candidate = session.candidates.all()[0].enrolment.candidate.user
    for person in (peer, candidate):
        if person is not None:
            assert leaks(signed_in(person), [OBSERVATION]) == []
    assert leaks(signed_in(author), [OBSERVATION]) != []
