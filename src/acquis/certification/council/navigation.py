from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Conseil de perfectionnement"), "council:list", "chart-bar", Verb.COUNCIL_READ, 38)]
