"""What is wrong with a line of a price list, in the words of who typed it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEMS: dict[str, Promise] = {
    "no_price": _("il faut un prix ou une remise."),
    "two_prices": _("un prix ou une remise, pas les deux."),
    "price_bounds": _("le prix va de 0 à 10 millions d’euros."),
    "price_decimals": _("le prix a quatre décimales au plus."),
    "cents": _("un prix TTC se donne au centime."),
    "percent_bounds": _("la remise va de 0 à 100 %."),
    "percent_decimals": _("la remise a deux décimales au plus."),
    "least_bounds": _("la quantité est plus grande que 0, un million au plus."),
    "least_decimals": _("la quantité a trois décimales au plus."),
    "twice": _("ce produit est donné deux fois pour la même quantité."),
    "unknown": _("aucun produit du catalogue n’a cette référence."),
    "no_reference": _("la référence du produit manque."),
    "number": _("« %(text)s » n’est pas un nombre."),
    "long": _("la précision est trop longue (200 signes au plus)."),
}
