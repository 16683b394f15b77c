from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [
    Item(_("Accueil"), "accounts:home", "home", order=0),
    Item(_("Comptes"), "accounts:people", "users", Verb.ACCOUNT_MANAGE, order=90),
]
