from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Conservation"), "archives:retention", "archive", Verb.ARCHIVE_MANAGE, 86)]
