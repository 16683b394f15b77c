"""The menu of a desk: what is used every day stands in it, the rest is one press away."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """`covers` names the pages below it, « app: » for a whole room; the longest name wins."""

    label: str | Promise
    icon: str
    page: str
    covers: tuple[str, ...]
    supervisor_only: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    entries: tuple[Entry, ...]


DAILY = (
    Entry(_("Échanges"), "messages", "conversations:desk", ("conversations:",)),
    Entry(_("Clients"), "users", "directory:search", ("directory:", "merging:", "imports:")),
    Entry(_("Demandes"), "clipboard-list", "cases:index", ("cases:",)),
    Entry(_("Connaissances"), "book", "knowledge:index", ("knowledge:",)),
    Entry(_("Planning"), "calendar", "agenda:index", ("agenda:",)),
    Entry(_("Rappels"), "phone-incoming", "webchat:call_backs", ("webchat:call_back",)),
    Entry(_("Factures"), "receipt-euro", "billing:index", ("billing:",)),
)
MORE = (
    Group(
        _("Canaux"),
        (
            Entry(_("Téléphone"), "phone", "phone:index", ("phone:",)),
            Entry(_("Courriels"), "at", "mail:journal", ("mail:",)),
            Entry(_("Messages"), "device-mobile-message", "messaging:deliveries", ("messaging:",)),
            Entry(_("Visios"), "video", "video:index", ("video:",)),
            Entry(_("Courriers"), "mail", "documents:index", ("documents:",)),
        ),
    ),
    Group(
        _("Ventes"),
        (
            Entry(_("Catalogue"), "package", "sales:index", ("sales:",)),
            Entry(_("Grilles tarifaires"), "table", "sales:price_lists", ("sales:price_",)),
            Entry(_("Calculs"), "calculator", "sales:calculator", ("sales:calculator",)),
        ),
    ),
    Group(
        _("Équipe"),
        (
            Entry(_("Remontées"), "bulb", "raising:index", ("raising:",)),
            Entry(
                _("Listes de lecture"), "list-check", "knowledge:reading_lists",
                ("knowledge:reading_",),
            ),
            Entry(_("Réclamations"), "alert-triangle", "cases:complaints", ("cases:complaints",)),
            Entry(_("Litiges"), "gavel", "cases:disputes", ("cases:dispute",)),
            Entry(_("Satisfaction"), "star", "cases:opinions", ("cases:opinions",)),
            Entry(
                _("Contacts abusifs"), "shield-exclamation", "conduct:index", ("conduct:",),
                supervisor_only=True,
            ),
            Entry(
                _("Pilotage"), "chart-bar", "queues:wall", ("queues:wall",), supervisor_only=True
            ),
            Entry(
                _("Temps de l’équipe"), "clock", "queues:times", ("queues:times",),
                supervisor_only=True,
            ),
            Entry(_("Mes temps"), "clock-hour-4", "queues:my_times", ("queues:my_times",)),
        ),
    ),
    Group(
        _("Réglages"),
        (
            Entry(_("Files et compétences"), "stack-2", "queues:index", ("queues:",)),
            Entry(_("Chat du site"), "world", "webchat:sites", ("webchat:",)),
            Entry(
                _("Boîtes de courriel"), "inbox", "mail:mailboxes", ("mail:mailbox",),
                supervisor_only=True,
            ),
            Entry(
                _("Règles des demandes"), "adjustments", "cases:rules", ("cases:rules", "cases:code"),
                supervisor_only=True,
            ),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    icon: str
    url: str
    current: bool


class Menu:
    """The menu of one desk for one page (`here`, « app:name »)."""

    def __init__(self, workspace_id: int, here: str, *, supervises: bool) -> None:
        self._workspace_id = workspace_id
        self._supervises = supervises
        everything = [*DAILY, *(one for group in MORE for one in group.entries)]
        self._current = current([one for one in everything if self._shows(one)], here)

    def _shows(self, entry: Entry) -> bool:
        return self._supervises or not entry.supervisor_only

    def _links(self, entries: tuple[Entry, ...]) -> Iterator[Link]:
        for entry in filter(self._shows, entries):
            try:
                url = reverse(entry.page, args=[self._workspace_id])
            except NoReverseMatch:  # a room that is not installed
                continue
            yield Link(str(entry.label), entry.icon, url, entry is self._current)

    @cached_property
    def daily(self) -> list[Link]:
        return list(self._links(DAILY))

    @cached_property
    def groups(self) -> list[tuple[str, list[Link]]]:
        found = [(str(group.label), list(self._links(group.entries))) for group in MORE]
        return [(label, links) for label, links in found if links]

    @property
    def inside(self) -> str:
        """The name of the current page when it stands among the rest, else nothing."""
        return next((one.label for _name, links in self.groups for one in links if one.current), "")


def current(entries: list[Entry], here: str) -> Entry | None:
    """The entry below which a page stands: that of the longest name that begins its own."""
    found = [
        (len(name), -place)
        for place, entry in enumerate(entries)
        for name in entry.covers
        if here.startswith(name)
    ]
    return entries[-max(found)[1]] if found else None
