"""Queues, presence and figures as pages show them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.policy import hours_of
from acquis.desk.conversations import queries as conversations
from acquis.desk.conversations.channels import declared
from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.presentation import CHANNEL_ICONS
from acquis.desk.queues import policy, queries
from acquis.desk.queues.models import AdviserSkill, Offer, Presence, Queue
from acquis.desk.shell import day_in_paris

Text = str | Promise
REASONS: Mapping[str, Text] = {
    policy.MEANT: gettext_lazy("il vous a été transmis"),
    policy.OVERDUE: gettext_lazy("il attend depuis plus de deux fois le délai promis"),
    policy.PRIORITY: gettext_lazy("sa file ou lui-même est prioritaire"),
    policy.SKILL: gettext_lazy("vous avez la compétence que sa file demande"),
    policy.LAST_ADVISER: gettext_lazy("vous avez traité le dernier contact de ce client"),
    policy.OLDEST: gettext_lazy("il attend depuis le plus longtemps"),
    policy.FREEST: gettext_lazy("vous êtes libre depuis le plus longtemps"),
}
UNDER_WAY_SHOWN = 100
# « Sans réponse » is found, not chosen.
CHOSEN_STATES = [
    (state.value, state.label) for state in Presence.State if state != Presence.State.NO_ANSWER
]
STATE_ICONS: Mapping[str, str] = {
    Presence.State.AVAILABLE: "circle-check",
    Presence.State.PAUSED: "coffee",
    Presence.State.NO_ANSWER: "phone-off",
    Presence.State.OUTBOUND: "phone-outgoing",
    Presence.State.CASEWORK: "folder",
}
PERIODS: Mapping[str, tuple[Text, int, int]] = {  # label, days back to the start, days in all
    "jour": (gettext_lazy("Aujourd’hui"), 0, 1),
    "hier": (gettext_lazy("Hier"), 1, 1),
    "semaine": (gettext_lazy("7 derniers jours"), 6, 7),
    "mois": (gettext_lazy("30 derniers jours"), 29, 30),
}
DEFINITIONS: Sequence[tuple[str, Text, Text]] = (
    ("waiting", gettext_lazy("En attente"), gettext_lazy(
        "Contacts entrés qui attendent en ce moment qu’on les prenne.")),
    ("oldest", gettext_lazy("Plus ancien"), gettext_lazy(
        "Depuis combien de temps attend celui qui attend depuis le plus longtemps.")),
    ("offered", gettext_lazy("Présentés"), gettext_lazy(
        "Contacts entrants commencés dans la période.")),
    ("handled", gettext_lazy("Traités"), gettext_lazy(
        "Contacts présentés qui ont reçu une première réponse.")),
    ("level", gettext_lazy("Qualité de service"), gettext_lazy(
        "Traités dans le délai promis ÷ présentés. N/D : rien à diviser.")),
    ("patient", gettext_lazy("QS hors abandons courts"), gettext_lazy(
        "Traités dans le délai promis ÷ (présentés − abandons avant le seuil court).")),
    ("abandon", gettext_lazy("Abandon"), gettext_lazy(
        "Contacts terminés sans réponse ÷ présentés.")),
    ("overflow", gettext_lazy("Débordement"), gettext_lazy(
        "Contacts que personne n’a pris là où ils attendaient, et qui sont allés ailleurs ÷ présentés.")),
    ("asa", gettext_lazy("Délai moyen de réponse"), gettext_lazy(
        "Somme des attentes des contacts traités ÷ traités.")),
    ("talk", gettext_lazy("DMC"), gettext_lazy(
        "Durée moyenne de communication : de la première réponse à la fin de l’échange.")),
    ("handling", gettext_lazy("DMT"), gettext_lazy(
        "Durée moyenne de traitement : communication (mises en attente comprises) et "
        "post-appel, jusqu’à la qualification.")),
    ("occupation", gettext_lazy("Occupation"), gettext_lazy(
        "Temps d’échange et de post-appel ÷ ce temps et la disponibilité à attendre.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the wall: a queue, an adviser, or everything."""

    label: str
    under: str
    waiting: int
    oldest: int | None
    service: policy.Service
    occupation: float | None
    tone: str
    url: str = ""

    @property
    def level(self) -> float | None:
        return self.service.service_level["offered"]

    @property
    def patient(self) -> float | None:
        return self.service.service_level["patient"]


def percent(share: float | None) -> str:
    """« 82 % », or « N/D » when there was nothing to divide."""
    return _("N/D") if share is None else f"{share * 100:.0f}\u00a0%"


def lasting(seconds: float | None) -> str:
    """« 1 h 05 », « 3 min 20 s », « 12 s », or « N/D »."""
    if seconds is None:
        return _("N/D")
    whole = round(seconds)
    hours, left = divmod(whole, 3600)
    minutes, rest = divmod(left, 60)
    if hours:
        return f"{hours}\u00a0h\u00a0{minutes:02}"
    return f"{minutes}\u00a0min\u00a0{rest:02}\u00a0s" if minutes else f"{rest}\u00a0s"


def bar_context(workspace: Workspace, adviser: User, *, now: datetime) -> dict[str, Any]:
    """What `queues/_bar.html` needs: one's own presence, and the contact that comes next."""
    spell = queries.presence_of(workspace, adviser, now)
    state = spell.state if spell else ""
    asked = spell is None or state == Presence.State.AVAILABLE
    queues = list(queries.of_workspace(workspace))
    late = queries.wrapups(conversations.to_qualify(workspace, adviser), queues)
    pending = late[0] if late else None
    held = Conversation.objects.filter(
        workspace=workspace, adviser=adviser, state=Conversation.State.OPEN
    ).count()
    offer = queries.offer_to(workspace, adviser) if spell and asked and not pending else None
    coming = (
        queries.next_for(workspace, adviser, now) if asked and not pending and not offer else None
    )
    # Where contacts are offered, what comes by itself is what is offered.
    offered_soon = bool(coming and coming.place.queue and coming.place.queue.offer_seconds)
    queue = offer.queue if offer else coming.place.queue if coming else None
    ready = spell is not None and policy.comes_by_itself(
        spell.takes_next, queue is not None and queue.opens_by_itself
    )
    return {
        "workspace": workspace,
        "spell": spell,
        "state_icon": STATE_ICONS.get(state, "circle-dot"),
        "since": lasting((now - spell.started_at).total_seconds()) if spell else "",
        "paused": state == Presence.State.PAUSED,
        "asked": asked,
        "pending": pending,
        "wrapup_over": bool(pending and pending.is_over(now)),
        "held": held,
        "extensions": [(seconds, lasting(seconds)) for seconds in policy.EXTENSIONS],
        "offer": _offered(offer, now) if offer else None,
        "coming": coming,
        "why": [str(REASONS[name]) for name in coming.reasons] if coming else [],
        "coming_icon": CHANNEL_ICONS[coming.place.conversation.channel] if coming else "",
        "waited": lasting((now - coming.place.waiting.since).total_seconds()) if coming else "",
        "by_itself": ready and bool(offer or (coming and not offered_soon)),
        "auto": spell is not None
        and policy.comes_by_itself(spell.takes_next, any(one.opens_by_itself for one in queues)),
        "pause_reasons": Presence.Reason.choices,
    }


_TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>')  # another each time


def bar_version(drawn: str) -> str:
    """A word that changes whenever the bar, as it is drawn, shows or does something else."""
    return blake2b(_TOKEN.sub("", drawn).encode(), digest_size=12).hexdigest()


def _offered(offer: Offer, now: datetime) -> dict[str, Any]:
    """What is asked of an adviser: who, since when, why them, for how long."""
    contact = offer.conversation
    return {
        "pk": offer.pk,
        "contact": contact,
        "icon": CHANNEL_ICONS[contact.channel],
        "queue": offer.queue,
        "waited": lasting((now - contact.started_at).total_seconds()),
        "why": [str(REASONS[name]) for name in offer.reasons if name in REASONS],
        "expires_at": offer.expires_at,
        "left": max(0, round((offer.expires_at - now).total_seconds())),
    }


def period_of(key: str, now: datetime) -> tuple[datetime, datetime]:
    """The instants that bound a period, in Paris days; today when the key is unknown."""
    _label, back, days = PERIODS.get(key) or PERIODS["jour"]
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - timedelta(days=back)
    return start, start + timedelta(days=days)


def wall_context(workspace: Workspace, key: str, *, now: datetime) -> dict[str, Any]:
    """What `queues/_wall.html` needs. The number of queries does not depend on the rows."""
    queues = list(queries.of_workspace(workspace))
    start, end = period_of(key, now)
    places = queries.waiting(workspace, queues)
    served = queries.served(workspace, queues, start, end)
    available = queries.spells(workspace, start, end, now)
    present = queries.present(workspace, now)
    return {
        "workspace": workspace,
        "now": now,
        "period": key if key in PERIODS else "jour",
        "periods": [(name, label) for name, (label, _back, _days) in PERIODS.items()],
        "total": _line(_("Tout le poste"), "", places, served.everything, None, now),
        "queue_lines": _queue_lines(queues, places, served, now),
        "adviser_lines": _adviser_lines(served, available, present, now),
        "places": [
            (place, lasting((now - place.waiting.since).total_seconds())) for place in places
        ],
        "present": present,
        "definitions": DEFINITIONS,
        "team": _team(workspace, queues, present, now),
        "under_way": _under_way(workspace, now),
        "reroute_queues": [(f"q{queue.pk}", queue.name) for queue in queues],
        "reroute_people": [(f"p{pk}", label) for pk, label in people_choices(workspace, now)],
        "states": CHOSEN_STATES,
        "pause_reasons": Presence.Reason.choices,
    }


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is at the desk: their state, since when, and what they hold."""

    spell: Presence
    icon: str
    words: str
    since: str
    held: int
    asked: bool
    over: bool  # their wrap-up lasts longer than it may


def _team(
    workspace: Workspace, queues: Sequence[Queue], present: Sequence[Presence], now: datetime
) -> list[Member]:
    """Who is there; on contact and in wrap-up are told by the exchanges they hold."""
    people = [spell.adviser_id for spell in present]
    own = Conversation.objects.filter(workspace=workspace, adviser__in=people)
    open_now: dict[int, list[datetime]] = {}
    for adviser, began in own.filter(state=Conversation.State.OPEN).values_list(
        "adviser_id", "started_at"
    ):
        open_now.setdefault(adviser or 0, []).append(began)
    wrapups: dict[int, queries.WrapUp] = {}
    for wrapup in queries.wrapups(own, queues):
        wrapups.setdefault(wrapup.conversation.adviser_id or 0, wrapup)
    asked = set(queries.pending(workspace).values_list("adviser_id", flat=True))
    return [
        _member(
            spell,
            open_now.get(spell.adviser_id, []),
            wrapups.get(spell.adviser_id),
            spell.adviser_id in asked,
            now,
        )
        for spell in present
    ]


def _member(
    spell: Presence,
    held: Sequence[datetime],
    wrapup: queries.WrapUp | None,
    asked: bool,
    now: datetime,
) -> Member:
    words, icon, since = str(spell.get_state_display()), STATE_ICONS[spell.state], spell.started_at
    if spell.reason:
        words = f"{words} · {spell.get_reason_display()}"
    if spell.state == Presence.State.AVAILABLE and wrapup is not None:
        words, icon = _("Après-contact"), "clipboard-check"
        since = wrapup.conversation.ended_at or since
    elif spell.state == Presence.State.AVAILABLE and held:
        words, icon, since = _("En échange"), "messages", min(held)
    over = wrapup is not None and wrapup.is_over(now)
    return Member(
        spell, icon, words, lasting((now - since).total_seconds()), len(held), asked, over
    )


def _under_way(workspace: Workspace, now: datetime) -> list[tuple[Conversation, str, str]]:
    """The exchanges that somebody holds: each, for how long, and where one asks to hear it."""
    rows = list(
        Conversation.objects.filter(workspace=workspace, state=Conversation.State.OPEN)
        .select_related("customer")
        .order_by("started_at", "pk")[:UNDER_WAY_SHOWN]
    )
    heard: dict[int, str] = {}
    for channel, room in declared().items():
        if own := [row for row in rows if row.channel == channel]:
            heard |= room.listen(own)
    return [
        (row, lasting((now - row.started_at).total_seconds()), heard.get(row.pk, ""))
        for row in rows
    ]


def _queue_lines(
    queues: Sequence[Queue], places: Sequence[queries.Place], served: queries.Served, now: datetime
) -> list[Line]:
    lines = []
    for queue in [*queues, None]:
        key = queue.pk if queue else None
        waits = [place for place in places if (place.queue.pk if place.queue else None) == key]
        contacts = served.by_queue.get(key, ())
        if queue is None and not waits and not contacts:
            continue
        label = queue.name if queue else _("Sans file")
        lines.append(_line(label, _hours(queue, now), waits, contacts, queue, now))
    return lines


def _hours(queue: Queue | None, now: datetime) -> str:
    if queue is None:
        return ""
    opened = policy.is_open(hours_of(queue.hours), queue.closures, now, day_in_paris(now))
    return _("ouverte") if opened else _("fermée")


def _line(
    label: str,
    under: str,
    waits: Sequence[queries.Place],
    contacts: Sequence[policy.Contact],
    queue: Queue | None,
    now: datetime,
) -> Line:
    target = queue.target_seconds if queue else queries.DEFAULT_TARGET
    short = queue.short_abandon_seconds if queue else queries.DEFAULT_SHORT
    figures = policy.service(contacts, target=target, short=short)
    oldest = max(
        (int((now - place.waiting.since).total_seconds()) for place in waits), default=None
    )
    level, promised = figures.service_level["offered"], queue.target_percent if queue else 80
    tone = "" if level is None or level * 100 >= promised else "warning"
    return Line(label, under, len(waits), oldest, figures, None, tone)


def _adviser_lines(
    served: queries.Served,
    available: Mapping[int, Sequence[policy.Spell]],
    present: Sequence[Presence],
    now: datetime,
) -> list[Line]:
    states = {spell.adviser_id: spell for spell in present}
    labels = dict(served.labels) | {spell.adviser_id: spell.adviser_label for spell in present}
    lines = []
    for pk, label in sorted(labels.items(), key=lambda item: (item[1], item[0])):
        contacts = served.by_adviser.get(pk, ())
        busy = [
            (one.answered_at, one.qualified_at or one.ended_at or now)
            for one in contacts
            if one.answered_at is not None
        ]
        spell = states.get(pk)
        state = "" if spell is None else str(spell.get_state_display())
        if spell is not None and spell.reason:
            state = f"{state} · {spell.get_reason_display()}"
        figures = policy.service(
            contacts, target=queries.DEFAULT_TARGET, short=queries.DEFAULT_SHORT
        )
        share = policy.occupation(busy, available.get(pk, ()))
        lines.append(Line(label, state or _("absent"), 0, None, figures, share, ""))
    return lines


def people_choices(workspace: Workspace, now: datetime) -> list[tuple[str, str]]:
    """Those an exchange may be handed to: present ones first, with what they can do."""
    there = {spell.adviser_id: spell for spell in queries.present(workspace, now)}
    skills: dict[int, list[str]] = {}
    for adviser, skill in AdviserSkill.objects.filter(workspace=workspace).values_list(
        "adviser_id", "skill"
    ):
        skills.setdefault(adviser, []).append(skill)
    rows = []
    for person in queries.people(workspace):
        spell = there.get(person.pk)
        state = str(spell.get_state_display()).lower() if spell else _("absent")
        can = ", ".join(skills.get(person.pk, ()))
        label = f"{person.full_name} ({state})" + (f" – {can}" if can else "")
        rows.append((spell is None, person.full_name, str(person.pk), label))
    return [(pk, label) for _away, _name, pk, label in sorted(rows)]


def wall_row(line: Line) -> list[Any]:
    """A line of the wall as a spreadsheet shows it."""
    figures = line.service
    return [
        line.label,
        line.waiting,
        lasting(line.oldest) if line.oldest is not None else "",
        figures.offered,
        figures.handled,
        percent(line.level),
        percent(line.patient),
        percent(figures.abandon_rate),
        percent(figures.overflow_rate),
        lasting(figures.asa),
        lasting(figures.talk),
        lasting(figures.handling),
        percent(line.occupation),
    ]
