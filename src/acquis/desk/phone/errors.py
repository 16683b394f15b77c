from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class CallEnded(DomainRefusal):
    code = "phone.ended"
    message = _("L’appel est terminé.")


class CallTaken(DomainRefusal):
    code = "phone.taken"
    message = _("%(adviser)s a déjà décroché.")


class AlreadyOnTheLine(DomainRefusal):
    code = "phone.already_on_the_line"
    message = _("Vous êtes déjà en ligne : raccrochez ou transférez d’abord votre appel.")


class NotOnTheLine(DomainRefusal):
    code = "phone.not_on_the_line"
    message = _("Vous n’êtes pas en ligne sur cet appel.")


class NotRinging(DomainRefusal):
    code = "phone.not_ringing"
    message = _("Cet appel ne sonne plus.")


class LineClosed(DomainRefusal):
    code = "phone.line_closed"
    message = _("Cette page ne prend pas d’appel en ce moment.")


class LineBusy(DomainRefusal):
    code = "phone.line_busy"
    message = _("Toutes les lignes sont occupées. Rappelez dans quelques minutes.")
    status = 503


class NumberUnknown(DomainRefusal):
    code = "phone.number_unknown"
    message = _("Aucun poste n’a ce numéro.")
    status = 404


class NumberTaken(DomainRefusal):
    code = "phone.number_taken"
    message = _("Un autre poste reçoit déjà les appels de ce numéro.")


class NumberRefused(DomainRefusal):
    code = "phone.number_refused"
    message = _("Le numéro « %(number)s » ne peut pas être appelé : %(reason)s")


class KeysRefused(DomainRefusal):
    code = "phone.keys_refused"
    message = _("Ces touches n’existent pas sur un clavier de téléphone.")


class MessageTooEarly(DomainRefusal):
    code = "phone.message_too_early"
    message = _("Le téléphone sonne encore : patientez avant de laisser un message.")


class NoVoicemail(DomainRefusal):
    code = "phone.no_voicemail"
    message = _("Cette ligne n’a pas de messagerie vocale.")


class NotRecording(DomainRefusal):
    code = "phone.not_recording"
    message = _("Cet appel n’est pas enregistré.")


class ObjectionTooLate(DomainRefusal):
    code = "phone.objection_too_late"
    message = _(
        "Les appels de ce poste sont joués : chacun a été informé avant de l’enregistrement, "
        "qui ne s’efface pas d’ici."
    )


class ColleagueUnavailable(DomainRefusal):
    code = "phone.colleague_unavailable"
    message = _("%(colleague)s est déjà en ligne, ou n’a pas de place sur ce poste.")


class NobodyConsulted(DomainRefusal):
    code = "phone.nobody_consulted"
    message = _("Aucun collègue n’est en ligne avec vous sur cet appel.")


class RecordingGone(DomainRefusal):
    code = "phone.recording_gone"
    message = _("Cet enregistrement n’existe plus.")
    status = 410
