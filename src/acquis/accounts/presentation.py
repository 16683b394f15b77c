"""How roles, verbs and the lines of a person's history are told."""

from base64 import b32encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from acquis.accounts.enums import Role
from acquis.accounts.models import ApiToken, User
from acquis.accounts.verbs import Verb
from acquis.kernel.models import TraceLine

ROLE_TASKS: Mapping[Role, Promise] = {
    Role.CERTIFYING_BODY: _(
        "publie les référentiels, agrée les jurys, délivre les certificats, gère les comptes"
    ),
    Role.SESSION_MANAGER: _("compose les sessions, convoque, tire les sujets, contresigne les PV"),
    Role.INVIGILATOR: _("contrôle les identités, ouvre l’épreuve, rend le temps perdu"),
    Role.JUROR: _("joue les clients, note les grilles, délibère et signe"),
    Role.CANDIDATE: _("passe son épreuve et lit ses résultats"),
    Role.TRAINER: _("écrit les entreprises fictives et les sujets, suit les apprenants"),
    Role.SUPERVISOR: _("suit les files d’attente et valide les lettres et les gestes"),
    Role.ADVISER: _("répond aux clients sur tous les canaux et tient leurs dossiers"),
}

ROLE_ICONS: Mapping[Role, str] = {
    Role.CERTIFYING_BODY: "certificate",
    Role.SESSION_MANAGER: "calendar-event",
    Role.INVIGILATOR: "eye-check",
    Role.JUROR: "scale",
    Role.CANDIDATE: "school",
    Role.TRAINER: "presentation",
    Role.SUPERVISOR: "users-group",
    Role.ADVISER: "headset",
}

VERB_LABELS: Mapping[Verb, Promise] = {
    Verb.ACCOUNT_MANAGE: _("Gérer les comptes et l’organisation"),
    Verb.TRACE_READ: _("Lire les traces"),
    Verb.JOB_READ: _("Suivre les travaux longs"),
    Verb.FRAMEWORK_READ: _("Lire les référentiels"),
    Verb.FRAMEWORK_IMPORT: _("Importer des référentiels"),
    Verb.FRAMEWORK_PUBLISH: _("Publier des référentiels"),
    Verb.CANDIDATE_READ: _("Lire les dossiers des candidats"),
    Verb.CANDIDATE_EDIT: _("Modifier les dossiers des candidats"),
    Verb.JUROR_READ: _("Lire les dossiers des jurés"),
    Verb.JUROR_EDIT: _("Modifier les dossiers des jurés"),
    Verb.SESSION_READ: _("Lire les sessions"),
    Verb.SESSION_MANAGE: _("Composer et conduire les sessions"),
    Verb.SESSION_INVIGILATE: _("Surveiller les épreuves"),
    Verb.SUBJECT_WRITE: _("Écrire les sujets"),
    Verb.SUBJECT_VALIDATE: _("Valider les sujets"),
    Verb.SUBJECT_DRAW: _("Tirer les sujets au sort"),
    Verb.SITTING_TAKE: _("Passer ses épreuves"),
    Verb.SITTING_PLAY: _("Jouer les clients"),
    Verb.GRID_MARK: _("Noter les grilles"),
    Verb.JURY_DELIBERATE: _("Délibérer"),
    Verb.PV_SIGN: _("Signer les PV"),
    Verb.PV_COUNTERSIGN: _("Contresigner les PV"),
    Verb.AWARD_READ: _("Lire les résultats et certificats"),
    Verb.AWARD_ISSUE: _("Délivrer les résultats et certificats"),
    Verb.SEAL_MANAGE: _("Gérer le certificat de cachet du centre"),
    Verb.ARCHIVE_MANAGE: _("Archiver le dossier d’une session"),
    Verb.ARCHIVE_DESTROY: _("Détruire ce dont la durée de conservation est passée"),
    Verb.AWARD_REVOKE: _("Révoquer les certificats, tenir les clés des badges"),
    Verb.AWARD_OWN_READ: _("Lire ses propres résultats"),
    Verb.INCIDENT_FOLLOW: _("Suivre les incidents et les actions correctives"),
    Verb.APPEAL_LODGE: _("Déposer un recours"),
    Verb.APPEAL_MANAGE: _("Instruire les recours"),
    Verb.APPEAL_EXAMINE: _("Examiner les recours"),
    Verb.CPF_DEPOSIT: _("Déposer au passeport de compétences (fichier CPF)"),
    Verb.CPF_MANAGE: _("Régler les dépôts au passeport de compétences"),
    Verb.COUNCIL_READ: _("Lire les dossiers du conseil de perfectionnement"),
    Verb.COUNCIL_PREPARE: _("Préparer les dossiers du conseil de perfectionnement"),
    Verb.ENTERPRISE_READ: _("Lire les entreprises fictives"),
    Verb.ENTERPRISE_EDIT: _("Modifier les entreprises fictives"),
    Verb.DESK_USE: _("Travailler au poste"),
    Verb.DESK_SUPERVISE: _("Superviser le poste"),
    Verb.API_USE: _("Se servir de l’interface de programmation"),
}

ACTS: Mapping[str, tuple[str, Promise]] = {
    "person.created": ("user-plus", _("Compte créé")),
    "person.roles_changed": ("user-cog", _("Rôles changés")),
    "person.deactivated": ("user-off", _("Compte désactivé")),
    "person.reactivated": ("user-check", _("Compte réactivé")),
    "person.lock_reset": ("lock-open", _("Connexion débloquée")),
    "person.profile_changed": ("user-edit", _("Profil modifié")),
    "person.password_link_sent": ("mail-forward", _("Lien de mot de passe envoyé")),
    "person.password_chosen": ("key", _("Mot de passe choisi")),
    "person.password_changed": ("key", _("Mot de passe changé")),
    "person.signed_in": ("login", _("Connexion")),
    "person.signed_out": ("logout", _("Déconnexion")),
    "person.devices_revoked": ("device-desktop", _("Appareils déconnectés")),
    "person.second_factor_begun": ("shield", _("Vérification en deux étapes préparée")),
    "person.second_factor_enabled": ("shield-check", _("Vérification en deux étapes activée")),
    "person.second_factor_disabled": ("shield-x", _("Vérification en deux étapes retirée")),
    "person.recovery_codes_renewed": ("refresh", _("Codes de secours renouvelés")),
    "token.created": ("plug", _("Jeton créé")),
    "token.revoked": ("plug", _("Jeton révoqué")),
}


def role_labels(values: Iterable[str]) -> str:
    """« Juré, Formateur », in the order of the list of roles."""
    held = set(values)
    return ", ".join(str(role.label) for role in Role if role.value in held)


def history(lines: Iterable[TraceLine]) -> list[dict[str, Any]]:
    """Lines of a trace as a page shows them; an act we have no words for keeps its verb."""
    return [
        {
            "at": line.at,
            "actor": line.actor_label,
            "icon": ACTS.get(line.verb, ("circle-dot", line.verb))[0],
            "title": ACTS.get(line.verb, ("circle-dot", line.verb))[1],
            "text": _details(line),
        }
        for line in lines
    ]


def _details(line: TraceLine) -> str:
    data = line.data
    if line.verb == "person.roles_changed":
        before, after = role_labels(data["before"]), role_labels(data["after"])
        return f"{before or '—'} → {after or '—'}"
    if line.verb == "person.created":
        return role_labels(data.get("roles", []))
    return str(data.get("name", ""))


def demo_accounts(people: Iterable[User]) -> list[dict[str, Any]]:
    """Demonstration accounts by role, each role with what it is for; empty roles left out."""
    grouped: dict[Role, list[User]] = {role: [] for role in Role}
    for person in people:
        for membership in person.memberships.all():
            grouped[Role(membership.role)].append(person)
    return [
        {"role": role, "tasks": ROLE_TASKS[role], "icon": ROLE_ICONS[role], "people": found}
        for role, found in grouped.items()
        if found
    ]


def token(one: ApiToken, now: datetime) -> dict[str, Any]:
    """A key of the API with its state in words and what it permits."""
    if one.revoked_at is not None:
        state, tone = _("Révoqué"), "neutral"
    elif one.expires_at is not None and one.expires_at <= now:
        state, tone = _("Arrivé à sa fin"), "neutral"
    else:
        state, tone = _("En service"), "success"
    return {
        "token": one,
        "state": state,
        "tone": tone,
        "running": tone == "success",
        "scopes": [VERB_LABELS[verb] for verb in Verb if verb in one.scopes],
    }


def spelt_secret(key: bytes) -> str:
    """The secret of a second step in base 32, by fours, to type where nothing can be scanned."""
    text = b32encode(key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def qr_code(text: str) -> SafeString:
    """An SVG to stand in the page, black on white in both themes, without any style attribute."""
    import qrcode  # noqa: PLC0415  heavy: who enrols a second factor needs it, once
    from qrcode.image.svg import SvgPathImage  # noqa: PLC0415

    drawn = qrcode.make(text, image_factory=SvgPathImage, box_size=10, border=2)
    stream = BytesIO()
    drawn.save(stream)
    svg = stream.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])
