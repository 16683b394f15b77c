"""What is no référentiel gets one clear sentence, and nothing is returned."""

import io

import pypdf
import pytest
import typst

from acquis.certification.frameworks.readers import NotAFramework, SourceDocument, read_documents
from tests.certification.frameworks.readers import invented_register as register
from tests.certification.frameworks.readers import writing

NOVEL = (
    """La pluie tombait sur le port depuis trois jours, et personne ne parlait plus du départ.
Marguerite avait posé sa valise près de la fenêtre. Elle regardait les grues, immobiles.
— Vous croyez qu'il viendra ? demanda le vieil homme.
Elle ne répondit pas tout de suite. Il y avait dans sa voix une fatigue ancienne.
— Il avait promis, dit-elle enfin. Les promesses, ici, valent ce que vaut le vent.
Le vieil homme hocha la tête et ralluma sa pipe. Dehors, un chien aboya deux fois.
On disait au village qu'il possédait de grandes compétences de marin, mais qu'il avait oublié la mer.
Chapitre deux
Au matin, la brume s'était levée. Les bateaux semblaient suspendus au-dessus de l'eau.
Marguerite descendit l'escalier, sa main glissant sur la rampe froide.
L'aubergiste avait préparé du pain, du beurre salé, un café trop fort.
— On a vu passer la goélette, dit-il sans se retourner.
Elle sentit son cœur se serrer. Trois ans, pensa-t-elle, trois ans à attendre une voile.
Les enfants couraient déjà vers la jetée en criant des noms que le vent emportait.
Il y eut une cloche, puis une autre, et tout le village se mit en marche.
"""
    * 2
)
LETTER = """Madame, Monsieur,

Je vous écris au sujet de ma commande n° 4512, reçue incomplète le 3 mars.
Malgré mes appels, aucune réponse ne m'a été donnée.
Je vous demande de m'adresser sous 15 jours :
- le vase manquant ;
- le remboursement des frais de port.

Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées.
Colette Aubrac
"""
RECIPE = """# Tarte aux poireaux

## Ingrédients
- 4 poireaux
- 3 œufs
- 20 cl de crème

## Préparation
1. Émincer les poireaux et les faire fondre 20 minutes.
2. Battre les œufs avec la crème.
3. Cuire 35 min à 180 °C.

## Critères d'une bonne tarte
- La pâte est dorée
- Les poireaux sont fondants
"""
RESUME = """# Sylvain Marchetti

## Compétences
- Gérer un portefeuille de clients
- Animer une équipe de six personnes
- Maîtriser l'anglais

## Expérience
| Année | Poste | Compétences |
|---|---|---|
| 2019 | Chef des ventes | Négocier, recruter |
| 2022 | Directeur | Piloter un budget |

## Activités
- Randonnée
- Théâtre
"""
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4


def _pdf(text: str) -> bytes:
    return bytes(typst.compile(text.encode()))


def _locked() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(_pdf(register.rncp_typst())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


CASES = {
    "empty": (b"", "vide"),
    "blank": (b" \n\t\n ", "vide"),
    "picture": (PNG, "image"),
    "word document": (b"PK\x03\x04" + bytes(400), "Word"),
    "noise": (bytes(range(1, 32)) * 40, "texte"),
    "punctuation": (b"--- ... ---", "aucun mot"),
    "novel": (NOVEL.encode(), "référentiel"),
    "letter": (LETTER.encode(), "référentiel"),
    "recipe": (RECIPE.encode(), "référentiel"),
    "résumé": (RESUME.encode(), "référentiel"),
    "web page": (
        b"<!DOCTYPE html><html><body><h1>Bonjour</h1><p>Bienvenue.</p></body></html>",
        "référentiel",
    ),
    "cut pdf": (_pdf(register.rncp_typst())[:9000], "incomplet"),
    "pdf without text": (_pdf("#rect(width: 10cm, height: 10cm, fill: red)"), "images"),
    "pdf with a password": (_locked(), "mot de passe"),
    "pdf of a novel": (_pdf(writing.escaped(NOVEL)), "référentiel"),
    "pdf in name only": (b"%PDF-1.7\nrien\n%%EOF\n", "incomplet"),
}


@pytest.mark.parametrize("name", CASES)
def test_refusal_is_one_clear_sentence(name: str) -> None:
    content, word = CASES[name]
    with pytest.raises(NotAFramework) as refusal:
        read_documents([SourceDocument("fichier.txt", content)])
    sentence = refusal.value.message_fr
    assert word in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_refusal_among_several_names_the_file() -> None:
    sources = [
        SourceDocument("bon.md", register.rncp_markdown_tabs().encode()),
        SourceDocument("roman.txt", NOVEL.encode()),
    ]
    with pytest.raises(NotAFramework, match=r"^roman\.txt : "):
        read_documents(sources)


def test_no_file_at_all_is_refused() -> None:
    with pytest.raises(NotAFramework):
        read_documents([])


@pytest.mark.parametrize(
    "content",
    [
        b"a\tb\n" * 20000,
        b"<b>" * 20000,
        b"<html><body>" + b"<table><tr><td>" * 1500,
        b"<html><table><tr><td colspan=9999 rowspan=9999>x</td></tr></table></html>",
        "Première partie (durée : ".encode() * 5000,
        b"[" * 50000,
        b"*a" * 50000,
    ],
)
def test_hostile_text_is_refused_and_nothing_breaks(content: bytes) -> None:
    with pytest.raises(NotAFramework):
        read_documents([SourceDocument("piège.txt", content)])


def _outcome(content: bytes) -> str:
    try:
        return str(len(read_documents([SourceDocument("part.md", content)])))
    except NotAFramework as refusal:
        return refusal.message_fr


def test_any_part_of_a_document_is_read_or_refused() -> None:
    whole = writing.as_markdown(writing.evaluation()).encode()
    cuts = range(0, len(whole), len(whole) // 25)
    outcomes = [_outcome(part) for cut in cuts for part in (whole[:cut], whole[cut:])]
    assert all(outcome == "1" or outcome.endswith(".") for outcome in outcomes)
