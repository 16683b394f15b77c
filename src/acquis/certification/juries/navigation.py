from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Jurés"), "juries:list", "scale", Verb.JUROR_READ, 25)]
