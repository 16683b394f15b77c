from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Sujets livrés"), "scenarios:shelf", "books", Verb.SUBJECT_WRITE, 46)]
