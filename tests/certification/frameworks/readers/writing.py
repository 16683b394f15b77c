"""Writes an invented title as Markdown, HTML or Typst, through one small description."""

import html
from dataclasses import dataclass, field

import typst

from tests.certification.frameworks.readers import invented_title as title

Cells = tuple[str | list[str], ...]


@dataclass
class Written:
    """Elements in order: ("h", text), ("p", text), ("li", text) or ("table", rows)."""

    elements: list[tuple[str, object]] = field(default_factory=list)

    def heading(self, text: str) -> None:
        self.elements.append(("h", text))

    def text(self, text: str) -> None:
        self.elements.append(("p", text))

    def items(self, texts: tuple[str, ...] | list[str]) -> None:
        self.elements.extend(("li", text) for text in texts)

    def gap(self) -> None:
        self.elements.append(("gap", ""))

    def table(self, rows: list[Cells]) -> None:
        self.elements.append(("table", rows))


def reac() -> Written:
    out = Written()
    out.heading("REFERENTIEL EMPLOI ACTIVITES COMPETENCES DU TITRE PROFESSIONNEL")
    out.heading(title.NAME)
    out.text("Niveau 5")
    _strip(out, "REAC", 1)
    out.heading("Vue synoptique de l'emploi-type")
    rows: list[Cells] = [
        ("N° Fiche AT", "Activités types", "N° Fiche CP", "Compétences professionnelles")
    ]
    for unit in title.UNITS:
        for place, one in enumerate(unit.competencies):
            head = (str(unit.number), unit.title) if place == 0 else ("", "")
            rows.append((*head, str(one.number), one.title))
    out.table(rows)
    for unit in title.UNITS:
        extension = " (activité d'extension)" if unit.kind == "CCS" else ""
        out.heading(f"FICHE ACTIVITÉ TYPE N° {unit.number}{extension}")
        out.heading(unit.title)
        out.heading("Définition, description de l'activité type et conditions d'exercice")
        out.text("Le fontainier exerce cette activité sur la voie publique, par tous les temps.")
        out.heading("Liste des compétences professionnelles de l'activité type")
        out.items([one.title for one in unit.competencies])
        out.heading("Compétences transversales de l'activité type")
        out.items([name for name, _, _ in title.TRANSVERSAL])
    _strip(out, "REAC", 7)
    for unit in title.UNITS:
        for one in unit.competencies:
            _fiche(out, one)
    out.heading("FICHE DES COMPÉTENCES TRANSVERSALES DE L'EMPLOI TYPE")
    for name, criteria, _ in title.TRANSVERSAL:
        out.heading(name)
        out.heading("Description de la compétence – processus de mise en œuvre")
        out.text("Agir avec attention et en rendre compte.")
        out.heading("Critères de performance")
        out.items(criteria)
    out.heading("Glossaire technique")
    out.text("Margelle : rebord de pierre d'un bassin")
    out.text("Mascaron : tête sculptée d'où l'eau jaillit")
    _strip(out, "REAC", 20)
    return out


def _fiche(out: Written, one: title.Competency) -> None:
    out.heading(f"FICHE COMPÉTENCE PROFESSIONNELLE N° {one.number}")
    out.heading(one.title)
    out.heading("Description de la compétence – processus de mise en œuvre")
    out.text(title.DESCRIPTION)
    out.heading("Contexte(s) professionnel(s) de mise en œuvre")
    out.text(title.CONTEXT)
    out.heading("Critères de performance")
    out.items(one.criteria)
    out.heading(
        "Savoir-faire techniques, savoir-faire organisationnels, savoir-faire relationnels, savoirs"
    )
    for group in title.SKILLS:
        out.items(group)
        out.gap()
    _strip(out, "REAC", 8 + one.number)


def _strip(out: Written, kind: str, page: int) -> None:
    out.table([title.STRIP_HEAD, title.strip(kind, page)])


def evaluation() -> Written:
    out = Written()
    out.heading("REFERENTIEL D'ÉVALUATION DU TITRE PROFESSIONNEL")
    out.text(title.NAME)
    out.text("Niveau 5")
    _strip(out, "RE", 1)
    out.heading("1. Références de la spécialité")
    for label, value in title.REFERENCES:
        out.text(f"{label} : {value}")
    out.heading("3 Dispositif d'évaluation pour la session du titre professionnel FEP")
    out.heading("3.1. Modalités d'évaluation des compétences et organisation de l'épreuve")
    out.table([title.EXAM_HEAD, *title.whole_exam()])
    out.heading("3.2. Critères d'évaluation des compétences professionnelles")
    out.table(_criteria())
    out.heading("3.3. Évaluation des compétences transversales")
    rows: list[Cells] = [("Compétences transversales", "Compétences professionnelles concernées")]
    for name, _, numbers in title.TRANSVERSAL:
        for place, one in enumerate(
            c for u in title.UNITS for c in u.competencies if c.number in numbers
        ):
            rows.append((name if place == 0 else "", one.title))
    out.table(rows)
    for note in title.WHOLE_NOTES:
        (out.heading if note[0].isdigit() else out.text)(note)
    _strip(out, "RE", 9)
    for unit in title.UNITS:
        out.heading(unit.kind)
        out.heading(unit.title)
        out.heading("Modalités d'évaluation des compétences et organisation de l'épreuve")
        out.table([title.EXAM_HEAD, *title.unit_exam(unit)])
        out.heading(
            f"Conditions de présence et d'intervention du jury propre au {unit.kind} {unit.title}"
        )
        out.text("Durée totale de présence du jury pendant l'épreuve du candidat : 00 h 30 min")
        _strip(out, "RE", 10 + unit.number)
    out.heading("ANNEXE 2")
    out.heading("CORRESPONDANCES DU TP")
    out.table(
        [
            ("Fontainier Arrêté du 02/02/2019", "", f"{title.NAME} Arrêté du 12/03/2024", ""),
            ("CCP", "Poser des fontaines", "CCP", title.UNITS[0].title),
        ]
    )
    return out


def _criteria() -> list[Cells]:
    rows: list[Cells] = [
        (
            "Compétences professionnelles",
            "Critères d'évaluation",
            title.METHODS[0],
            "Autres modalités d'évaluation",
            "",
            "",
        ),
        ("", "", "", *title.METHODS[1:]),
    ]
    for unit in title.UNITS:
        rows.append((unit.title, "", "", "", "", ""))
        for one in unit.competencies:
            boxes = [title.CHECKED if n in one.methods else title.EMPTY for n in range(4)]
            rows.append((one.title, list(one.criteria), *boxes))
    return rows


def as_markdown(written: Written, *, box: dict[str, str] | None = None, bullets: str = "") -> str:
    """Write Markdown whose tables are tab-separated lines, several values of a cell in a row."""
    lines: list[str] = []
    before = ""
    for kind, value in written.elements:
        if kind == "table":
            lines += ["", *(_row(cells, box or {}) for cells in value), ""]  # type: ignore[attr-defined]
        elif kind == "li":
            lines += [*([""] if before not in {"li", "h"} else []), f"{bullets}{value}"]
        else:
            lines += ["", f"## {value}" if kind == "h" else str(value), ""] if value else [""]
        before = kind
    return "\n".join(lines)


def _row(cells: Cells, box: dict[str, str]) -> str:
    texts = [" ".join(cell) if isinstance(cell, list) else cell for cell in cells]
    return "\t".join(box.get(text, text) for text in texts)


def as_html(written: Written) -> str:
    parts = ["<!DOCTYPE html><html lang='fr'><head><title>Document</title></head><body>"]
    for kind, value in written.elements:
        if kind == "table":
            parts.append(_html_table(value))  # type: ignore[arg-type]
        elif kind == "li" and parts[-1].endswith("</li></ul>"):
            parts[-1] = parts[-1].removesuffix("</ul>") + f"<li>{html.escape(str(value))}</li></ul>"
        elif kind == "li":
            parts.append(f"<ul><li>{html.escape(str(value))}</li></ul>")
        elif kind == "gap":
            parts.append("<!-- next list -->")
        else:
            tag = {"h": "h2", "p": "p"}[kind]
            parts.append(f"<{tag}>{html.escape(str(value))}</{tag}>")
    return "\n".join([*parts, "</body></html>"])


def _html_table(rows: list[Cells]) -> str:
    out = []
    for cells in rows:
        made = []
        for cell in cells:
            if isinstance(cell, list):
                made.append("<td>" + "".join(f"<p>{html.escape(t)}</p>" for t in cell) + "</td>")
            elif cell in {title.CHECKED, title.EMPTY}:
                mark = " checked" if cell == title.CHECKED else ""
                made.append(f'<td><input type="checkbox"{mark} disabled></td>')
            else:
                made.append(f"<td>{html.escape(cell)}</td>")
        out.append(f"<tr>{''.join(made)}</tr>")
    return f"<table>{''.join(out)}</table>"


PAGE = """#set page(paper: "a4", flipped: true, margin: 1.5cm)
#set text(font: ("DejaVu Sans", "Libertinus Serif"), size: 9pt, hyphenate: false)
#set par(leading: 0.5em)
"""


DRAWN = {
    title.CHECKED: "#box(width: 8pt, height: 8pt, stroke: 0.5pt, fill: blue)",
    title.EMPTY: "#box(width: 8pt, height: 8pt, stroke: 0.5pt, fill: white)",
}


def as_pdf(written: Written, *, page: str = "", boxes: dict[str, str] | None = None) -> bytes:
    parts = [PAGE + page]
    for kind, value in written.elements:
        if kind == "table":
            parts.append(_typst_table(value, boxes or {}))  # type: ignore[arg-type]
        elif kind == "h":
            parts.append(
                f'#block(above: 1.2em, below: 0.8em)[#text(weight: "bold")[{escaped(str(value))}]]'
            )
        elif kind == "li":
            parts.append(f"#block(spacing: 0.5em)[{escaped(str(value))}]")
        elif kind == "gap":
            parts.append("#v(1em)")
        else:
            parts.append(f"#block(spacing: 1em)[{escaped(str(value))}]")
    return bytes(typst.compile("\n".join(parts).encode()))


def _typst_table(rows: list[Cells], boxes: dict[str, str]) -> str:
    width = max(len(row) for row in rows)
    cells = []
    for row in rows:
        for cell in [*row, *[""] * (width - len(row))]:
            texts = cell if isinstance(cell, list) else [cell]
            cells.append("[" + " \\ ".join(boxes.get(t) or escaped(t) for t in texts) + "]")
    return f"#table(columns: (2fr, 3fr, {'1.3fr, ' * (width - 2)}), inset: 3pt, {', '.join(cells)})"


def escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "#$*_`@<>[]~\\" else c for c in text)
