from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Clés des badges"), "badges:signing_keys", "key", Verb.AWARD_REVOKE, 89)]
