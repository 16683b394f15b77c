"""Who reads what: reading lists with the people they are meant for, a constant number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from acquis.accounts.models import Membership, User, Workspace
from acquis.desk.knowledge import audiences, readings
from acquis.desk.knowledge.models import (
    Article,
    Reading,
    ReadingItem,
    ReadingList,
    ReadingListReader,
    ReadingReminder,
)
from acquis.desk.knowledge.readings import Stage, Standing
from acquis.desk.shell import day_in_paris, people


@dataclass(frozen=True, slots=True)
class Step:
    """One article of a list for one person; `confirmed_at` is that of the last version confirmed."""

    item: ReadingItem
    stage: Stage
    version: str = ""
    confirmed_at: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """One person and one list."""

    reading_list: ReadingList
    reader: User
    steps: tuple[Step, ...]
    due: date | None
    standing: Standing
    reminded_at: datetime | None = None

    @cached_property
    def done(self) -> int:
        return sum(1 for step in self.steps if step.stage is Stage.DONE)

    @cached_property
    def following(self) -> Step | None:
        """The first article that still waits."""
        return next((step for step in self.steps if step.stage is not Stage.DONE), None)


@dataclass(frozen=True)
class Shown:
    """A list with everybody it is meant for."""

    reading_list: ReadingList
    items: tuple[ReadingItem, ...]  # published articles only
    progress: tuple[Progress, ...]

    @cached_property
    def done(self) -> int:
        return sum(1 for one in self.progress if one.standing is Standing.DONE)

    @cached_property
    def late(self) -> int:
        return sum(1 for one in self.progress if one.standing is Standing.LATE)


class Crowd:
    """The people of a desk as lists look at them: roles, groups and day of arrival."""

    def __init__(self, workspace: Workspace, only: User | None = None) -> None:
        rows = people(workspace).order_by("last_name", "first_name", "pk")
        self.people = list(rows.filter(pk=only.pk) if only is not None else rows)
        self.roles: dict[int, set[str]] = defaultdict(set)
        self.arrived: dict[int, date] = {}
        known = Membership.objects.filter(
            organisation=workspace.organisation_id, user__in=[one.pk for one in self.people]
        )
        for person, role, since in known.values_list("user_id", "role", "since"):
            self.roles[person].add(role)
            day = day_in_paris(since)
            self.arrived[person] = min(day, self.arrived.get(person, day))
        self.groups: dict[int, set[str]] = defaultdict(set)
        for group in audiences.of_desk(workspace):
            for person in group.members:
                self.groups[person].add(group.key)

    def meant(self, listed: ReadingList, named: Sequence[int]) -> list[User]:
        return [
            one
            for one in self.people
            if readings.concerns(
                roles=listed.roles,
                groups=listed.groups,
                people=named,
                person=one.pk,
                held=self.roles[one.pk],
                member_of=self.groups[one.pk],
            )
        ]


def is_meant(listed: ReadingList, user: User) -> bool:
    named = list(listed.readers.values_list("reader_id", flat=True))
    return bool(Crowd(listed.workspace, user).meant(listed, named))


def shown(
    workspace: Workspace,
    *,
    today: date,
    pk: int | None = None,
    only: User | None = None,
    archived: bool = False,
) -> list[Shown]:
    """The lists of a desk, or one of them, with where each person stands; or `only` one person."""
    rows = ReadingList.objects.filter(workspace=workspace)
    rows = rows.filter(pk=pk) if pk is not None else rows.filter(archived_at__isnull=not archived)
    lists = list(rows)
    if not lists:
        return []
    items: dict[int, list[ReadingItem]] = defaultdict(list)
    published = ReadingItem.objects.filter(
        reading_list__in=lists, article__state=Article.State.PUBLISHED
    )
    for item in published.select_related("article").order_by("position", "pk"):
        items[item.reading_list_id].append(item)
    named: dict[int, list[int]] = defaultdict(list)
    readers = ReadingListReader.objects.filter(reading_list__in=lists)
    for listed, reader in readers.values_list("reading_list_id", "reader_id"):
        named[listed].append(reader)
    read: dict[tuple[int, int], list[Reading]] = defaultdict(list)
    confirmed = Reading.objects.filter(item__reading_list__in=lists).order_by("confirmed_at", "pk")
    for one in confirmed.filter(reader=only) if only is not None else confirmed:
        read[one.item_id, one.reader_id].append(one)
    told: dict[tuple[int, int], datetime] = {}
    for row in ReadingReminder.objects.filter(reading_list__in=lists).order_by("sent_at"):
        told[row.reading_list_id, row.reader_id] = row.sent_at
    crowd = Crowd(workspace, only)
    return [
        Shown(
            listed,
            tuple(items[listed.pk]),
            tuple(
                _progress(listed, items[listed.pk], reader, crowd, read, told, today)
                for reader in crowd.meant(listed, named[listed.pk])
            ),
        )
        for listed in lists
    ]


def _progress(
    listed: ReadingList,
    items: Sequence[ReadingItem],
    reader: User,
    crowd: Crowd,
    read: Mapping[tuple[int, int], Sequence[Reading]],
    told: Mapping[tuple[int, int], datetime],
    today: date,
) -> Progress:
    steps = tuple(_step(item, read.get((item.pk, reader.pk), ())) for item in items)
    made_on = day_in_paris(listed.made_at)
    due = readings.due_day(
        due_on=listed.due_on,
        due_days=listed.due_days,
        arrived_on=crowd.arrived.get(reader.pk, made_on),
        made_on=made_on,
    )
    standing = readings.standing([step.stage for step in steps], due, today)
    return Progress(listed, reader, steps, due, standing, told.get((listed.pk, reader.pk)))


def _step(item: ReadingItem, read: Sequence[Reading]) -> Step:
    stage = readings.stage([one.version for one in read], item.article.version)
    if not read:
        return Step(item, stage)
    return Step(item, stage, read[-1].version, read[-1].confirmed_at)


def mine(workspace: Workspace, user: User, *, today: date) -> list[Progress]:
    """The lists meant for a person, late ones first, done ones last."""
    own = [one for listed in shown(workspace, today=today, only=user) for one in listed.progress]
    order = [Standing.LATE, Standing.UNDER_WAY, Standing.EMPTY, Standing.DONE]
    return sorted(own, key=lambda one: order.index(one.standing))
