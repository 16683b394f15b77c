"""Who acts on the training desk, on whom, and when: what the scenes share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda import queries as agenda
from acquis.desk.agenda.models import Resource
from acquis.desk.agenda.policy import Span, free_slots
from acquis.desk.cases.models import CaseCode
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.actions.qualify_conversation import qualify_conversation
from acquis.desk.conversations.models import ContactCode, Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.knowledge import snippets
from acquis.desk.knowledge.models import Article, Snippet
from acquis.desk.knowledge.presentation import values_for
from acquis.desk.queues.models import Queue
from acquis.desk.sales.models import Product
from acquis.desk.shell import day_in_paris

FORTNIGHT = timedelta(days=14)


class NoSlotError(LookupError):
    """The planning of the desk has nothing free within a fortnight."""


@dataclass(frozen=True)
class Stage:
    """The desk, its people, and the instant at which a first look finds it."""

    desk: Workspace
    adviser: User
    colleagues: Sequence[User]
    supervisor: User
    at: datetime

    def ago(self, **length: float) -> datetime:
        return self.at - timedelta(**length)

    @cached_property
    def customers(self) -> list[Customer]:
        """Persons whom no exam plays, in the order of their references."""
        persons = Customer.objects.filter(
            workspace=self.desk, kind=Customer.Kind.PERSON, reference__gte="C-26000"
        )
        return list(persons.order_by("reference"))

    def article(self, slug: str) -> Article:
        return Article.objects.get(workspace=self.desk, slug=slug)

    def product(self, reference: str) -> Product:
        return Product.objects.get(workspace=self.desk, reference=reference)

    def queue(self, key: str) -> Queue:
        return Queue.objects.get(workspace=self.desk, key=key)

    def symptom(self, label: str) -> CaseCode:
        return self._case_code(CaseCode.Kind.SYMPTOM, label)

    def reason(self, label: str) -> CaseCode:
        return self._case_code(CaseCode.Kind.REASON, label)

    def _case_code(self, kind: str, label: str) -> CaseCode:
        return CaseCode.objects.get(workspace=self.desk, kind=kind, label=label)

    def canned(self, shortcut: str, talk: Conversation, *, by: User) -> str:
        """A canned answer of the desk, filled for this exchange as its editor fills it."""
        snippet = Snippet.objects.get(workspace=self.desk, owner=None, shortcut=shortcut)
        values = values_for(
            self.desk, by, talk.customer, subject=talk.subject, today=day_in_paris(self.at)
        )
        return snippets.filled(snippet.body, values).text

    def settle(
        self,
        talk: Conversation,
        reason: str,
        outcome: str,
        summary: str,
        *,
        by: User,
        at: datetime,
    ) -> None:
        """End an exchange and qualify it a minute later: nobody is left a wrap-up."""
        end_conversation(conversation=talk, by=by, at=at)
        qualify_conversation(
            conversation=talk,
            reason=ContactCode.objects.get(workspace=self.desk, kind="reason", code=reason),
            outcome=ContactCode.objects.get(workspace=self.desk, kind="outcome", code=outcome),
            summary=summary,
            by=by,
            at=at + timedelta(minutes=1),
        )

    def slot(self, length: timedelta, *, after: datetime, name: str = "") -> tuple[Resource, Span]:
        """The first free slot of a team that visits, or of the resource of that name."""
        resources = agenda.resources(self.desk)
        asked = resources.filter(name=name) if name else resources.filter(visits=True)
        end = after + FORTNIGHT
        busy = list(agenda.planned(self.desk, after, end))
        found = [
            (slots[0], resource)
            for resource in asked
            if (
                slots := free_slots(
                    agenda.hours(resource),
                    [one.span for one in busy if one.resource_id == resource.pk],
                    start=after,
                    end=end,
                    length=length,
                )
            )
        ]
        if not found:
            raise NoSlotError(name)
        span, resource = min(found, key=lambda pair: (pair[0].start, pair[1].name))
        return resource, span


def linked(name: str, key_of: Callable[..., str]) -> Callable[..., str]:
    """The whole address of a public page, as a customer receives it."""
    return lambda row: settings.PUBLIC_ADDRESS + reverse(name, args=[key_of(row)])
