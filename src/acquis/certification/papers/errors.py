"""What is refused around secret subjects."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NoEligibleSubject(DomainRefusal):
    code = "papers.no_eligible_subject"
    message = _(
        "Aucun sujet validé de type « %(kind)s » pour %(scope)s dans l’entreprise fictive"
        " « %(pack)s » : faites-en valider un avant le tirage."
    )


class NoEnterprise(DomainRefusal):
    code = "papers.no_enterprise"
    message = _("La session %(reference)s n’a pas d’entreprise fictive : choisissez-en une.")


class SubjectReferenceTaken(DomainRefusal):
    code = "papers.reference_taken"
    message = _("Un sujet porte déjà la référence %(reference)s.")


class OwnSubjectValidated(DomainRefusal):
    code = "papers.own_subject"
    message = _("Un sujet est validé par une autre personne que son auteur.")


class SubjectNotSubmitted(DomainRefusal):
    code = "papers.not_submitted"
    message = _("Le sujet %(reference)s ne peut pas être validé : %(state)s.")


class SubjectWithdrawn(DomainRefusal):
    code = "papers.withdrawn"
    message = _("Le sujet %(reference)s est retiré : il ne change plus.")


class SubjectNotReadable(DomainRefusal):
    code = "papers.not_readable"
    message = _("Ce fichier n’est pas un sujet : %(problem)s.")


class SubjectStillSecret(DomainRefusal):
    code = "papers.still_secret"
    message = _("Le sujet reste secret jusqu’au début de l’épreuve qui l’utilise.")


class SubjectNotForYou(DomainRefusal):
    code = "papers.not_for_you"
    message = _("Ce sujet n’est ouvert qu’au candidat qui l’a tiré et au jury de sa session.")


class SubjectDamaged(DomainRefusal):
    code = "papers.damaged"
    message = _(
        "Le contenu du sujet %(reference)s ne correspond plus à son empreinte : prévenez le"
        " certificateur et tirez un autre sujet."
    )


class NoFreshSubject(DomainRefusal):
    code = "papers.no_fresh_subject"
    message = _(
        "%(name)s a déjà vu tous les sujets de type « %(kind)s » de cette session : un même sujet"
        " n’est jamais tiré deux fois pour une personne. Faites valider un autre sujet, puis renouvelez"
        " l’engagement du tirage."
    )


class DrawNotOver(DomainRefusal):
    code = "papers.draw_not_over"
    message = _("La graine reste scellée jusqu’à la fin des épreuves de la session.")


class CommitmentReasonMissing(DomainRefusal):
    code = "papers.commitment_reason_missing"
    message = _("Dites pourquoi l’engagement est renouvelé : le motif est publié avec lui.")


class CommitmentFrozen(DomainRefusal):
    code = "papers.commitment_frozen"
    message = _("Les épreuves sont terminées : l’engagement du tirage ne se renouvelle plus.")


class SubjectNotReplaceable(DomainRefusal):
    code = "papers.not_replaceable"
    message = _("Le sujet %(reference)s a déjà une version plus récente.")


class RecordingMissing(DomainRefusal):
    code = "papers.recording_missing"
    message = _("Ce sujet n’a pas d’enregistrement à écouter.")


class RecordingNotReadable(DomainRefusal):
    code = "papers.recording_not_readable"
    message = _("Ce fichier n’est pas un enregistrement WAV, MP3, Ogg ou WebM.")


class AttachmentKindRefused(DomainRefusal):
    code = "papers.attachment_kind_refused"
    message = _(
        "« %(name)s » n’est pas une pièce acceptée (%(allowed)s). Le fichier n’a pas été gardé."
    )


class AttachmentTooLarge(DomainRefusal):
    code = "papers.attachment_too_large"
    message = _(
        "« %(name)s » dépasse la taille permise de %(limit)s Mo. Le fichier n’a pas été gardé."
    )


class TooManyAttachments(DomainRefusal):
    code = "papers.too_many_attachments"
    message = _("Un sujet a %(most)s pièces jointes au plus : retirez-en.")


class AttachmentsTooHeavy(DomainRefusal):
    code = "papers.attachments_too_heavy"
    message = _("Les pièces jointes d’un sujet font %(limit)s Mo au plus ensemble : retirez-en.")


class AttachmentGone(DomainRefusal):
    code = "papers.attachment_gone"
    message = _("Une pièce apportée n’est plus gardée : choisissez de nouveau son fichier.")


class AttachmentMissing(DomainRefusal):
    code = "papers.attachment_missing"
    message = _("Ce sujet n’a pas cette pièce jointe.")


class NotItsAuthor(DomainRefusal):
    code = "papers.not_its_author"
    message = _("Le contenu d’un sujet n’est lu que par son auteur et par la direction.")
