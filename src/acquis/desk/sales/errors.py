from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NameTaken(DomainRefusal):
    code = "sales.price_list_name_taken"
    message = _("Une grille s’appelle déjà « %(name)s ».")
    kept = _("Ce que vous avez saisi est resté dans le formulaire.")


class ListInUse(DomainRefusal):
    code = "sales.price_list_in_use"
    message = _(
        "Une version de cette grille est publiée : ses clients et sa façon d’exprimer les prix "
        "ne changent plus. Faites une autre grille."
    )


class DraftExists(DomainRefusal):
    code = "sales.price_list_draft_exists"
    message = _("Un brouillon est déjà en cours pour cette grille : publiez-le ou abandonnez-le.")


class NotADraft(DomainRefusal):
    code = "sales.price_list_not_a_draft"
    message = _("Cette version est publiée : elle ne change plus. Préparez-en une nouvelle.")


class NoLine(DomainRefusal):
    code = "sales.price_list_empty"
    message = _("Une grille se publie avec au moins un prix.")
    kept = _("Le brouillon est gardé.")


class BeginsInThePast(DomainRefusal):
    code = "sales.price_list_begins_in_the_past"
    message = _("Une grille ne prend pas effet avant aujourd’hui : choisissez un autre jour.")
    kept = _("Le brouillon est gardé.")


class PeriodBackwards(DomainRefusal):
    code = "sales.price_list_period_backwards"
    message = _("Le dernier jour de la grille précède le premier.")
    kept = _("Le brouillon est gardé.")


class DayTaken(DomainRefusal):
    code = "sales.price_list_day_taken"
    message = _(
        "La version %(rank)s de cette grille prend déjà effet ce jour-là : choisissez un autre "
        "jour, ou retirez-la si elle n’a pas commencé."
    )
    kept = _("Le brouillon est gardé.")


class AlreadyInForce(DomainRefusal):
    code = "sales.price_list_already_in_force"
    message = _(
        "Seule une version à venir se retire : des clients ont déjà pu acheter à ces prix. "
        "Publiez-en une nouvelle."
    )


class LineRefused(DomainRefusal):
    code = "sales.price_line_refused"
    message = "%(problem)s"  # a sentence of problems.py


class FileTooLong(DomainRefusal):
    code = "sales.price_file_too_long"
    message = _("Ce fichier a plus de %(limit)s lignes. Rien n’a été changé.")


class ColumnMissing(DomainRefusal):
    code = "sales.price_file_column_missing"
    message = _(
        "Il manque une colonne : « %(name)s ». Partez d’un export de la grille. Rien n’a été changé."
    )
