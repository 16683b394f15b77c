from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Sceau du centre"), "seals:certificate", "rubber-stamp", Verb.SEAL_MANAGE, 88)]
