"""What keeps a file from being read, in the words of a person."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "encoding": _("ses caractères ne sont d’aucun codage connu."),
    "csv": _("ses lignes ne se découpent pas en colonnes."),
    "workbook": _("ce classeur est abîmé ou protégé."),
    "texts": _("ce classeur a plus de 100 Mo de textes : enregistrez-le en CSV."),
    "vcard": _("ces cartes de visite sont abîmées."),
    "empty": _("il n’a aucune ligne sous ses titres."),
}
