from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Incidents"), "incidents:list", "alert-triangle", Verb.INCIDENT_FOLLOW, 14)]
