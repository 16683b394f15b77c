from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [
    Item(_("Sessions"), "exam_sessions:list", "calendar-event", Verb.SESSION_READ, 10),
    # Whoever manages juries manages sessions or publishes frameworks: both have the board.
    Item(_("Échéances"), "exam_sessions:deadlines", "calendar-due", Verb.JUROR_EDIT, 12),
]
