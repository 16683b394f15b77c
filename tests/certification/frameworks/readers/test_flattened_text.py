"""Texts whose columns an OCR or a copy flattened: paragraphs of several columns in turn."""

from tests.certification.frameworks.readers.conftest import Read

DAMAGED = """REFERENTIEL DE COMPETENCES

Bloc de compétences n° 1 : Conduite d’une roulotte

1.1- Préparation du départ

Al Le choix de l’itinéraire
et la vérification de I'attelage

A2 Le chargement de la roulotte

En tenant compte de la météo, préparer le départ
dans le respect des animaux.

C.1 Choisir l’itinéraire, en consultant les
cartes, afin d’éviter les pentes.

C.2 Charger la roulotte, en répartissant le poids
a l’avant et a I'arriere, afin de ménager le cheval.

Toutes les compétences
du bloc sont évaluées sur la base de la
production suivante :

La préparation d’un départ, restituée
par :

- un carnet de route,
la liste du chargement.

Travail individuel
Production écrite

En relation avec la compétence
C1 :

e Pertinence de l’itinéraire :

- les pentes sont évitées,
- les haltes sont prévues
tous les dix kilometres.

En relation avec les compétences
C1&C2 :

e Qualité de la mise en ceuvre :

le poids est réparti,
l’attelage est vérifié avec méthode.
! halte : lieu où l'on s'arrête
 Compétence transversale :

Respecter l’animal en toute circonstance.

En relation avec la compétence
transversale :

- Le cheval est abreuvé a chaque halte et son repos est respecté.

Bloc de compétences n° 2 : Spectacle

A3 Le montage de la scéne

C.3.1 Monter la scéne, en suivant le plan, afin de
garantir la sécurité du public.

C.3.2 Régler les lumières.

En relation avec les compétences
C.31aC3.2 :

e Conformité du montage :

- le plan est respecté.
"""

LOOSE = """Référentiel RNCP99125 Berger des estives

BLOC 1 - Conduire un troupeau

C1.1 Compter les bêtes chaque soir
en utilisant un registre

C1.2 Soigner une boiterie

- Le compte est exact
- Les soins sont adaptés à
la bête

BLOC 2 - Fabriquer un fromage

C2.1 Cailler le lait

- La température est contrôlée
"""


def test_damaged_columns_are_put_in_order(read: Read) -> None:
    framework = read(DAMAGED)
    assert framework["source"]["layout"] == "ocr-blocks"
    first, second = framework["blocks"]
    assert [a["code"] for a in first["activities"]] == ["A1", "A2"]
    assert (
        first["activities"][0]["title"]
        == "Le choix de l'itinéraire et la vérification de l'attelage"
    )
    assert [c["code"] for c in second["competencies"]] == ["C.3.1", "C.3.2"]
    assert [c["activity"] for c in second["competencies"]] == ["A3", "A3"]
    assert first["competencies"][1]["statement"] == (
        "Charger la roulotte, en répartissant le poids à l'avant et à l'arrière, afin de ménager le cheval."
    )


def test_damaged_criteria_find_their_competencies(read: Read) -> None:
    first, second = read(DAMAGED)["blocks"]
    assert [(c["theme"], c["text"], c["competencies"]) for c in first["criteria"]] == [
        ("Pertinence de l'itinéraire", "les pentes sont évitées", ["C.1"]),
        ("Pertinence de l'itinéraire", "les haltes sont prévues tous les dix kilomètres", ["C.1"]),
        ("Qualité de la mise en œuvre", "le poids est réparti", ["C.1", "C.2"]),
        ("Qualité de la mise en œuvre", "l'attelage est vérifié avec méthode", ["C.1", "C.2"]),
    ]
    assert second["criteria"][0]["competencies"] == ["C.3.1", "C.3.2"]


def test_transversal_competency_is_read_once(read: Read) -> None:
    one, *others = read(DAMAGED)["transversal_competencies"]
    assert others == []
    assert one["title"] == "Respecter l'animal en toute circonstance."
    assert one["criteria"] == ["Le cheval est abreuvé à chaque halte et son repos est respecté"]


def test_production_lists_its_parts(read: Read) -> None:
    exam = read(DAMAGED)["assessments"][0]
    written = next(p for p in exam["phases"] if p["method"] == "written_production")
    assert written["deliverables"] == ["Un carnet de route", "La liste du chargement"]
    assert written["individual"] is True


def test_loose_criteria_belong_to_their_block(read: Read) -> None:
    framework = read(LOOSE)
    assert framework["title"] == "Berger des estives"
    assert [[c["code"] for c in b["competencies"]] for b in framework["blocks"]] == [
        ["C1.1", "C1.2"],
        ["C2.1"],
    ]
    assert framework["blocks"][0]["competencies"][0]["statement"].endswith(
        "en utilisant un registre"
    )
    assert [[c["text"] for c in b["criteria"]] for b in framework["blocks"]] == [
        ["Le compte est exact", "Les soins sont adaptés à la bête"],
        ["La température est contrôlée"],
    ]
