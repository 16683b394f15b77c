from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [
    Item(_("Recours"), "appeals:list", "gavel", Verb.APPEAL_EXAMINE, 15),
    Item(_("Mes recours"), "appeals:own_list", "gavel", Verb.APPEAL_LODGE, 41),
]
