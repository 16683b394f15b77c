from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NotAPkcs12(DomainRefusal):
    code = "seals.not_a_pkcs12"
    message = _(
        "Ce fichier ne s’ouvre pas : ce n’est pas un fichier PKCS#12 (.p12 ou .pfx), ou son mot de"
        " passe n’est pas celui-ci. Rien n’a été gardé."
    )


class KeyMissing(DomainRefusal):
    code = "seals.key_missing"
    message = _(
        "Ce fichier ne contient pas à la fois un certificat et sa clé privée : exportez-le avec la"
        " clé. Rien n’a été gardé."
    )


class KeyRefused(DomainRefusal):
    code = "seals.key_refused"
    message = _(
        "La clé de ce certificat ne convient pas : RSA d’au moins 2048 bits ou courbe elliptique"
        " P-256, P-384 ou P-521. Rien n’a été gardé."
    )


class NotForSigning(DomainRefusal):
    code = "seals.not_for_signing"
    message = _(
        "Ce certificat n’est pas fait pour signer (son usage ne le permet pas). Rien n’a été gardé."
    )


class CertificateNotInForce(DomainRefusal):
    code = "seals.certificate_not_in_force"
    message = _(
        "Ce certificat ne vaut pas aujourd’hui : il est valable du %(first)s au %(last)s. Rien n’a"
        " été gardé."
    )


class AlreadyLoaded(DomainRefusal):
    code = "seals.already_loaded"
    message = _("Ce certificat est déjà celui du centre.")


class NoCertificate(DomainRefusal):
    code = "seals.no_certificate"
    message = _(
        "Le centre n’a pas de certificat en cours de validité : les documents restent émis sans"
        " sceau."
    )


class NotAPdf(DomainRefusal):
    code = "seals.not_a_pdf"
    message = _("Ce fichier n’est pas un PDF lisible.")
