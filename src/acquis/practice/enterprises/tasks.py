from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import Organisation, User, Workspace
from acquis.kernel import jobs
from acquis.practice.enterprises import packs, queries
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from acquis.practice.enterprises.actions.load_pack import load_pack

Progress = Callable[..., None]


@jobs.job("enterprises.load", title=gettext_lazy("Installation d’une entreprise fictive"))
def load(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Install a shipped enterprise; taken up again after a cut, it is installed once."""
    name = packs.title(args["slug"])
    progress(0, 1, gettext("Lecture et contrôle de « %(name)s »") % {"name": name})
    made = Workspace.objects.filter(
        organisation=args["organisation"],
        kind=WorkspaceKind.MODEL,
        pack=args["slug"],
        created_at__gte=datetime.fromisoformat(args["asked_at"]),
    ).first() or load_pack(
        organisation=Organisation.objects.get(pk=args["organisation"]),
        slug=args["slug"],
        by=User.objects.get(pk=args["by"]),
        at=timezone.now(),
        reference_on=date.fromisoformat(args["reference_on"]),
    )
    progress(1, 1, gettext("Installée"))
    return {"links": [_link(made)]}


@jobs.job("enterprises.copy", title=gettext_lazy("Copies d’entraînement"))
def copy(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Make a practice copy for each person, one transaction each; those already made are kept."""
    enterprise = Workspace.objects.get(pk=args["enterprise"])
    by = User.objects.get(pk=args["by"])
    wanted = args["people"]
    asked_at = datetime.fromisoformat(args["asked_at"])
    served = queries.served_since(enterprise, wanted, asked_at)
    for done, person in enumerate(User.objects.filter(pk__in=wanted).order_by("pk")):
        progress(done, len(wanted), str(person))
        if person.pk not in served:
            copy_workspace(
                source=enterprise,
                name=f"{enterprise.name} · {person}",
                by=by,
                at=timezone.now(),
                member=person,
            )
    progress(len(wanted), len(wanted), gettext("Terminé"))
    return {"links": [_link(enterprise)]}


def _link(enterprise: Workspace) -> dict[str, str]:
    return {"label": enterprise.name, "url": reverse("enterprises:detail", args=[enterprise.pk])}
