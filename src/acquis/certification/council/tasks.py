from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import User
from acquis.certification.council import actions, presentation
from acquis.certification.council.models import CouncilPack
from acquis.kernel import jobs


@jobs.job(actions.JOB, title=gettext_lazy("Dossier du conseil de perfectionnement"))
def write(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Write a pack; one that is ready already is left as it is."""
    pack = CouncilPack.objects.select_related("organisation", "framework").get(pk=args["pack"])
    pack = actions.write_pack(
        pack=pack,
        by=User.objects.get(pk=args["by"]),
        at=timezone.now(),
        progress=lambda done, total: progress(done, total, _("Calcul des chiffres")),
    )
    return {
        "notes": [_("Dossier prêt")],
        "links": [
            {"label": presentation.title(pack), "url": reverse("council:pack", args=[pack.pk])}
        ],
    }


@jobs.job(actions.RECOUNT, title=gettext_lazy("Nouveau compte d’un dossier du conseil"))
def recount(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    pack = CouncilPack.objects.select_related("organisation", "framework").get(pk=args["pack"])
    progress(0, None, _("Calcul des chiffres"))
    by, at = User.objects.get(pk=args["by"]), timezone.now()
    differ = actions.recount_pack(pack=pack, by=by, at=at)
    names = ", ".join(str(presentation.SHAPES[name].title) for name in differ)
    return {
        "notes": [
            _("Le nouveau compte diffère : %s.") % names
            if differ
            else _("Le nouveau compte donne exactement les mêmes chiffres.")
        ],
        "links": [
            {"label": presentation.title(pack), "url": reverse("council:pack", args=[pack.pk])}
        ],
    }
