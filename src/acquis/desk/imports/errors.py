from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class FileUnreadable(DomainRefusal):
    code = "imports.file_unreadable"
    message = _(
        "Ce fichier ne se lit pas : %(problem)s Il n’a pas été gardé. Sont lus les fichiers CSV, "
        "XLSX (Excel, LibreOffice) et vCard."
    )


class FileTooLarge(DomainRefusal):
    code = "imports.file_too_large"
    message = _("Ce fichier dépasse %(limit)s Mo. Partagez-le en plusieurs : rien n’a été gardé.")


class TooManyLines(DomainRefusal):
    code = "imports.too_many_lines"
    message = _("Ce fichier a plus de %(limit)s lignes. Partagez-le en plusieurs.")


class NoNameColumn(DomainRefusal):
    code = "imports.no_name_column"
    message = _(
        "Aucune colonne ne donne un nom ou une raison sociale : sans elle, aucune fiche ne peut "
        "être créée."
    )


class ColumnTwice(DomainRefusal):
    code = "imports.column_twice"
    message = _("Deux colonnes donnent le même champ : %(field)s.")


class NotNow(DomainRefusal):
    code = "imports.not_now"
    message = _("Cet import n’en est pas là : rechargez la page pour voir où il en est.")
