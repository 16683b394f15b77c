"""What is refused around an appeal, each with what to do."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class AlreadyInHand(DomainRefusal):
    code = "appeals.already_in_hand"
    message = _("Un recours contre cette session est déjà en cours : %(number)s.")


class NothingToContest(DomainRefusal):
    code = "appeals.nothing_to_contest"
    message = _("Un recours se dépose une fois les épreuves de la session terminées.")


class GroundsMissing(DomainRefusal):
    code = "appeals.grounds_missing"
    message = _("Choisissez au moins un motif de régularité.")


class StatementMissing(DomainRefusal):
    code = "appeals.statement_missing"
    message = _("Écrivez les faits que vous contestez.")


class ReceivedLater(DomainRefusal):
    code = "appeals.received_later"
    message = _("La date de réception ne peut pas être dans l’avenir.")


class StateRefused(DomainRefusal):
    code = "appeals.state_refused"
    message = _("Ce recours ne le permet plus : %(state)s.")


class OwnCase(DomainRefusal):
    code = "appeals.own_case"
    message = _(
        "Personne ne juge seul de sa propre session : une autre personne du centre examine la"
        " recevabilité."
    )


class ReasonMissing(DomainRefusal):
    code = "appeals.reason_missing"
    message = _("Écrivez les raisons : elles sont communiquées au candidat.")


class JurorOfSession(DomainRefusal):
    code = "appeals.juror_of_session"
    message = _("%(name)s est juré de cette session : il ou elle n’examine pas ce recours.")


class OwnAppeal(DomainRefusal):
    code = "appeals.own_appeal"
    message = _("Le candidat n’examine pas son propre recours.")


class WrongQuality(DomainRefusal):
    code = "appeals.wrong_quality"
    message = _("%(name)s n’a pas dans ce centre le rôle de cette qualité.")


class AlreadyNamed(DomainRefusal):
    code = "appeals.already_named"
    message = _("%(name)s siège déjà à une autre place de cette commission.")


class NotAMember(DomainRefusal):
    code = "appeals.not_a_member"
    message = _("Seules les personnes désignées pour examiner ce recours s’y prononcent.")


class VoicesMissing(DomainRefusal):
    code = "appeals.voices_missing"
    message = _(
        "La décision attend l’avis de la direction, du responsable de session et du responsable de"
        " formation."
    )


class NotTheDirection(DomainRefusal):
    code = "appeals.not_the_direction"
    message = _("La décision est rendue par le membre qui siège pour la direction.")


class NotAccepted(DomainRefusal):
    code = "appeals.not_accepted"
    message = _("Une nouvelle session s’ouvre par un recours accepté.")


class SessionUnfit(DomainRefusal):
    code = "appeals.session_unfit"
    message = _("Choisissez une session à venir du même examen, encore en préparation.")


class PostedAlready(DomainRefusal):
    code = "appeals.posted_already"
    message = _("L’envoi recommandé de cette lettre est déjà noté.")


class TrackingMissing(DomainRefusal):
    code = "appeals.tracking_missing"
    message = _("Donnez le numéro de suivi et la date de l’envoi recommandé.")
