"""Invented certifications in the layouts of the national registers.

« Responsable de ludothèque » (RNCP) and « Animer une visite de musée à distance » (RS) exist
nowhere. Each function gives one way the same kind of document is met.
"""

# ruff: noqa: FLY002, ISC004 - documents are written line by line, long lines on two

HEAD = (
    "REFERENTIEL D'ACTIVITES <i>décrit les situations de travail et les activités exercées</i>",
    "REFERENTIEL DE COMPETENCES <i>identifie les compétences et les connaissances</i>",
    "REFERENTIEL D'EVALUATION <i>définit les critères et les modalités d'évaluation des acquis</i>",
    "",
)
SUBHEAD = ("", "", "MODALITÉS D'ÉVALUATION", "CRITÈRES D'ÉVALUATION")
ROWS = (
    (
        [
            "RNCP99123BC01 - Organiser une ludothèque",
            "Accueil du public",
            "Gestion du fonds de jeux",
        ],
        [
            "C1.1 Choisir les jeux du fonds en tenant compte des âges et des budgets, afin d'offrir un choix équilibré.",
            "C1.2 Aménager l'espace de jeu en respectant les règles de sécurité.",
            "C1.3 Accueillir les familles en expliquant le règlement.",
        ],
        [
            "Mise en situation professionnelle reconstituée : le candidat aménage un espace de jeu.",
            "Durée : 1 h 30",
            "Production écrite individuelle : un plan de la ludothèque.",
        ],
        [
            "C1.1 : Le choix des jeux est argumenté.",
            "C1.1 : Le budget est respecté.",
            "C1.2 : Les circulations sont dégagées.",
            "C1.3 : Le règlement est expliqué clairement.",
        ],
    ),
    (
        ["RNCP99123BC02 - Animer une communauté de joueurs", "Animation de soirées"],
        [
            "C2.1 Concevoir un programme de soirées en s'appuyant sur les attentes des adhérents.",
            "C2.2 Animer une partie en adaptant les règles aux participants en situation de handicap.",
        ],
        [
            "Étude de cas écrite.",
            "Soutenance orale devant un jury de deux professionnels (30 minutes).",
        ],
        ["C2.1 : Le programme est varié.", "C2.2 : Les règles sont adaptées à chaque participant."],
    ),
)


def rncp_markdown_tabs() -> str:
    """A table in tab-separated lines whose cells are HTML, a heading repeated at each page."""
    lines = [
        "## Référentiel RNCP99123 - Responsable de ludothèque",
        "",
        "\t".join(HEAD),
        "\t".join(SUBHEAD),
    ]
    for row in ROWS:
        lines += [
            "\t".join("".join(f"<p>{text}</p>" for text in cell) for cell in row),
            "",
            "## ANNEXE",
            "",
        ]
    return "\n".join(lines)


def rncp_markdown_bars() -> str:
    """The same between bars, with line breaks inside cells."""
    lines = ["# Référentiel RNCP99123 - Responsable de ludothèque", ""]
    lines += [_bars(HEAD), "|---|---|---|---|", _bars(SUBHEAD)]
    lines += [_bars(tuple("<br>".join(cell) for cell in row)) for row in ROWS]
    return "\n".join(lines)


def _bars(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def rncp_html(*, merged: bool = False) -> str:
    """The same as a page; `merged`: a row a competency, the other cells merged over them."""
    rows = [
        f"<tr><th>{HEAD[0]}</th><th>{HEAD[1]}</th><th colspan='2'>{HEAD[2]}</th></tr>",
        f"<tr><th></th><th></th><th>{SUBHEAD[2]}</th><th>{SUBHEAD[3]}</th></tr>",
    ]
    for activities, competencies, modalities, criteria in ROWS:
        if not merged:
            rows.append(
                "<tr>"
                + "".join(_td(c) for c in (activities, competencies, modalities, criteria))
                + "</tr>"
            )
            continue
        span = len(competencies)
        for place, competency in enumerate(competencies):
            code = competency.split()[0]
            own = [c.partition(" : ")[2] for c in criteria if c.startswith(code)]
            first = _td(activities, span) if place == 0 else ""
            modality = _td(modalities, span) if place == 0 else ""
            rows.append(f"<tr>{first}{_td([competency])}{modality}{_td(own)}</tr>")
    return (
        "<html><head><style>td{border:1px}</style></head><body><nav><a href='/'>Accueil</a></nav>"
        "<h1>Référentiel RNCP99123 - Responsable de ludothèque</h1>"
        f"<table><tbody>{''.join(rows)}</tbody></table></body></html>"
    )


def _td(texts: list[str], span: int = 1) -> str:
    merged = f" rowspan='{span}'" if span > 1 else ""
    return f"<td{merged}>" + "".join(f"<p>{text}</p>" for text in texts) + "</td>"


def rncp_typst() -> str:
    """The same as a page to be typeset: a ruled table that goes on over pages."""
    cells = [f"[*{text.split('<')[0].strip()}*]" for text in (*HEAD, *SUBHEAD)]
    for row in ROWS:
        cells += ["[" + "\n\n".join(text.replace("@", "") for text in cell) + "]" for cell in row]
    return (
        "#set page(width: 29.7cm, height: 12cm, margin: 1.5cm)\n"
        '#set text(font: "Libertinus Serif", size: 10pt, hyphenate: false)\n'
        "= Référentiel RNCP99123 - Responsable de ludothèque\n"
        f"#table(columns: (1fr, 1.4fr, 1.2fr, 1.2fr), {', '.join(cells)})"
    )


def register_sheet() -> str:
    """A sheet of the national register: a block a row, no criteria."""
    return "\n".join(
        [
            "# RNCP99123 - Responsable de ludothèque",
            "",
            "Nomenclature du niveau de qualification : Niveau 6",
            "Code(s) NSF : 335 : Animation sportive, culturelle et de loisirs",
            "Formacode(s) : 44067 : animation socioculturelle",
            "",
            "| N° et intitulé du bloc | Liste de compétences | Modalités d'évaluation |",
            "|---|---|---|",
            "| RNCP99123BC01<br>Organiser une ludothèque | - Choisir les jeux du fonds<br>- Aménager l'espace de jeu"
            "<br>- Accueillir les familles | Mise en situation professionnelle reconstituée |",
            "| RNCP99123BC02<br>Animer une communauté de joueurs | - Concevoir un programme de soirées"
            "<br>- Animer une partie | Étude de cas et soutenance orale |",
        ]
    )


def rs_table() -> str:
    """Two activities as banner rows; themes in bold; lists in cells; a page breaks a criterion."""
    return "\n".join(
        [
            "## Référentiel de compétences et d'évaluation RS6789 Animer une visite de musée à distance",
            "",
            "REFERENTIEL DE COMPETENCES\tREFERENTIEL D'EVALUATION\t",
            "\tMODALITES\tCRITERES",
            "<b>Activité 1 : Préparation d'une visite à distance</b>\t\t",
            "<ul><li>Choisir les œuvres en fonction du public, afin de bâtir un parcours.</li>"
            "<li>Écrire un conducteur minuté.</li></ul>\t"
            "<p>Le candidat remet la production suivante :</p><p><b>Un conducteur de visite</b></p><p>Comprenant :</p>"
            "<ul><li>Le parcours</li><li>Le minutage</li></ul><p><b>Modalités :</b> Production écrite individuelle</p>\t"
            "<p><b>Qualité du parcours</b></p><ul><li>Le parcours a un fil conducteur</li>"
            "<li>Le nombre d'œuvres, au regard de la</li></ul>",
            "",
            "<ul><li>Vérifier le matériel de prise de vue.</li></ul>\t\t<p>durée prévue, est raisonnable</p>",
            "",
            "## Activité 2 : Conduite d'une visite à distance",
            "",
            "<ul><li>Animer la visite en sollicitant les participants.</li><li>Répondre aux questions.</li></ul>\t"
            "<p><b>Modalités :</b> Mise en situation professionnelle et soutenance orale</p>\t"
            "<p><b>Qualité de l'animation :</b></p><ul><li>Chaque participant est sollicité</li>"
            "<li>Les réponses sont exactes</li></ul>",
        ]
    )


def private_certificate() -> str:
    """Associated and evaluated competencies side by side, then an exam regulation in prose."""
    return "\n".join(
        [
            "# Référentiel du certificat professionnel : « Tenir un vestiaire de théâtre »",
            "",
            "| RÉFÉRENTIEL D'ACTIVITÉS | | RÉFÉRENTIEL D'ÉVALUATION | | |",
            "|---|---|---|---|---|",
            "| ACTIVITÉS | COMPÉTENCES ASSOCIÉES | COMPÉTENCES ÉVALUÉES | MODALITÉS | CRITÈRES |",
            "| - Recevoir les manteaux<br>- Rendre les manteaux | - Compter<br>- Sourire au public | "
            "- Attribuer un jeton à chaque dépôt sans erreur.<br>- Ranger les dépôts par ordre. | "
            "- Mise en situation professionnelle (20 minutes). | - Le jeton remis est le bon.<br>- L'ordre est respecté.<br>"
            "- Le dépôt est protégé. |",
            "| | | - Traiter une réclamation avec calme. | - Entretien technique (10 min). | "
            "- La réclamation est notée.<br>- Une réponse est donnée. |",
            "",
            "Le jury est composé de :",
            "- Deux représentants de la profession.",
            "- Un représentant de l'école.",
            "",
            "Les membres du jury justifient d'une expérience de 5 ans et n'ont pas quitté le métier depuis plus de "
            "trois ans. Une réunion d'information de 3 heures est organisée pour le jury.",
            "",
            "Chaque candidat reçoit une convocation 15 jours avant l'épreuve.",
            "La notation est faite en acquis ou non acquis. Le certificat est délivré au candidat qui obtient au moins "
            "75 % des critères.",
            "Les résultats sont communiqués sous 2 semaines.",
            "En cas d'échec, le candidat dispose de 6 mois pour se présenter à une nouvelle session. Après un troisième "
            "échec, il n'est plus admis.",
        ]
    )


def outline() -> str:
    """Blocks, competencies and criteria as headings and lists, without any table."""
    return "\n".join(
        [
            "# Référentiel RNCP99124 : Régisseur de marionnettes",
            "",
            "## BLOC 1 : Préparer un castelet",
            "### Compétences",
            "- C1. Monter un castelet",
            "- C2. Vérifier les fils",
            "### Modalités d'évaluation",
            "Mise en situation professionnelle de 45 minutes",
            "### Critères d'évaluation",
            "- Le castelet est stable",
            "- Les fils sont solides",
            "",
            "## BLOC 2 : Manipuler en public",
            "### Compétences",
            "- C3. Manipuler deux marionnettes",
            "- C4. Improviser avec la salle",
            "### Modalités d'évaluation",
            "Soutenance orale",
            "### Critères d'évaluation",
            "- Les gestes sont précis",
        ]
    )


def coded_table() -> str:
    """Codes of every kind, block titles on a row of their own, items in a row in one cell."""
    head = "Référentiel d'activités\tRéférentiel de compétences\tModalités d'évaluation\tCritères d'évaluation"
    return "\n".join(
        [
            "# Référentiel de certification – Manager de jardins partagés (RNCP37980)",
            "",
            head,
            "BLOC DE COMPÉTENCES N°1\t\t\t",
            "Concevoir un jardin partagé\t\t\t",
            "A1. Analyser le contexte T1.1 Étude du sol T1.2 Étude du voisinage\t"
            "C1. Analyser un sol en utilisant des prélèvements afin de choisir les cultures\t"
            "E1 : Mise en situation professionnelle - Durée : 2h - Individuel\t"
            "Cr1.1 Les prélèvements sont représentatifs Cr1.2 Le choix des cultures est argumenté",
            "\tC2. Recenser les attentes des habitants en menant une enquête\tE2 : Étude de cas - Rapport écrit\t"
            "1. L'enquête est représentative 2. Les attentes sont hiérarchisées",
            "BLOC DE COMPÉTENCES N°2 (optionnel) : Animer un collectif\t\t\t",
            "A2. Animer\tC3. Conduire une réunion - C4. Gérer un conflit\t"
            "E3 : Jeu de rôle de 20 minutes devant un jury composé d'au moins 3 professionnels dont 2 externes\t"
            "- La réunion est menée à son terme - Le conflit est apaisé - La parole circule",
        ]
    )


def table_below_each_heading() -> str:
    """A heading a block, its own table below, choices ticked, ticks and arrows for list marks."""
    head = (
        "| Compétences visées | Modalités d'évaluation | Critères d'évaluation |\n|:---|:---|:---|"
    )
    return "\n".join(
        [
            "**RÉFÉRENTIEL RS 5987 : Tailler des arbres fruitiers**",
            "",
            "### Bloc 1 : Observer l'arbre",
            "",
            head,
            "| C1.1 - Reconnaître les bourgeons | ☒ Étude de cas<br>☐ Questionnaire | ✓ Les bourgeons à fruit sont "
            "distingués<br>✓ Le vocabulaire est exact |",
            "| C1.2 - Dater les rameaux | ☒ Étude de cas | ✓ L'âge est exact |",
            "",
            "### Bloc 2 : Tailler",
            "",
            head,
            "| C2.1 - Choisir son outil | Mise en situation professionnelle : 1h15 | ➢ L'outil est adapté <br> "
            "➢ L'outil est affûté |",
        ]
    )


def column_of_blocks() -> str:
    """Five columns, the first of blocks; several sentences in a cell."""
    return "\n".join(
        [
            "REFERENTIEL RNCP38111",
            "Intitulé de la certification : Chef de cuisine de collectivité",
            "Niveau 5",
            "",
            "| Blocs de compétences | Activités et tâches | Compétences | Modalités d'évaluation | Critères d'évaluation |",
            "|---|---|---|---|---|",
            "| BC1 – Élaborer des menus | Composer des menus équilibrés | C1 Composer un menu de saison | Cas pratique "
            "écrit de 3 heures | Le menu est équilibré. Le coût est tenu. |",
            "| | Chiffrer les menus | C2 Calculer un coût matière | Cas pratique écrit de 3 heures | Le calcul est exact. |",
            "| BC2 – Encadrer une brigade | Répartir le travail | C3 Répartir les postes | Soutenance orale de 30 minutes "
            "devant un jury | La répartition est équitable. |",
        ]
    )


def sheet_of_the_specific_register() -> str:
    """A sheet of the specific register in plain text: competencies and modalities as lists."""
    return "\n".join(
        [
            "RS6543 - Conduire une barque à fond plat",
            "",
            "Compétences attestées :",
            "",
            "- Vérifier l'état de la barque",
            "- Naviguer en eau calme",
            "- Accoster sans choc",
            "",
            "Modalités d'évaluation :",
            "",
            "Mise en situation professionnelle de 45 minutes suivie d'un entretien technique de 15 minutes",
        ]
    )
