from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Sessions"), "exam_sessions:list", "calendar-event", Verb.SESSION_READ, 10)]
