from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Mes grilles"), "grading:home", "checklist", Verb.GRID_MARK, 40)]
