"""A desk is set as its pack says, by the acts of a supervisor: all of it, or nothing."""

from dataclasses import replace
from datetime import datetime

import pytest

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import ContactCode
from acquis.desk.documents.errors import KeptByTheSupervisor
from acquis.desk.documents.models import LetterTemplate
from acquis.desk.knowledge.errors import ArticleListedTwice
from acquis.desk.knowledge.models import ReadingList, Snippet, Synonyms
from acquis.desk.queues.errors import NotTheSupervisor
from acquis.desk.queues.models import Queue
from acquis.desk.webchat.models import Site
from acquis.kernel import trace
from acquis.practice.enterprises import packs
from acquis.practice.enterprises.actions.close_copy import seal_copy
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from acquis.practice.enterprises.actions.furnish_desk import furnish_desk
from tests.factories import accounts as people
from tests.factories.practice import SLUG, model_workspace

pytestmark = pytest.mark.django_db

SET = (Queue, Site, Snippet, LetterTemplate, Synonyms, ReadingList)


@pytest.fixture
def desk(now: datetime) -> Workspace:
    return copy_workspace(source=model_workspace(at=now), name="Plateau", by=None, at=now)


@pytest.fixture
def supervisor(desk: Workspace) -> User:
    person = people.user(Role.SUPERVISOR, at=desk.organisation)
    desk.members.create(user=person)
    return person


def counts(desk: Workspace) -> list[int]:
    return [model.objects.filter(workspace=desk).count() for model in SET]


def test_a_desk_is_set_as_its_pack_says(desk: Workspace, supervisor: User, now: datetime) -> None:
    pack = packs.load(SLUG)
    furnish_desk(workspace=desk, pack=pack, by=supervisor, at=now)
    asked = pack.desk
    assert counts(desk) == [
        len(asked[name])
        for name in (
            "queues", "sites", "canned_answers", "letter_templates", "synonyms", "readings",
        )
    ]  # fmt: skip
    queues = {queue.key: queue for queue in Queue.objects.filter(workspace=desk)}
    for record in asked["queues"]:
        queue = queues[record["key"]]
        over = queue.overflow_queue.key if queue.overflow_queue else None
        assert over == record.get("overflow")
        assert [code for _kind, code in queue.codes] == record.get("codes", [])
        kinds = dict(ContactCode.objects.filter(workspace=desk).values_list("code", "kind"))
        assert all(kinds[code] == kind for kind, code in queue.codes)
    (site,) = Site.objects.filter(workspace=desk)
    assert site.queue == queues[asked["sites"][0]["queue"]]
    assert not Snippet.objects.filter(workspace=desk, owner__isnull=False).exists()
    for record in asked["readings"]:
        listed = ReadingList.objects.get(workspace=desk, title=record["title"])
        assert [item.article.slug for item in listed.items.order_by("position")] == record[
            "articles"
        ]
        assert (listed.roles, listed.due_days) == ([Role.ADVISER], record["due_days"])


def test_what_the_pack_leaves_out_is_not_set(
    desk: Workspace, supervisor: User, now: datetime
) -> None:
    pack = replace(packs.load(SLUG), desk=packs.EMPTY_DESK)
    before = trace.lines(desk.trace_stream).count()
    furnish_desk(workspace=desk, pack=pack, by=supervisor, at=now)
    assert counts(desk) == [0] * len(SET)
    assert trace.lines(desk.trace_stream).count() == before


def test_only_a_supervisor_sets_a_desk_and_only_one_that_is_open(
    desk: Workspace, supervisor: User, now: datetime
) -> None:
    pack = packs.load(SLUG)
    adviser = people.user(Role.ADVISER, at=desk.organisation)
    with pytest.raises(NotTheSupervisor):
        furnish_desk(workspace=desk, pack=pack, by=adviser, at=now)
    without_a_seat = people.user(Role.SUPERVISOR, at=desk.organisation)
    with pytest.raises(KeptByTheSupervisor):
        furnish_desk(workspace=desk, pack=pack, by=without_a_seat, at=now)
    sealed = seal_copy(copy=desk, by=supervisor, at=now)
    with pytest.raises(WorkspaceSealed):
        furnish_desk(workspace=sealed, pack=pack, by=supervisor, at=now)
    assert counts(desk) == [0] * len(SET)


def test_a_pack_that_contradicts_itself_leaves_the_desk_as_it_was(
    desk: Workspace, supervisor: User, now: datetime
) -> None:
    """What comes last is refused: what came before it is taken back."""
    pack = packs.load(SLUG)
    twice = {**pack.desk["readings"][0]}
    twice["articles"] = [twice["articles"][0]] * 2
    broken = replace(pack, desk={**pack.desk, "readings": [twice]})
    with pytest.raises(ArticleListedTwice):
        furnish_desk(workspace=desk, pack=broken, by=supervisor, at=now)
    assert counts(desk) == [0] * len(SET)
