"""Why an act on accounts or desks is refused."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class WorkspaceSealed(DomainRefusal):
    code = "workspace.sealed"
    message = _("Ce poste est scellé : il se consulte, plus rien ne s’y écrit.")


class WorkspaceReadOnly(DomainRefusal):
    code = "workspace.read_only"
    message = _("Vous pouvez consulter ce poste, sans y écrire.")


class SignInLocked(DomainRefusal):
    code = "sign_in.locked"
    message = _(
        "Trop d’essais pour cette adresse : les connexions reprennent à %(time)s. "
        "Si vous avez oublié votre mot de passe, demandez un lien pour en choisir un autre."
    )


class SignInBlocked(DomainRefusal):
    code = "sign_in.blocked"
    message = _(
        "Trop d’essais pour cette adresse : elle est bloquée. La personne qui gère les comptes de "
        "votre organisation peut la débloquer."
    )


class SecondFactorPresent(DomainRefusal):
    code = "second_factor.present"
    message = _("La vérification en deux étapes est déjà active sur ce compte.")


class SecondFactorAbsent(DomainRefusal):
    code = "second_factor.absent"
    message = _("La vérification en deux étapes n’est pas active sur ce compte.")


class WrongCode(DomainRefusal):
    code = "second_factor.wrong_code"
    message = _("Ce code n’est pas le bon. Vérifiez l’heure de votre téléphone et recommencez.")


class ManagerNeeded(DomainRefusal):
    code = "person.manager_needed"
    message = _(
        "Il faut qu’une personne au moins gère les comptes de l’organisation : donnez d’abord ce "
        "rôle à quelqu’un d’autre."
    )


class OwnAccount(DomainRefusal):
    code = "person.own_account"
    message = _("Vous ne pouvez pas désactiver votre propre compte.")


class PersonElsewhere(DomainRefusal):
    code = "person.elsewhere"
    message = _(
        "Cette personne a un compte qui ne dépend pas de votre seule organisation : vous pouvez "
        "changer ses rôles chez vous, pas son compte."
    )


class AlreadyMember(DomainRefusal):
    code = "person.already_member"
    message = _("Une personne de votre organisation a déjà cette adresse : %(name)s.")


class ScopeNotHeld(DomainRefusal):
    code = "token.scope_not_held"
    message = _("Un jeton ne peut pas permettre ce que vous ne pouvez pas faire : %(scopes)s.")


class TokenExpiryPast(DomainRefusal):
    code = "token.expiry_past"
    message = _("La date de fin du jeton est déjà passée.")
