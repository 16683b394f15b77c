from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class SupervisorOnly(DomainRefusal):
    code = "raising.supervisor_only"
    message = _("Cela revient au superviseur du poste.")


class StateNotNext(DomainRefusal):
    code = "raising.state_not_next"
    message = _("De « %(before)s », une remontée ne passe pas à « %(after)s ».")


class ReasonMissing(DomainRefusal):
    code = "raising.reason_missing"
    message = _("Dites pourquoi elle est refusée : son auteur le lira.")


class YourOwn(DomainRefusal):
    code = "raising.your_own"
    message = _("C’est votre remontée : vous y comptez déjà.")


class NotOfThisDesk(DomainRefusal):
    code = "raising.not_of_this_desk"
    message = _("« %(name)s » n’est pas de ce poste.")


class CaseTied(DomainRefusal):
    code = "raising.case_tied"
    message = _("La demande %(number)s y est déjà liée.")


class AnswerEmpty(DomainRefusal):
    code = "raising.answer_empty"
    message = _("La réponse est vide : rien n’a été enregistré.")
