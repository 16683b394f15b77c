from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NoAccount(DomainRefusal):
    code = "cpf.no_account"
    message = _(
        "Le contrat avec la Caisse des dépôts n’est pas réglé : le certificateur le saisit dans les"
        " réglages du passeport de compétences."
    )


class DepositOpen(DomainRefusal):
    code = "cpf.deposit_open"
    message = _(
        "Le dépôt %(number)s n’est pas terminé : un seul dépôt est ouvert à la fois. Terminez-le ou"
        " annulez-le."
    )


class NothingReady(DomainRefusal):
    code = "cpf.nothing_ready"
    message = _("Aucun passage choisi n’est prêt à être transmis.")


class PassagesNotReady(DomainRefusal):
    code = "cpf.not_ready"
    message = _("Ces passages ne sont pas prêts, ou le sont déjà dans un dépôt : %(names)s.")


class UnknownSchema(DomainRefusal):
    code = "cpf.unknown_schema"
    message = _("La version %(version)s du schéma n’est pas chargée.")


class FileInvalid(DomainRefusal):
    code = "cpf.file_invalid"
    message = _(
        "Le fichier ne suit pas le schéma %(version)s, %(where)s : %(text)s Aucun fichier n’est à"
        " envoyer."
    )


class DepositNotWriting(DomainRefusal):
    code = "cpf.not_writing"
    message = _("Les fichiers de ce dépôt sont déjà préparés, ou le dépôt est annulé.")


class DepositNotReady(DomainRefusal):
    code = "cpf.not_ready_to_send"
    message = _("Ce dépôt n’est pas prêt à être envoyé, ou il l’est déjà.")


class DepositAlreadySent(DomainRefusal):
    code = "cpf.already_sent"
    message = _("Ce dépôt est envoyé : il ne s’annule plus. Déposez le rapport de traitement.")


class DepositNotSent(DomainRefusal):
    code = "cpf.not_sent"
    message = _("Ce dépôt n’attend pas de réponse.")


class FileErased(DomainRefusal):
    code = "cpf.file_erased"
    message = _("Ce fichier a été effacé après son délai de conservation ; son empreinte reste.")


class FileDamaged(DomainRefusal):
    code = "cpf.file_damaged"
    message = _("Le fichier gardé ne correspond plus à son empreinte : il n’est pas remis.")


class SchemaRefused(DomainRefusal):
    code = "cpf.schema_refused"
    message = _("Ce schéma n’est pas utilisable : %(problem)s.")


class SchemaAlreadyLoaded(DomainRefusal):
    code = "cpf.schema_already_loaded"
    message = _("La version %(version)s du schéma est déjà là.")


class ReportRefused(DomainRefusal):
    code = "cpf.report_refused"
    message = _("Ce rapport n’est pas lu : %(problem)s.")


class ReportAlreadyRead(DomainRefusal):
    code = "cpf.report_already_read"
    message = _("Ce rapport a déjà été lu le %(day)s.")


class ReportOfNoFile(DomainRefusal):
    code = "cpf.report_of_no_file"
    message = _("Ce rapport répond à « %(name)s », qui n’est pas un fichier de ce centre.")


class ReportUnknownPassages(DomainRefusal):
    code = "cpf.report_unknown_passages"
    message = _(
        "Ce rapport cite %(count)s identifiant(s) que le fichier envoyé ne contient pas, dont"
        " « %(example)s »."
    )


class ReportContradicts(DomainRefusal):
    code = "cpf.report_contradicts"
    message = _(
        "Ce rapport contredit ce qui a déjà été répondu pour %(count)s passage(s), dont"
        " « %(example)s »."
    )
