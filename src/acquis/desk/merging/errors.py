from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NothingToMerge(DomainRefusal):
    code = "merging.nothing_to_merge"
    message = _("Choisissez au moins deux fiches différentes à fusionner.")


class TooManyToMerge(DomainRefusal):
    code = "merging.too_many"
    message = _("On fusionne au plus %(most)s fiches à la fois.")


class KindsDiffer(DomainRefusal):
    code = "merging.kinds_differ"
    message = _(
        "Un particulier et une entreprise ne se fusionnent pas : faites du particulier un "
        "interlocuteur de l’entreprise."
    )


class RowCannotMove(DomainRefusal):
    code = "merging.row_cannot_move"
    message = _(
        "Une ligne de « %(room)s » ne peut pas passer sur l’autre fiche : rien n’a été fusionné."
    )


class AlreadyUndone(DomainRefusal):
    code = "merging.already_undone"
    message = _("Cette fusion est déjà défaite.")


class CannotUndo(DomainRefusal):
    code = "merging.cannot_undo"
    message = _("Cette fusion ne peut plus être défaite : %(reason)s Rien n’a été changé.")
