from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Sujets"), "papers:list", "lock", Verb.SUBJECT_WRITE, 45)]
