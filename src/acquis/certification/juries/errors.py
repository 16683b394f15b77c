"""What is refused in the register of jurors."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class JurorAlreadyKnown(DomainRefusal):
    code = "juries.already_known"
    message = _("Un juré de votre registre a déjà l’adresse %(email)s.")


class AccreditationReversed(DomainRefusal):
    code = "juries.accreditation_reversed"
    message = _("La fin de l’habilitation vient avant son début.")
