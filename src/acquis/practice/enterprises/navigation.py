from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [
    Item(_("Entreprises fictives"), "enterprises:list", "building-store", Verb.ENTERPRISE_READ, 42)
]
