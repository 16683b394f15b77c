"""What a search knows of French before any desk teaches it more. Pure.

Not a dictionary of synonyms: each desk keeps its own. Here are the words that tell nothing of a
subject, the families that the stemmer tears apart, and the abbreviations of the trade.
"""

STOPWORDS = frozenset(
    [
        "a",
        "à",
        "ai",
        "as",
        "avez",
        "ont",
        "au",
        "aux",
        "avec",
        "c",
        "ça",
        "ce",
        "ceci",
        "cela",
        "ces",
        "cet",
        "cette",
        "ci",
        "combien",
        "comment",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "elles",
        "en",
        "es",
        "est",
        "et",
        "étaient",
        "était",
        "êtes",
        "être",
        "eux",
        "faire",
        "fait",
        "fais",
        "faut",
        "il",
        "ils",
        "j",
        "je",
        "l",
        "la",
        "là",
        "le",
        "les",
        "leur",
        "leurs",
        "lui",
        "m",
        "ma",
        "mais",
        "me",
        "mes",
        "moi",
        "mon",
        "n",
        "ne",
        "nos",
        "notre",
        "nous",
        "on",
        "ou",
        "où",
        "par",
        "pas",
        "peut",
        "peux",
        "peuvent",
        "pour",
        "pourquoi",
        "pouvez",
        "puis",
        "qu",
        "quand",
        "que",
        "quel",
        "quelle",
        "quelles",
        "quels",
        "qui",
        "quoi",
        "rien",
        "s",
        "sa",
        "sans",
        "se",
        "ses",
        "si",
        "son",
        "sont",
        "suis",
        "sur",
        "t",
        "ta",
        "te",
        "tes",
        "toi",
        "ton",
        "tu",
        "un",
        "une",
        "veut",
        "veux",
        "voudrais",
        "voulez",
        "vos",
        "votre",
        "vous",
        "y",
    ]
)
"""Left out of a question, never out of the index: an expression is found with all its words.

`words.version` tells by them too that the vocabulary of a desk is to be made again.
"""

FAMILIES: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
    absence absent
    achat acheter acheteur
    appel appeler rappel rappeler
    arrivée arriver arrivé
    attente attendre
    avance avancer
    bris brisé briser
    calcul calculer
    choix choisir
    connexion connecter
    conseil conseiller
    conservation conserver
    demande demander
    défaut défectueux défectuosité
    départ partir
    désabonnement désabonner désinscription désinscrire
    échéance échéancier
    envoi envoyer envoie envoyé
    erreur erroné
    essai essayer
    expédition expédier expéditeur
    inscription inscrire
    installation installer installateur
    litige litigieux
    livraison livrer livreur
    mensualité mensuel
    modification modifier
    offre offrir offert
    opposition opposer
    ouverture ouvrir ouvert
    paiement payer paie payé
    perte perdre perdu
    plainte plaindre
    prélèvement prélever
    preuve prouver
    promesse promettre promis
    protection protéger
    réception recevoir reçu
    promotion promo promotionnel
    remise réduction réduire réduit rabais ristourne
    réparation réparer réparateur
    réponse répondre
    résiliation résilier
    retard retarder tardif
    retour retourner
    retrait retirer
    suppression supprimer
    validité valide valable
    vente vendre vendeur
    vérification vérifier
    versement verser
    vol volé voler
    """.strip().splitlines()
)
"""Words of one family whose stems differ; any of them answers for the others, for less."""

ABBREVIATIONS: tuple[tuple[str, ...], ...] = (
    ("courriel", "e-mail", "mail", "mél", "courrier électronique"),
    ("cb", "carte bancaire", "carte bleue"),
    ("cgv", "conditions générales de vente"),
    ("ht", "hors taxes"),
    ("ttc", "toutes taxes comprises"),
    ("tva", "taxe sur la valeur ajoutée"),
    ("rdv", "rendez-vous"),
    ("rgpd", "données personnelles"),
    ("sav", "service après-vente"),
    ("tél", "téléphone"),
    ("bl", "bon de livraison"),
    ("pj", "pièce jointe"),
)
"""Said the short way or the long way."""
