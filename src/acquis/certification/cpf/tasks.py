from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.accounts.models import User
from acquis.certification.cpf import actions
from acquis.certification.cpf.actions.open_deposit import JOB
from acquis.certification.cpf.models import Deposit, Passage
from acquis.kernel import jobs, rounds

A_QUARTER_OF_A_DAY = 6 * 3600.0


@jobs.job(JOB, title=gettext_lazy("Fichiers pour le passeport de compétences"))
def write(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Write the files of a deposit; one that is written already, or cancelled, is left as it is."""
    deposit = Deposit.objects.select_related("organisation").get(pk=args["deposit"])
    if deposit.state == Deposit.State.WRITING:
        deposit = actions.write_deposit(
            deposit=deposit,
            by=User.objects.get(pk=args["by"]),
            at=timezone.now(),
            progress=lambda done, total: progress(done, total, _("Écriture des passages")),
        )
    files, aside = deposit.files.count(), deposit.passages.filter(state=Passage.State.ERROR).count()
    notes = [ngettext("%d fichier prêt", "%d fichiers prêts", files) % files]
    if aside:
        notes.append(ngettext("%d passage mis de côté", "%d passages mis de côté", aside) % aside)
    return {
        "notes": notes,
        "links": [
            {
                "label": _("Dépôt %(number)s") % {"number": deposit.number},
                "url": reverse("cpf:deposit", args=[deposit.pk]),
            }
        ],
    }


@rounds.every(A_QUARTER_OF_A_DAY, "cpf.erase")
def erase(now: Any) -> None:
    """Erase the files whose time is over."""
    actions.erase_files(at=now)
