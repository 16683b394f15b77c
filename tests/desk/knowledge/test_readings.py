"""Reading lists: for whom, by when, what is read again, who is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import Membership, User, Workspace
from acquis.desk.knowledge import board, readings
from acquis.desk.knowledge.actions import confirm_reading as confirming
from acquis.desk.knowledge.actions import keep_readings as keeping
from acquis.desk.knowledge.actions.write_article import Written, publish_article, save_draft
from acquis.desk.knowledge.errors import (
    ArticleListedTwice,
    ArticleNotPublished,
    DeadlineTwice,
    QuestionIncomplete,
    ReadingCheckFailed,
    ReadingOutdated,
)
from acquis.desk.knowledge.models import Article, Reading, ReadingItem, ReadingList
from acquis.desk.knowledge.readings import Question, Stage, Standing
from acquis.desk.shell import day_in_paris
from acquis.kernel import outbox, trace
from acquis.kernel.testing import StrictClient
from tests.desk.conftest import Count
from tests.factories import accounts
from tests.factories import desk as make
from tests.factories import knowledge as known
from tests.factories import queues as queueing

TODAY = date(2026, 11, 20)
QUESTIONS = [Question("Combien de jours ?", ("14", "30"), 0), Question("Par qui ?", ("A", "B"), 1)]


@pytest.fixture
def article(workspace: Workspace) -> Article:
    return make.article(workspace, title="Accueil", version="2.1")


@pytest.fixture
def listed(workspace: Workspace, article: Article) -> ReadingList:
    return known.reading_list(workspace, article, title="Premiers jours")


@pytest.fixture
def item(listed: ReadingList) -> ReadingItem:
    return listed.items.get()


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def keeper(supervisor: User) -> StrictClient:
    client = StrictClient()
    client.force_login(supervisor)
    return client


def at(name: str, workspace: Workspace, *rest: Any) -> str:
    return reverse(f"knowledge:{name}", args=[workspace.pk, *rest])


@pytest.mark.parametrize(
    ("label", "edition"), [("2.1", "2"), ("02", "2"), ("v3 bis", "3"), ("été", "été"), ("", "")]
)
def test_the_edition_of_a_label(label: str, edition: str) -> None:
    assert readings.edition(label) == edition


def test_a_minor_version_asks_nothing_again_a_major_one_does() -> None:
    assert readings.stage([], "2.1") is Stage.UNREAD
    assert readings.stage(["2.1"], "2.4") is Stage.DONE
    assert readings.stage(["1", "2.1"], "3") is Stage.AGAIN


def test_a_list_is_late_from_the_day_after() -> None:
    stand = readings.standing
    assert stand([], TODAY - timedelta(1), TODAY) is Standing.EMPTY
    assert stand([Stage.DONE], TODAY - timedelta(1), TODAY) is Standing.DONE
    assert stand([Stage.DONE, Stage.AGAIN], TODAY - timedelta(1), TODAY) is Standing.LATE
    assert stand([Stage.UNREAD], TODAY, TODAY) is Standing.UNDER_WAY
    assert stand([Stage.UNREAD], None, TODAY) is Standing.UNDER_WAY


def test_days_count_from_the_arrival_or_from_a_younger_list() -> None:
    def due(on: date | None, days: int | None, arrived: date) -> date | None:
        return readings.due_day(due_on=on, due_days=days, arrived_on=arrived, made_on=TODAY)

    assert due(None, None, TODAY) is None
    assert due(date(2027, 1, 4), None, TODAY) == date(2027, 1, 4)
    assert due(None, 10, date(2020, 1, 1)) == date(2026, 11, 30)
    assert due(None, 10, date(2026, 12, 1)) == date(2026, 12, 11)


def test_for_whom_a_list_is() -> None:
    def concerns(**named: Any) -> bool:
        asked: dict[str, Any] = {"roles": (), "groups": (), "people": ()} | named
        return readings.concerns(person=7, held={"adviser"}, member_of={"queue:sav"}, **asked)

    assert concerns()
    assert concerns(roles=["adviser"])
    assert concerns(groups=["queue:sav"])
    assert concerns(people=[7])
    assert not concerns(roles=["trainer"], groups=["queue:vip"], people=[8])
    assert concerns(roles=["trainer"], people=[7])


def test_every_wrong_answer_is_named() -> None:
    assert readings.wrong(QUESTIONS, [0, 1]) == []
    assert readings.wrong(QUESTIONS, [1, None]) == [0, 1]
    assert readings.wrong(QUESTIONS, [0]) == [1]
    assert readings.wrong([], []) == []


def test_a_list_reaches_roles_queues_and_names(
    workspace: Workspace, adviser: User, supervisor: User, article: Article
) -> None:
    queueing.queue(workspace, key="sav", skill="sav")
    queueing.queue(workspace, key="ouverte", skill="")
    queueing.skill(workspace, adviser, skill="sav")
    for title, fields in {
        "roles": {"roles": ["supervisor"]},
        "queue": {"groups": ["queue:sav"]},
        "open": {"groups": ["queue:ouverte"]},
        "all": {},
    }.items():
        known.reading_list(workspace, article, title=title, **fields)
    known.named(known.reading_list(workspace, title="named", roles=["trainer"]), adviser)

    def titles(person: User) -> set[str]:
        rows = board.mine(workspace, person, today=TODAY)
        return {one.reading_list.title for one in rows}

    assert titles(adviser) == {"queue", "open", "all", "named"}
    assert titles(supervisor) == {"roles", "open", "all"}


def test_reading_is_confirmed_once_and_asked_again_by_a_major_version(
    workspace: Workspace, adviser: User, article: Article, item: ReadingItem, now: Any
) -> None:
    def confirm(version: str) -> Reading:
        return confirming.confirm_reading(
            item=item, version=version, answers=[], by=adviser, at=now
        )

    def progress() -> board.Progress:
        return board.mine(workspace, adviser, today=TODAY)[0]

    assert confirm("2.1") == confirm("2.1")
    assert (progress().standing, progress().done, progress().following) == (Standing.DONE, 1, None)
    verbs = trace.lines(workspace.trace_stream).filter(verb="knowledge.reading_confirmed")
    assert verbs.count() == 1

    for major, standing in ((False, Standing.DONE), (True, Standing.UNDER_WAY)):
        save_draft(
            article=article, written=Written("procedure", "Accueil", f"Texte {major}"),
            read_at=None, by=adviser, at=now,
        )  # fmt: skip
        publish_article(article=article, note="", major=major, by=adviser, at=now)
        assert progress().standing is standing
    article.refresh_from_db()
    assert article.version == "3"
    assert progress().steps[0].stage is Stage.AGAIN

    with pytest.raises(ReadingOutdated):
        confirm("2.2")
    confirm("3")
    assert progress().standing is Standing.DONE
    article.state = Article.State.WITHDRAWN
    article.save()
    with pytest.raises(ArticleNotPublished):
        confirm("3")
    assert progress().standing is Standing.EMPTY


def test_a_wrong_answer_confirms_nothing(adviser: User, item: ReadingItem, now: Any) -> None:
    keeping.keep_questions(item=item, questions=QUESTIONS, by=adviser, at=now)
    said = {"item": item, "version": "2.1", "by": adviser, "at": now}

    with pytest.raises(ReadingCheckFailed):
        confirming.confirm_reading(answers=[0, 0], **said)
    assert not Reading.objects.exists()
    assert confirming.confirm_reading(answers=[0, 1], **said).version == "2.1"


@pytest.mark.parametrize(
    "question",
    [Question("", ("a", "b"), 0), Question("x", ("a",), 0), Question("x", ("a", "b"), 2)],
)
def test_an_unfinished_question_is_refused(
    adviser: User, item: ReadingItem, now: Any, question: Question
) -> None:
    with pytest.raises(QuestionIncomplete):
        keeping.keep_questions(item=item, questions=[question], by=adviser, at=now)
    item.refresh_from_db()
    assert item.questions == []


def test_a_list_is_made_changed_ordered_and_put_away(
    workspace: Workspace, adviser: User, supervisor: User, article: Article, now: Any
) -> None:
    who: dict[str, Any] = {"by": supervisor, "at": now}
    asked = keeping.Asked("Arrivée", readers=[adviser], due_days=15)
    listed = keeping.keep_list(workspace=workspace, listed=None, asked=asked, **who)
    asked = keeping.Asked("Arrivée", roles=["adviser"], readers=[adviser, supervisor])
    listed = keeping.keep_list(workspace=workspace, listed=listed, asked=asked, **who)
    assert (listed.due_days, listed.roles, listed.readers.count()) == (None, ["adviser"], 2)
    asked = keeping.Asked("x", due_days=1, due_on=TODAY)
    with pytest.raises(DeadlineTwice):
        keeping.keep_list(workspace=workspace, listed=listed, asked=asked, **who)

    other = make.article(workspace, title="Retour")
    first = keeping.add_item(listed=listed, article=article, **who)
    second = keeping.add_item(listed=listed, article=other, **who)
    with pytest.raises(ArticleListedTwice):
        keeping.add_item(listed=listed, article=other, **who)
    draft = make.article(workspace, title="Pas prêt", state=Article.State.DRAFT)
    with pytest.raises(ArticleNotPublished):
        keeping.add_item(listed=listed, article=draft, **who)
    assert not keeping.move_item(item=first, up=True, **who)
    assert not keeping.move_item(item=second, up=False, **who)
    assert keeping.move_item(item=second, up=True, **who)
    assert [one.pk for one in listed.items.order_by("position")] == [second.pk, first.pk]
    assert keeping.move_item(item=second, up=False, **who)
    keeping.drop_item(item=first, **who)
    assert [one.pk for one in listed.items.all()] == [second.pk]

    for _twice in range(2):
        assert keeping.archive_list(listed=listed, archived=True, **who).archived_at == now
    assert board.mine(workspace, adviser, today=TODAY) == []
    assert keeping.archive_list(listed=listed, archived=False, **who).archived_at is None
    verbs = trace.lines(workspace.trace_stream).values_list("verb", flat=True)
    assert list(verbs).count("knowledge.reading_list_archived") == 1


def test_those_who_have_not_read_are_told_once_a_day(
    workspace: Workspace, adviser: User, supervisor: User, listed: ReadingList, now: Any
) -> None:
    def remind(when: Any) -> int:
        return confirming.remind_readers(listed=listed, readers=[adviser], by=supervisor, at=when)

    assert remind(now) == 1
    assert remind(now + timedelta(hours=2)) == 0
    outbox.deliver(now=now)
    assert [letter.to for letter in mail.outbox] == [[adviser.email]]
    assert "Premiers jours" in mail.outbox[0].subject
    assert at("reading_list", workspace, listed.pk) in mail.outbox[0].body
    keeping.archive_list(listed=listed, archived=True, by=supervisor, at=now)
    assert remind(now + timedelta(days=1)) == 1
    outbox.deliver(now=now + timedelta(days=1))
    assert len(mail.outbox) == 1


def test_a_sealed_desk_takes_no_act_of_reading(
    workspace: Workspace, adviser: User, listed: ReadingList, item: ReadingItem, now: Any
) -> None:
    accounts.sealed(workspace)
    listed.refresh_from_db()
    item = ReadingItem.objects.get(pk=item.pk)
    who: dict[str, Any] = {"by": adviser, "at": now}
    for act in (
        lambda: keeping.keep_list(
            workspace=listed.workspace, listed=None, asked=keeping.Asked("x"), **who
        ),
        lambda: keeping.archive_list(listed=listed, archived=True, **who),
        lambda: keeping.add_item(listed=listed, article=item.article, **who),
        lambda: keeping.move_item(item=item, up=True, **who),
        lambda: keeping.drop_item(item=item, **who),
        lambda: keeping.keep_questions(item=item, questions=[], **who),
        lambda: confirming.confirm_reading(item=item, version="2.1", answers=[], **who),
        lambda: confirming.remind_readers(listed=listed, readers=[adviser], **who),
    ):
        with pytest.raises(WorkspaceSealed):
            act()


def test_the_database_refuses_two_deadlines_and_a_second_reading(
    listed: ReadingList, item: ReadingItem, adviser: User
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingList.objects.filter(pk=listed.pk).update(due_on=TODAY, due_days=3)
    known.reading(item, adviser)
    with pytest.raises(IntegrityError), transaction.atomic():
        known.reading(item, adviser)


def test_a_reader_reads_answers_and_confirms(
    signed_in: StrictClient, workspace: Workspace, adviser: User, item: ReadingItem, now: Any
) -> None:
    pk = item.reading_list_id
    keeping.keep_questions(item=item, questions=QUESTIONS, by=adviser, at=now)
    ReadingList.objects.filter(pk=pk).update(due_on=date(2020, 1, 1))
    home = signed_in.get(at("reading_lists", workspace)).content.decode()
    assert "Premiers jours" in home
    assert "en retard" in home
    assert "Accueil" in signed_in.get(at("reading_list", workspace, pk)).content.decode()
    address = at("reading_item", workspace, pk, item.pk)
    assert "Combien de jours" in signed_in.get(address).content.decode()

    failed = signed_in.post(address, {"version": "2.1", "q0": "1", "q1": "1"})
    assert failed.status_code == 422
    assert failed.content.decode().count("checked") == 2
    done = signed_in.post(address, {"version": "2.1", "q0": "0", "q1": "1"})
    assert done.headers["Location"] == at("reading_list", workspace, pk)
    assert "lu et compris" in signed_in.get(at("reading_list", workspace, pk)).content.decode()
    assert "Lu et compris" in signed_in.get(address).content.decode()


def test_after_one_article_comes_the_next(
    signed_in: StrictClient, workspace: Workspace, listed: ReadingList, item: ReadingItem
) -> None:
    other = ReadingItem.objects.create(
        workspace=workspace, reading_list=listed, article=make.article(workspace), position=2
    )
    done = signed_in.post(at("reading_item", workspace, listed.pk, item.pk), {"version": "2.1"})
    assert done.headers["Location"] == at("reading_item", workspace, listed.pk, other.pk)


def test_a_list_for_others_does_not_exist_but_for_those_who_keep_it(
    signed_in: StrictClient, keeper: StrictClient, workspace: Workspace, listed: ReadingList
) -> None:
    ReadingList.objects.filter(pk=listed.pk).update(roles=["trainer"])
    address = at("reading_list", workspace, listed.pk)
    assert signed_in.get(address).status_code == 404
    assert "Accueil" in keeper.get(address).content.decode()
    item = at("reading_item", workspace, listed.pk, listed.items.get().pk)
    assert keeper.get(item).status_code == 200
    ReadingList.objects.filter(pk=listed.pk).update(roles=[], archived_at=timezone.now())
    assert signed_in.get(address).status_code == 404
    assert "rangée" in keeper.get(address).content.decode()


def test_the_keeper_makes_a_list_from_its_pages(
    keeper: StrictClient, workspace: Workspace, adviser: User, article: Article
) -> None:
    queueing.queue(workspace, key="sav", name="Service après-vente")
    assert "Aucune liste" in keeper.get(at("reading_lists", workspace)).content.decode()
    form = {"title": "Arrivée", "due_on": "2026-12-01", "due_days": "3", "readers": [adviser.pk]}
    refused = keeper.post(at("reading_new", workspace), form)
    assert refused.status_code == 422
    assert "pas les deux" in refused.content.decode()
    made = keeper.post(at("reading_new", workspace), form | {"due_on": "", "groups": ["queue:sav"]})
    listed = ReadingList.objects.get()
    assert made.headers["Location"] == at("reading_edit", workspace, listed.pk)
    assert listed.groups == ["queue:sav"]
    assert listed.due_days == 3
    assert (
        "Aucun article" in keeper.get(at("reading_follow", workspace, listed.pk)).content.decode()
    )

    for _twice in range(2):
        keeper.post(at("reading_add", workspace, listed.pk), {"article": article.pk})
    item = listed.items.get()
    editing = keeper.get(at("reading_edit", workspace, listed.pk)).content.decode()
    assert "Accueil" in editing
    assert "checked" in editing
    keeper.post(at("reading_move", workspace, listed.pk, item.pk), {"sens": "haut"})
    questions = at("reading_questions", workspace, listed.pk, item.pk)
    assert keeper.get(questions).status_code == 200
    for bad in ({"q0-text": "Quoi ?"}, {"q0-choice_0": "a"},
                {"q0-text": "Q", "q0-choice_0": "a", "q0-choice_1": "b", "q0-right": "2"}):  # fmt: skip
        assert keeper.post(questions, bad).status_code == 422
    good = {"q0-text": "Q", "q0-choice_0": "a", "q0-choice_2": "c", "q0-right": "2"}
    assert keeper.post(questions, good).status_code == 302
    item.refresh_from_db()
    assert item.questions == [{"text": "Q", "choices": ["a", "c"], "right": 1}]
    assert 'value="Q"' in keeper.get(questions).content.decode()

    follow = at("reading_follow", workspace, listed.pk)
    assert adviser.full_name in keeper.get(follow).content.decode()
    exported = keeper.get(follow, {"format": "csv"}).content.decode()
    assert f"{adviser.full_name};en cours" in exported
    remind = at("reading_remind", workspace, listed.pk)
    for asked in ({"late": "1"}, {}, {}):
        assert keeper.post(remind, asked).status_code == 302
    assert listed.reminders.count() >= 1
    keeper.post(at("reading_archive", workspace, listed.pk))
    assert "Listes rangées" in keeper.get(at("reading_lists", workspace)).content.decode()
    keeper.post(at("reading_archive", workspace, listed.pk), {"reprendre": "1"})
    keeper.post(at("reading_drop", workspace, listed.pk, item.pk))
    assert not listed.items.exists()


def test_a_list_for_nobody_says_so(
    keeper: StrictClient, workspace: Workspace, listed: ReadingList
) -> None:
    ReadingList.objects.filter(pk=listed.pk).update(groups=["queue:partie"])
    follow = keeper.get(at("reading_follow", workspace, listed.pk)).content.decode()
    assert "Personne n’est concerné" in follow
    assert "queue:partie" in keeper.get(at("reading_edit", workspace, listed.pk)).content.decode()


def test_lists_cost_the_same_for_one_and_for_many(
    keeper: StrictClient, workspace: Workspace, listed: ReadingList, count_queries: Count
) -> None:
    pages = [at("reading_lists", workspace), at("reading_follow", workspace, listed.pk)]
    few = [count_queries(lambda page=page: keeper.get(page)) for page in pages]
    for _more in range(4):
        known.reading_list(workspace, make.article(workspace), make.article(workspace))
    for _more in range(12):
        reader = make.adviser(workspace.organisation)
        known.reading(listed.items.get(), reader)
    assert [count_queries(lambda page=page: keeper.get(page)) for page in pages] == few


def test_arrival_is_the_oldest_role_of_the_person(workspace: Workspace, adviser: User) -> None:
    old = timezone.now() - timedelta(days=400)
    Membership.objects.filter(user=adviser).update(since=old)
    place = workspace.organisation
    Membership.objects.create(user=adviser, organisation=place, role=Role.TRAINER)
    crowd = board.Crowd(workspace, adviser)
    assert crowd.arrived[adviser.pk] == day_in_paris(old)
    assert crowd.roles[adviser.pk] == {"adviser", "trainer"}
