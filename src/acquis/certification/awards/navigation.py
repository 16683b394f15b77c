from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Mes résultats"), "awards:own_results", "award", Verb.AWARD_OWN_READ, 40)]
