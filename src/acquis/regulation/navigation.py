from django.utils.translation import gettext_lazy as _

from acquis.kernel.navigation import Item

ITEMS = [Item(_("Réglementation"), "regulation:list", "scale", "framework.read", order=90)]
