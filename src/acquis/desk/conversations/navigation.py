from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Postes"), "conversations:desks", "headset", Verb.DESK_USE, order=20)]
