from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquis.desk.agenda.models import Resource
from acquis.desk.video import policy
from acquis.desk.video.models import VideoInvitation

NOW, LATER = "now", "later"
LENGTHS = [(15, "15 min"), (30, "30 min"), (45, "45 min"), (60, "1 h")]
QUARTER = 900  # seconds: the grain of the planning
WAYS = dict(VideoInvitation.Way.choices)


class InviteForm(forms.Form):
    """When to meet, what about, and by what the link goes."""

    subject = forms.CharField(
        label=_("De quoi parlerez-vous ?"),
        required=False,
        max_length=200,
        help_text=_("Le client le lit sur sa page."),
    )
    when = forms.ChoiceField(
        label=_("Quand ?"),
        choices=[(NOW, _("Maintenant")), (LATER, _("À un moment convenu"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    slot = forms.DateTimeField(
        label=_("Jour et heure"),
        required=False,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": QUARTER}, format="%Y-%m-%dT%H:%M"
        ),
        help_text=_("Heure de Paris. À remplir pour un moment convenu."),
        error_messages={"invalid": _("Donnez un jour et une heure.")},
    )
    resource = forms.ModelChoiceField(
        label=_("Planning à réserver"),
        queryset=Resource.objects.none(),
        required=False,
        empty_label=_("Aucun"),
        help_text=_("Un moment convenu y est réservé, et refusé s’il est pris."),
    )
    minutes = forms.TypedChoiceField(
        label=_("Durée réservée"), choices=LENGTHS, coerce=int, initial=30, required=False,
    )  # fmt: skip
    way = forms.ChoiceField(label=_("Comment part le lien ?"), widget=forms.RadioSelect)
    address = forms.ChoiceField(label=_("Où l’envoyer"), required=False)

    def __init__(
        self,
        *args: Any,
        ways: Sequence[str],
        plannings: QuerySet[Resource],
        mails: Sequence[str] = (),
        numbers: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mails, self.numbers = list(mails), [number for number, _spoken in numbers]
        way, address = self.fields["way"], self.fields["address"]
        if isinstance(way, forms.ChoiceField):
            way.choices = [(one, WAYS[one]) for one in ways]
            way.initial = ways[0]
        if isinstance(address, forms.ChoiceField):
            address.choices = [*((mail, mail) for mail in mails), *numbers]
        resource = self.fields["resource"]
        if isinstance(resource, forms.ModelChoiceField):
            resource.queryset = plannings
        if not plannings.exists():
            del self.fields["resource"], self.fields["minutes"]
        if not mails and not numbers:
            del self.fields["address"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("when") == NOW:
            values["slot"] = None
        elif "slot" in values and not _is_offered(values["slot"]):
            self.add_error("slot", _("Choisissez un moment à venir, dans les 60 jours."))
        values["length"] = timedelta(minutes=values.get("minutes") or 30)
        known = {"mail": self.mails, "sms": self.numbers}.get(values.get("way", ""))
        if known is not None and values.get("address") not in known:
            # Nobody chooses among one: the only address of that kind is meant.
            if len(known) == 1:
                values["address"] = known[0]
            else:
                self.add_error("address", _("Choisissez où envoyer le lien."))
        return values


def _is_offered(slot: datetime | None) -> bool:
    if slot is None:
        return False
    try:
        policy.starts_at(slot, timezone.now())
    except ValueError:
        return False
    return True


class MoveForm(forms.Form):
    """Another hour for a meeting that was agreed."""

    slot = forms.DateTimeField(
        label=_("Nouveau jour et nouvelle heure"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": QUARTER}, format="%Y-%m-%dT%H:%M"
        ),
        help_text=_("Heure de Paris."),
        error_messages={
            "invalid": _("Donnez un jour et une heure."),
            "required": _("Donnez un jour et une heure."),
        },
    )
