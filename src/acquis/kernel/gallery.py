"""Every component in every state on one page: to look at, and for the tests of accessibility."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from acquis.kernel import icons

LONG_NAME = (
    "Marie-Antoinette-Joséphine de La Rochefoucauld-Montmorency d’Estissac-Liancourt"
    " veuve Wolfeschlegelsteinhausenbergerdorff"
)
ROWS = 10_000
COLOURS = [
    *("ink", "ink-soft", "paper", "sheet", "sheet-sunken", "rule-strong"),
    *("accent-fill", "accent-soft", "info", "success", "warning", "danger"),
]
BEFORE = "Répondre au client dans un délai de 48 heures et proposer un geste commercial."
AFTER = "Répondre au client sous 24 heures ouvrées et proposer une solution écrite."


class GalleryForm(forms.Form):
    name = forms.CharField(label=_("Nom"), max_length=80)
    email = forms.EmailField(
        label=_("Adresse électronique"), help_text=_("Sert à envoyer la convocation.")
    )
    day = forms.DateField(
        label=_("Date de l’épreuve"), widget=forms.DateInput(attrs={"type": "date"})
    )
    amount = forms.DecimalField(
        label=_("Montant du geste commercial"),
        required=False,
        max_value=50,
        help_text=_("En euros, 50 au plus sans accord du superviseur."),
    )
    channel = forms.ChoiceField(
        label=_("Canal"),
        choices=[("phone", _("Téléphone")), ("chat", _("Messagerie")), ("letter", _("Courrier"))],
    )
    outcome = forms.ChoiceField(
        label=_("Issue de l’échange"),
        widget=forms.RadioSelect,
        choices=[("solved", _("Résolu")), ("pending", _("En attente")), ("lost", _("Abandonné"))],
    )
    needs = forms.MultipleChoiceField(
        label=_("Aménagements"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("time", _("Tiers temps")), ("reader", _("Lecteur")), ("font", _("Gros corps"))],
    )
    consent = forms.BooleanField(label=_("La personne a donné son accord pour être rappelée"))
    document = forms.FileField(label=_("Pièce jointe"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All components; public in a demonstration, for people signed in otherwise."""
    if not settings.DEMO and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    now = timezone.now()
    messages.success(request, _("La session « CCP1 – mars » est enregistrée."), fail_silently=True)
    messages.warning(request, _("12 prêts, 1 à compléter (commune de naissance)."))
    messages.error(request, _("La lettre n’est pas partie : l’adresse du client est vide."))
    return render(request, "kernel/gallery.html", _content(request, now))


@require_safe
def gallery_focus(request: HttpRequest) -> HttpResponse:
    """A page of an exam, with its clock and what is kept."""
    if not settings.DEMO and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    now = timezone.now()
    return render(
        request, "kernel/gallery_focus.html", {"now": now, "ends_at": now + timedelta(minutes=75)}
    )


@require_safe
def gallery_page(request: HttpRequest, name: str) -> HttpResponse:
    """A page without navigation: one of the error pages, as people see it."""
    if not settings.DEMO and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    refusal = {
        "message": _("La grille de ce candidat est close depuis 16:40."),
        "kept": _("Votre observation est conservée dans vos brouillons."),
        "code": "grading.grid_closed",
    }
    return render(request, f"{name}.html", {"refusal": refusal})


def _content(request: HttpRequest, now: datetime) -> dict[str, Any]:
    page = Paginator(range(1, ROWS + 1), 8).get_page(request.GET.get("page"))
    return {
        "now": now,
        "in_75_minutes": now + timedelta(minutes=75),
        "in_4_minutes": now + timedelta(minutes=4),
        "in_40_seconds": now + timedelta(seconds=40),
        "page_obj": page,
        "rows": [_row(number, now) for number in page.object_list],
        "count": ROWS,
        "form": GalleryForm(),
        "refused": GalleryForm(
            {"name": LONG_NAME, "email": "sans-arobase", "amount": "80", "channel": "chat"},
            auto_id="refused_%s",
        ),
        "icons": sorted(icons.names()),
        "colours": COLOURS,
        "long_name": LONG_NAME,
        "before": BEFORE,
        "after": AFTER,
        "none": None,
        "stages": [
            (_("Composer"), "done"),
            (_("Convoquer"), "done"),
            (_("Tirer les sujets"), "current"),
            (_("Délibérer"), "blocked"),
            (_("Éditer le PV"), "todo"),
        ],
    }


def _row(number: int, now: datetime) -> dict[str, Any]:
    tones = [("success", _("Présent")), ("warning", _("À compléter")), ("danger", _("Absent"))]
    tone, state = tones[number % 3]
    return {
        "number": number,
        "name": LONG_NAME if number % 8 == 3 else f"Camille Durand-{number:05}",
        "at": now - timedelta(hours=number),
        "amount": number * 1234.56 / 10,
        "tone": tone,
        "state": state,
    }
