"""What the time of a team was made of, as pages and spreadsheets show it (M-02)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import User, Workspace
from acquis.desk.queues import policy, queries
from acquis.desk.queues.models import Presence
from acquis.desk.queues.presentation import PERIODS, Text, lasting, percent, period_of

LONGEST_DAYS = 92  # a quarter: what is read at once
DEFAULT_PERIOD = "semaine"
SHORT: Mapping[str, Text] = {Presence.Reason.BREATH: gettext_lazy("Souffler")}
COLUMNS: Sequence[tuple[str, Text, Text]] = (
    ("present", gettext_lazy("Présence"), gettext_lazy(
        "Tout le temps déclaré au poste, et les appels : la somme des colonnes qui suivent.")),
    (policy.IN_EXCHANGE, gettext_lazy("En échange"), gettext_lazy(
        "Appels et visios, mises en attente comprises ; échanges écrits, de la première réponse à la fin, "
        "pendant que la personne était disponible. Plusieurs à la fois comptent une fois.")),
    (policy.WRAP_UP, gettext_lazy("Post-appel"), gettext_lazy(
        "Disponible, sans échange en cours, de la fin d’un échange à sa qualification.")),
    (policy.AVAILABLE, gettext_lazy("Disponible"), gettext_lazy(
        "Disponible, sans échange en cours ni à qualifier : l’attente du contact suivant.")),
    (Presence.State.CASEWORK, gettext_lazy("Dossiers"), gettext_lazy(
        "Déclaré en traitement de dossiers, hors appels.")),
    (Presence.State.OUTBOUND, gettext_lazy("Appels sortants"), gettext_lazy(
        "Déclaré en appels sortants, entre deux appels.")),
    (Presence.State.NO_ANSWER, gettext_lazy("Sans réponse"), gettext_lazy(
        "Depuis un contact proposé resté sans réponse jusqu’au retour de la personne.")),
    *(
        (reason.value, SHORT.get(reason, reason.label), gettext_lazy("Pause déclarée pour ce motif, hors appels."))
        for reason in Presence.Reason
    ),
    ("occupation", gettext_lazy("Occupation"), gettext_lazy(
        "(En échange + post-appel) ÷ (en échange + post-appel + disponible). N/D : rien à diviser.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are looked at, both included, in Paris; `key` is "" for days typed."""

    key: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        return _midnight(self.last + timedelta(days=1))

    @property
    def query(self) -> str:
        return f"du={self.first.isoformat()}&au={self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Row:
    """A person, a day, or the total: what is shown of each column."""

    label: str
    times: Mapping[str, float]
    pk: int | None = None

    @property
    def cells(self) -> list[str]:
        present = sum(self.times.values())
        told = {
            "present": lasting(present),
            "occupation": percent(policy.occupation_of(self.times)),
        }
        return [
            told.get(key) or (lasting(self.times[key]) if self.times.get(key) else "—")
            for key, _label, _text in COLUMNS
        ]


def period_named(key: str, now: datetime) -> Period:
    """A period by its key; the last seven days when it is unknown."""
    key = key if key in PERIODS else DEFAULT_PERIOD
    start, end = period_of(key, now)
    return Period(key, start.date(), (end - timedelta(days=1)).date())


def team_context(workspace: Workspace, period: Period, *, now: datetime) -> dict[str, Any]:
    """The times of everybody over a period; as many queries for one adviser as for fifty."""
    team = queries.days_of(workspace, period.start, period.end, now)
    rows = [
        Row(label, policy.time_by_state(team.days[pk], period.start, period.end), pk)
        for pk, label in sorted(team.labels.items(), key=lambda item: (item[1], item[0]))
    ]
    rows = [row for row in rows if row.times]
    return _context(workspace, period, rows, _("Toute l’équipe"))


def own_context(
    workspace: Workspace, adviser: User, period: Period, *, now: datetime
) -> dict[str, Any]:
    """The times of one adviser, day by day, the last in front; empty days are left out."""
    team = queries.days_of(workspace, period.start, period.end, now, adviser=adviser)
    days = team.days.get(adviser.pk, policy.Days())
    rows = []
    for back in range((period.last - period.first).days + 1):
        day = period.last - timedelta(days=back)
        until = _midnight(day + timedelta(days=1))
        times = policy.time_by_state(days, _midnight(day), until)
        if times:
            rows.append(Row(date_format(day, "D j F"), times))
    return _context(workspace, period, rows, _("Toute la période")) | {"adviser": adviser}


def csv_rows(context: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """The head and the lines of the table for a spreadsheet: hours as « 1:05:30 », that add up."""
    heads = ["", *(str(label) for _key, label, _text in COLUMNS)]
    return heads, [_csv_row(row) for row in [context["total"], *context["rows"]]]


def _csv_row(row: Row) -> list[str]:
    figures = dict(row.times) | {"present": sum(row.times.values())}
    return [
        row.label,
        *(
            percent(policy.occupation_of(row.times))
            if key == "occupation"
            else _clock(figures.get(key, 0.0))
            for key, _label, _text in COLUMNS
        ),
    ]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _context(
    workspace: Workspace, period: Period, rows: Sequence[Row], whole: str
) -> dict[str, Any]:
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row.times)
    return {
        "workspace": workspace,
        "period": period,
        "periods": [(name, label) for name, (label, _back, _days) in PERIODS.items()],
        "columns": COLUMNS,
        "rows": rows,
        "total": Row(whole, total),
    }


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
