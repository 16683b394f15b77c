from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Plans de saison"), "planning:list", "calendar-time", Verb.SESSION_MANAGE, 11)]
