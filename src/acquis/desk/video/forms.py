from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquis.desk.video import policy
from acquis.desk.video.models import VideoInvitation

NOW, LATER = "now", "later"
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
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Heure de Paris. À remplir pour un moment convenu."),
        error_messages={"invalid": _("Donnez un jour et une heure.")},
    )
    way = forms.ChoiceField(label=_("Comment part le lien ?"), widget=forms.RadioSelect)
    address = forms.ChoiceField(label=_("Où l'envoyer"), required=False)

    def __init__(
        self,
        *args: Any,
        ways: Sequence[str],
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
        if not mails and not numbers:
            del self.fields["address"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("when") == NOW:
            values["slot"] = None
        elif "slot" in values and not _is_offered(values["slot"]):
            self.add_error("slot", _("Choisissez un moment à venir, dans les 60 jours."))
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
