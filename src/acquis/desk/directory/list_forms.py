"""What is asked of the list of customers, and of many records at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.directory import queries
from acquis.desk.directory.forms import CUSTOM_FAULTS, DAY, custom_field
from acquis.desk.directory.models import BulkEdit, Customer, CustomField
from acquis.desk.directory.policy import custom_fields
from acquis.desk.directory.policy.bulk import Wanted, act_of
from acquis.desk.directory.policy.listing import CUSTOM
from acquis.desk.directory.presentation import CONSENT_CHANNELS
from acquis.desk.directory.rooms import situations

_AGREEMENTS: list[tuple[Any, Any]] = [
    (
        label,
        [
            (f"{channel}:yes", _("%s : oui") % label),
            (f"{channel}:no", _("%s : non") % label),
            (f"{channel}:unknown", _("%s : non recueilli") % label),
        ],
    )
    for channel, label in CONSENT_CHANNELS.items()
]


class SearchForm(forms.Form):
    """What is asked of the list of customers; a value that is not offered is ignored."""

    q = forms.CharField(label=_("Rechercher un client"), required=False, max_length=120)
    type = forms.ChoiceField(label=_("Type"), required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    situation = forms.ChoiceField(label=_("Situation"), required=False)
    cp = forms.CharField(label=_("Code postal"), required=False, max_length=10)
    etiquette = forms.CharField(label=_("Étiquette"), required=False, max_length=60)
    accord = forms.ChoiceField(label=_("Accord de prospection"), required=False)
    depuis_du = forms.DateField(label=_("Client depuis le"), required=False, widget=DAY)
    depuis_au = forms.DateField(label=_("Client jusqu’au"), required=False, widget=DAY)
    modifie_du = forms.DateField(label=_("Fiche modifiée depuis le"), required=False, widget=DAY)
    modifie_au = forms.DateField(label=_("Fiche modifiée jusqu’au"), required=False, widget=DAY)

    def __init__(
        self,
        *args: Any,
        segments: list[str],
        fields: Sequence[CustomField] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.custom = fields
        for one in fields:
            self.fields[f"{CUSTOM}{one.key}"] = custom_field(one, None)
            self.fields[f"{CUSTOM}{one.key}"].help_text = ""
        offered: dict[str, list[tuple[Any, Any]]] = {
            "type": [("", _("Tous les types")), *Customer.Kind.choices],
            "segment": [("", _("Tous les segments")), *((name, name) for name in segments)],
            "situation": [
                ("", _("Toutes les situations")),
                *((key, situation.label) for key, situation in situations().items()),
            ],
            "accord": [("", _("Tous")), *_AGREEMENTS],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        self.fields["q"].widget.attrs |= {"type": "search", "autocomplete": "off"}

    def typed(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    def filters(self) -> queries.Filters:
        self.is_valid()
        kept = self.cleaned_data
        return queries.Filters(
            kind=kept.get("type", ""),
            segment=kept.get("segment", ""),
            area=kept.get("cp", ""),
            situation=kept.get("situation", ""),
            tag=kept.get("etiquette", "").strip(),
            consent=kept.get("accord", ""),
            since=queries.Period(kept.get("depuis_du"), kept.get("depuis_au")),
            changed=queries.Period(kept.get("modifie_du"), kept.get("modifie_au")),
            custom=tuple(self._custom_values()),
        )

    @property
    def is_clear(self) -> bool:
        """Whether nothing that was asked is ignored."""
        return self.is_valid() and not any(value is None for _one, value in self._asked_custom())

    def _custom_values(self) -> Iterator[tuple[str, str, Any]]:
        """What is asked of the fields of the desk; what is no value of one is ignored."""
        for one, value in self._asked_custom():
            if value is not None:
                yield one.key, one.kind, value

    def _asked_custom(self) -> Iterator[tuple[CustomField, Any]]:
        """The fields of the desk of which something is asked; None for what is no value of one."""
        for one in self.custom:
            typed = self.cleaned_data.get(f"{CUSTOM}{one.key}", "")
            try:
                value = custom_fields.value_of(one.kind, typed, one.choices)
            except custom_fields.NotAValue:
                yield one, None
                continue
            if value is not None:
                yield one, value

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters that are folded away until they serve."""
        names = ("etiquette", "accord", "depuis_du", "depuis_au", "modifie_du", "modifie_au")
        return [self[name] for name in (*names, *(f"{CUSTOM}{one.key}" for one in self.custom))]

    @property
    def more_asked(self) -> int:
        return sum(1 for bound in self.more if bound.value())


class ViewForm(forms.Form):
    """A list to come back to."""

    name = forms.CharField(label=_("Nom de la vue"), max_length=60)
    shared = forms.BooleanField(label=_("Partagée avec tout le poste"), required=False)


class BulkForm(forms.Form):
    """What one bulk edit asks; `wanted()` is what the action takes. `act` is a key of `acts`."""

    valeur = forms.CharField(required=False)

    def __init__(
        self,
        *args: Any,
        act: str,
        fields: Sequence[CustomField],
        segments: list[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.act, _colon, self.target = act.partition(":")
        self.field = next((one for one in fields if one.key == self.target), None)
        if self.act == "withdraw":
            del self.fields["valeur"]
        elif self.act == "custom" and self.field is not None:
            self.fields["valeur"] = custom_field(self.field, None)
        elif self.act == "segment":
            self.fields["valeur"] = forms.CharField(
                label=_("Nouveau segment"),
                required=False,
                max_length=40,
                help_text=_("Segments en usage : %(names)s.") % {"names": ", ".join(segments)}
                if segments
                else _("Laissé vide, il est retiré."),
            )
        else:
            self.fields["valeur"] = forms.CharField(
                label=_("Étiquettes"), max_length=200, help_text=_("Séparées par des virgules.")
            )

    @staticmethod
    def acts(fields: Sequence[CustomField]) -> list[tuple[str, Any]]:
        """The acts that the desk offers, with their labels."""
        return [
            ("tag_add", BulkEdit.Act.TAG_ADD.label),
            ("tag_remove", BulkEdit.Act.TAG_REMOVE.label),
            ("segment", BulkEdit.Act.SEGMENT.label),
            *((f"custom:{one.key}", _("Champ « %s »") % one.label) for one in fields),
            *(
                (f"withdraw:{channel}", _("Retrait de l’accord : %s") % label)
                for channel, label in CONSENT_CHANNELS.items()
            ),
        ]

    def clean_valeur(self) -> Any:
        typed = self.cleaned_data["valeur"]
        if self.act in {"tag_add", "tag_remove"}:
            tags = [tag.strip() for tag in typed.split(",") if tag.strip()]
            if not tags:
                raise forms.ValidationError(_("Écrivez au moins une étiquette."))
            return list(dict.fromkeys(tags))
        if self.field is None:
            return typed
        try:
            return custom_fields.value_of(self.field.kind, typed, self.field.choices)
        except custom_fields.NotAValue as fault:
            raise forms.ValidationError(CUSTOM_FAULTS[fault.code]) from fault

    def wanted(self) -> Wanted:
        return Wanted(act_of(self.act), self.cleaned_data.get("valeur"), self.target)
