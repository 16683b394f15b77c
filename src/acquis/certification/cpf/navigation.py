from django.utils.translation import gettext_lazy as _

from acquis.accounts.verbs import Verb
from acquis.kernel.navigation import Item

ITEMS = [Item(_("Passeport de compétences"), "cpf:list", "certificate", Verb.CPF_DEPOSIT, 36)]
