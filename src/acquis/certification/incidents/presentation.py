"""Incidents and corrective actions in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.exam_sessions.models import Incident
from acquis.certification.incidents import policy
from acquis.certification.incidents.models import CorrectiveAction
from acquis.certification.incidents.policy import ActionState

STATES: Mapping[ActionState, tuple[Promise, str]] = {
    ActionState.LATE: (gettext_lazy("En retard"), "danger"),
    ActionState.OPEN: (gettext_lazy("En cours"), "info"),
    ActionState.TO_CHECK: (gettext_lazy("Efficacité à vérifier"), "warning"),
    ActionState.EFFECTIVE: (gettext_lazy("Efficace"), "success"),
    ActionState.DROPPED: (gettext_lazy("Abandonnée"), "neutral"),
}
SETTLED: tuple[tuple[str, Promise], ...] = (
    ("held", gettext_lazy("Retient les résultats")),
    ("settled", gettext_lazy("Réglés")),
    ("alone", gettext_lazy("Réglés dans la salle")),
)
STEP_ICONS: Mapping[str, str] = {
    "opened": "flag",
    "moved": "calendar-time",
    "done": "check",
    "effective": "rubber-stamp",
    "ineffective": "refresh",
    "dropped": "x",
}


def automatic_words(one: Incident) -> str:
    """What settles an incident that needs nobody; empty for one that weighs."""
    if policy.weighs(one.category, one.effect):
        return ""
    if one.effect == policy.TIME_GIVEN:
        return _("Réglé dans la salle : le temps perdu a été rendu.")
    return _("Sans effet sur la décision.")


def state_of(action: CorrectiveAction, today: date) -> ActionState:
    return policy.action_state(
        due_on=action.due_on,
        done=action.done_at is not None,
        closed=action.closed_at is not None,
        effective=action.effective,
        today=today,
    )


def action_rows(actions: Iterable[CorrectiveAction], today: date) -> list[dict[str, Any]]:
    rows = []
    for action in actions:
        words, tone = STATES[state_of(action, today)]
        rows.append({"action": action, "words": words, "tone": tone})
    return rows


def incident_rows(incidents: Iterable[Incident]) -> list[dict[str, Any]]:
    """Each incident with where it stands: « Retient les résultats », « Réglé », « Réglé dans la salle »."""
    rows = []
    for one in incidents:
        settlement = getattr(one, "settlement", None)
        if settlement is not None:
            state, tone = gettext_lazy("Réglé"), "success"
        elif policy.weighs(one.category, one.effect):
            state, tone = gettext_lazy("Retient les résultats"), "danger"
        else:
            state, tone = gettext_lazy("Réglé dans la salle"), "neutral"
        rows.append(
            {
                "incident": one,
                "settlement": settlement,
                "effect": (settlement or one).get_effect_display(),
                "alone": automatic_words(one),
                "words": state,
                "tone": tone,
                "held": settlement is None and tone == "danger",
            }
        )
    return rows
