"""An invented professional title, and the ways a ministry's document can be written down.

« Fontainier d'espaces publics » exists nowhere. It has what the founding title has not: three units
and a specialisation, a project instead of a role play in one unit, a professional questionnaire,
questions on productions, several NSF codes, durations written in four ways.
"""

# ruff: noqa: ISC004 - long sentences stand on two lines

from dataclasses import dataclass

CHECKED, EMPTY = "☒", "☐"


@dataclass(frozen=True)
class Competency:
    number: int
    title: str
    criteria: tuple[str, ...]
    methods: tuple[int, ...]


@dataclass(frozen=True)
class Unit:
    kind: str
    number: int
    title: str
    competencies: tuple[Competency, ...]


NAME = "Fontainier d'espaces publics"
UNITS = (
    Unit("CCP", 1, "Poser et raccorder des fontaines publiques", (
        Competency(1, "Préparer le chantier d'une fontaine", (
            "Les plans sont lus sans erreur",
            "Le matériel est vérifié avant le départ",
            "Les règles de sécurité du Code du travail sont respectées",
        ), (0,)),
        Competency(2, "Poser et sceller une fontaine", (
            "Le scellement est d'aplomb",
            "L'étanchéité du socle est contrôlée",
        ), (0, 1)),
        Competency(3, "Raccorder une fontaine au réseau d'eau potable", (
            "Le raccordement respecte la norme NF en vigueur",
            "La pression est mesurée et consignée",
            "L'eau est analysée avant la mise en service",
        ), (0, 2)),
    )),
    Unit("CCP", 2, "Entretenir un parc de fontaines", (
        Competency(4, "Planifier les visites d'entretien", (
            "Le planning tient compte des saisons",
            "Chaque fontaine est visitée à la fréquence prévue",
        ), (3,)),
        Competency(5, "Dépanner une fontaine", (
            "La panne est identifiée",
            "La réparation est durable",
            "Le compte rendu d'intervention est complet",
            "Les usagers sont informés de la durée de la coupure",
        ), (0,)),
    )),
    Unit("CCP", 3, "Conseiller les communes sur leurs fontaines", (
        Competency(6, "Établir le diagnostic d'une fontaine ancienne", (
            "L'état des matériaux est décrit",
            "Les risques sanitaires sont hiérarchisés",
        ), (0, 3)),
    )),
    Unit("CCS", 4, "Restaurer des fontaines classées", (
        Competency(7, "Restaurer la pierre d'une fontaine classée", (
            "Les gestes respectent la pierre d'origine",
            "Le dossier de restauration est documenté",
        ), (0,)),
    )),
)  # fmt: skip
TRANSVERSAL = (
    (
        "Communiquer avec les usagers",
        ("Les usagers sont informés de la durée de la coupure",),
        (5, 6),
    ),
    ("Respecter l'eau et l'environnement", ("L'eau est analysée avant la mise en service",), (3,)),
)
SKILLS = (
    ("Lire un plan d'exécution", "Utiliser un niveau laser"),
    ("Organiser son poste de travail",),
    ("Rester courtois avec les riverains", "Rendre compte à sa hiérarchie"),
    ("Connaissance des matériaux", "Connaissance du cycle de l'eau"),
)
DESCRIPTION = "Dans le respect des consignes, réaliser le travail confié et en rendre compte."
CONTEXT = "La compétence s'exerce en extérieur, seul ou en équipe."
METHODS = (
    "Mise en situation professionnelle",
    "Entretien technique",
    "Questionnaire professionnel",
    "Questionnement à partir de production(s)",
)
STRIP_HEAD = (
    "SIGLE",
    "Type de document",
    "Code titre",
    "Millésime",
    "Date de Validation",
    "Date de mise à jour",
    "Page",
)
REFERENCES = (
    ("Intitulé du titre professionnel", NAME),
    ("Sigle du titre professionnel", "FEP"),
    ("Niveau", "5 (Cadre national des certifications 2019)"),
    ("Code(s) NSF", "230m - Bâtiment, 227s - Eau et énergie"),
    ("Code(s) ROME", "F1603, I1309, K2306"),
    ("Formacode", "22654, 12522"),
    ("Date de l'arrêté", "12/03/2024"),
    ("Date de parution au JO de l'arrêté", "20/03/2024"),
    ("Date d'effet de l'arrêté", "01/09/2024"),
)


def strip(kind: str, page: int) -> tuple[str, ...]:
    return ("FEP", kind, "TP-09123", "02", "12/03/2024", "15/03/2024", f"{page}/20")


EXAM_HEAD = ("Modalités", "Compétences évaluées", "Durée", "Détail de l'organisation de l'épreuve")


def _titles(*numbers: int) -> list[str]:
    return [c.title for unit in UNITS for c in unit.competencies if c.number in numbers]


def whole_exam() -> list[tuple[str, list[str], str, list[str]]]:
    return [
        ("Mise en situation professionnelle", _titles(1, 2, 3, 5, 6), "04 h 00 min", [
            "La mise en situation comporte deux parties.",
            "Première partie (durée : 1 h 30) : le candidat étudie le dossier d'un chantier et rédige un devis.",
            "Deuxième partie (durée : 2 h 30) : le candidat pose une fontaine. Il tire au sort le modèle.",
        ]),
        ("Entretien technique", _titles(2), "45 minutes", [
            "Le jury questionne le candidat sur sa réalisation."
        ]),
        ("Questionnaire professionnel", _titles(3), "1h15", [
            "Le candidat répond par écrit à des questions sur les normes."
        ]),
        ("Questionnement à partir de production(s)", _titles(4, 6), "00 h 30 min", [
            "Le candidat présente le plan d'entretien qu'il a réalisé en amont de la session."
        ]),
        ("Entretien final", [], "00 h 20 min", ["Le jury vérifie la compréhension du métier."]),
        ("Durée totale de l'épreuve pour le candidat :", [], "06 h 50 min", []),
    ]  # fmt: skip


def unit_exam(unit: Unit) -> list[tuple[str, list[str], str, list[str]]]:
    titles = [c.title for c in unit.competencies]
    if unit.number == 3:
        return [
            ("Présentation d'un projet réalisé en amont de la session", titles, "0 h 30 min", [
                "Le candidat présente son diagnostic au jury."
            ]),
            ("Entretien technique", ["Sans objet"], "00 h 00 min", ["Sans objet"]),
            ("Durée totale de l'épreuve pour le candidat :", [], "00 h 30 min", []),
        ]  # fmt: skip
    return [
        (
            "Mise en situation professionnelle",
            titles,
            "2h",
            ["Le candidat intervient sur une fontaine."],
        ),
        ("Entretien technique", titles[:1], "15 min", ["Le jury questionne le candidat."]),
        ("Questionnaire professionnel", ["Sans objet"], "00 h 00 min", ["Sans objet"]),
        ("Durée totale de l'épreuve pour le candidat :", [], "02 h 15 min", []),
    ]


WHOLE_NOTES = (
    "4. Conditions de présence et d'intervention du jury propre au titre FEP",
    "4.1. Durée totale de présence du jury pendant l'épreuve du candidat : 03 h 45 min",
    "4.2. Protocole d'intervention du jury :",
    "La présence du jury est requise pendant la deuxième partie de la mise en situation professionnelle.",
    "4.3. Conditions particulières de composition du jury :",
    "L'un des membres du jury est plombier.",
    "5. Conditions de surveillance et de confidentialité au cours de la session titre",
    "Un surveillant est présent pendant la première partie de la mise en situation professionnelle (1 h 30) "
    "et le questionnaire professionnel (1 h 15).",
)
