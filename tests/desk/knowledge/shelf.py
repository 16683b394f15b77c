"""A shop's shelf of articles, invented, and what is asked of it with the article that answers.

The questions are in the words of customers and of advisers in a hurry: without accents, in the
plural, misspelt, with the word of somebody else. `SYNONYMS` is what the shop's keeper taught it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

TODAY = date(2026, 3, 2)
LAST_YEAR = TODAY - timedelta(days=420)


@dataclass(frozen=True)
class Shelved:
    slug: str
    title: str
    keywords: tuple[str, ...]
    body: str
    kind: str = "procedure"
    valid_from: date = TODAY - timedelta(days=90)
    valid_until: date | None = None


SYNONYMS = (
    ("colis", "paquet"),
    ("robinetterie", "mitigeur", "robinet"),
    ("avoir", "note de crédit"),
    ("fractionné", "plusieurs fois", "3 fois", "quatre fois"),
    ("point relais", "relais colis", "point de retrait"),
    ("chèque cadeau", "carte cadeau", "bon d'achat"),
    ("geste commercial", "dédommagement", "compensation"),
)

SHELF = (
    Shelved(
        "retractation",
        "Rétractation : quatorze jours pour changer d'avis",
        ("rétractation", "changer d'avis", "14 jours"),
        "Le client a quatorze jours après la réception de son colis pour renoncer à son achat, sans"
        " motif. Il nous envoie le formulaire ou un message sans équivoque. Les frais de retour sont"
        " à sa charge, sauf article défectueux. Le produit revient complet, dans un état neuf."
        " Exceptions : produits coupés sur mesure, produits d'hygiène descellés.",
        "terms",
    ),
    Shelved(
        "retour-produit",
        "Retourner un produit : étiquette et dépôt",
        ("retour", "renvoyer", "étiquette"),
        "Créez le numéro de retour dans la fiche de la commande, puis envoyez l'étiquette prépayée."
        " Le client dépose le colis dans un point relais sous sept jours. Sans numéro de retour,"
        " l'entrepôt ne peut pas rattacher le produit. Le remboursement suit la réception.",
    ),
    Shelved(
        "echange",
        "Échange d'un article",
        ("échange", "taille", "autre modèle"),
        "L'échange contre une autre taille ou un autre coloris est gratuit une fois. Vérifiez le"
        " stock avant de le promettre. La différence de prix est facturée ou remboursée. Si"
        " l'article voulu manque, proposez un avoir ou un remboursement.",
    ),
    Shelved(
        "remboursement",
        "Délais de remboursement",
        ("remboursement", "rembourser", "délai"),
        "Le remboursement part dans les quatorze jours de la rétractation, sur le moyen de paiement"
        " d'origine. Comptez trois à cinq jours ouvrés de plus pour la banque. Une carte expirée"
        " est remboursée par virement, RIB à l'appui. Les frais de livraison standard sont rendus.",
    ),
    Shelved(
        "colis-perdu",
        "Colis perdu : enquête chez le transporteur",
        ("perdu", "enquête", "non reçu"),
        "Un colis sans mouvement depuis cinq jours ouvrés fait l'objet d'une enquête. Ouvrez-la chez"
        " le transporteur avec le bon de livraison et une attestation de non-réception du client."
        " Réponse sous huit jours. Au terme, réexpédition ou remboursement au choix du client.",
    ),
    Shelved(
        "colis-abime",
        "Colis abîmé ou produit cassé à la livraison",
        ("cassé", "abîmé", "endommagé", "réserves"),
        "Demandez des photographies du carton et du produit. Le client émet des réserves auprès du"
        " livreur, ou sous trois jours par lettre recommandée. Un produit endommagé est remplacé"
        " sans attendre la réponse du transporteur si le stock le permet.",
    ),
    Shelved(
        "retard-livraison",
        "Retard de livraison",
        ("retard", "date dépassée", "suivi"),
        "Vérifiez le suivi du transporteur et la date promise. Prévenez le client d'une nouvelle"
        " date. Au-delà de sept jours, un geste commercial est possible. Le client peut résoudre la"
        " vente après une mise en demeure restée sans effet.",
    ),
    Shelved(
        "frais-livraison",
        "Frais et délais de livraison",
        ("frais de port", "livraison gratuite", "délais"),
        "Livraison standard en trois à cinq jours ouvrés : 5,90 €, offerte dès 60 € d'achat."
        " Livraison express en 24 heures : 12,90 €. Les meubles volumineux sont livrés sur"
        " rendez-vous par un transporteur, 49 €. Corse et outre-mer : sur devis.",
        "price_list",
    ),
    Shelved(
        "point-relais",
        "Livraison en point relais",
        ("point relais", "consigne"),
        "Le colis attend dix jours dans le point relais. Le client présente une pièce d'identité et"
        " le code reçu par SMS. Passé ce délai, il revient à l'entrepôt et la commande est"
        " remboursée, frais déduits. Poids limité à vingt kilos.",
    ),
    Shelved(
        "adresse",
        "Modifier l'adresse de livraison",
        ("adresse", "déménagement"),
        "L'adresse se modifie tant que la commande n'est pas préparée. Ensuite, demandez au"
        " transporteur une redirection depuis son portail. Un changement de pays annule la commande.",
    ),
    Shelved(
        "annulation",
        "Annuler une commande",
        ("annulation", "annuler"),
        "Une commande non préparée s'annule depuis sa fiche ; la carte n'est pas débitée. Une"
        " commande expédiée ne s'annule plus : le client refuse le colis ou se rétracte à la"
        " réception. Les produits sur mesure ne s'annulent pas.",
    ),
    Shelved(
        "suivi-commande",
        "Suivre une commande",
        ("suivi", "où est ma commande", "numéro de suivi"),
        "Le numéro de suivi part par courriel à l'expédition. Dans l'espace client, rubrique Mes"
        " commandes, chaque étape est datée : préparée, expédiée, en cours de livraison, livrée.",
        "faq",
    ),
    Shelved(
        "moyens-paiement",
        "Moyens de paiement acceptés",
        ("paiement", "carte bancaire", "virement"),
        "Carte bancaire, virement, portefeuille électronique, mandat administratif pour les"
        " collectivités. Les chèques ne sont plus acceptés. Une carte refusée l'est par la banque :"
        " invitez le client à vérifier son plafond.",
        "faq",
    ),
    Shelved(
        "paiement-fractionne",
        "Paiement en plusieurs fois",
        ("fractionné", "échéances", "crédit"),
        "De 100 € à 3 000 €, en trois ou quatre échéances, sans frais. L'accord vient de"
        " l'organisme de crédit, jamais du magasin. Une échéance impayée se règle avec lui.",
    ),
    Shelved(
        "double-prelevement",
        "Double débit ou prélèvement inconnu",
        ("double débit", "prélèvement", "débité deux fois"),
        "Distinguez l'autorisation, qui disparaît sous sept jours, du débit réel. Si deux débits"
        " sont confirmés par la comptabilité, remboursez le second le jour même. Un prélèvement"
        " inconnu : demandez l'empreinte à quatre chiffres, jamais le numéro de la carte.",
    ),
    Shelved(
        "facture",
        "Obtenir ou corriger une facture",
        ("facture", "duplicata", "TVA"),
        "La facture se télécharge dans l'espace client. Une facture émise ne se modifie pas : on"
        " établit un avoir puis une nouvelle facture. Pour une société, ajoutez le numéro de TVA"
        " avant la commande.",
    ),
    Shelved(
        "avoir",
        "Établir un avoir",
        ("avoir", "crédit"),
        "Un avoir annule tout ou partie d'une facture. Il porte un numéro de sa propre série et cite"
        " la facture. Validité d'un an pour un avoir à valoir sur un prochain achat.",
    ),
    Shelved(
        "cheque-cadeau",
        "Cartes et chèques cadeaux",
        ("chèque cadeau", "carte cadeau", "solde"),
        "Valables deux ans, utilisables en plusieurs achats, jamais rendus en espèces. Le solde se lit"
        " sur le ticket ou dans l'espace client. Une carte perdue est bloquée puis remplacée.",
        "faq",
    ),
    Shelved(
        "code-promo",
        "Codes promotionnels : conditions",
        ("code promo", "promotion", "réduction"),
        "Un seul code par commande, non cumulable avec les soldes. Un code oublié se rattrape dans les"
        " 48 heures par un remboursement partiel. Les codes nominatifs ne se cèdent pas.",
        "terms",
    ),
    Shelved(
        "fidelite",
        "Programme de fidélité",
        ("fidélité", "points", "avantages"),
        "Un point par euro, un bon de 10 € à 200 points. Les points expirent après douze mois sans"
        " achat. Les achats en magasin comptent sur présentation de la carte.",
        "presentation",
    ),
    Shelved(
        "garantie-legale",
        "Garantie légale de conformité",
        ("garantie", "deux ans", "défaut"),
        "Deux ans à compter de la délivrance. Le défaut est présumé exister à ce moment. Le client"
        " choisit entre réparation et remplacement, sauf coût disproportionné ; la réparation prolonge"
        " la garantie de six mois. Pièces détachées disponibles cinq ans.",
        "terms",
    ),
    Shelved(
        "extension-garantie",
        "Extension de garantie payante",
        ("extension", "assurance"),
        "Trois ans de plus sur l'électroménager, à souscrire dans les trente jours de l'achat. Elle"
        " couvre la panne, non la casse. Résiliation à tout moment, remboursement au prorata.",
        "price_list",
    ),
    Shelved(
        "sav",
        "Service après-vente : réparer un appareil",
        ("SAV", "panne", "réparation", "technicien"),
        "Faites le premier diagnostic avec le client : alimentation, voyants, notice. Un appareil de"
        " plus de trente kilos est réparé à domicile, sur rendez-vous. Les autres reviennent à"
        " l'atelier. Délai moyen : douze jours.",
    ),
    Shelved(
        "pieces-detachees",
        "Commander des pièces détachées",
        ("pièce détachée", "visserie", "joint"),
        "Relevez la référence gravée sous l'appareil. Les pièces manquantes à l'ouverture du carton sont"
        " envoyées gratuitement. Les autres sont vendues pendant cinq ans.",
    ),
    Shelved(
        "mitigeurs",
        "Robinetterie : choisir et installer",
        ("robinetterie", "douche", "lavabo"),
        "Entraxe de 150 mm pour une douche murale. Vérifiez la pression avant de conseiller un modèle"
        " économique. L'installation par un plombier conserve la garantie ; joint fourni.",
        "presentation",
    ),
    Shelved(
        "tarifs-2026",
        "Tarifs de pose et de montage",
        ("tarif", "pose", "montage", "prix"),
        "Montage d'un meuble : 39 € HT. Pose d'un luminaire : 55 € HT. Pose d'un parquet : 24 € HT le"
        " mètre carré. TVA à taux réduit sur attestation.",
        "price_list",
        TODAY - timedelta(days=60),
    ),
    Shelved(
        "tarifs-2025",
        "Tarifs de pose et de montage 2025",
        ("tarif", "pose", "montage", "prix"),
        "Montage d'un meuble : 36 € HT. Pose d'un luminaire : 52 € HT. Pose d'un parquet : 22 € HT le"
        " mètre carré. TVA à taux réduit sur attestation.",
        "price_list",
        LAST_YEAR,
        TODAY - timedelta(days=61),
    ),
    Shelved(
        "geste-commercial",
        "Gestes commerciaux : qui accorde quoi",
        ("geste commercial", "plafond", "dédommagement"),
        "Jusqu'à 15 € : le conseiller. Jusqu'à 80 € : le superviseur. Au-delà : la direction de la"
        " relation client. Un geste suit une faute de notre part, jamais une simple insistance.",
        "authority_matrix",
    ),
    Shelved(
        "reclamation",
        "Traiter une réclamation",
        ("réclamation", "mécontent", "plainte"),
        "Accusez réception sous deux jours ouvrés, répondez sur le fond sous dix. Écoutez, reformulez,"
        " proposez une solution et une date. Consignez la cause racine.",
    ),
    Shelved(
        "mediation",
        "Médiation de la consommation",
        ("médiateur", "litige"),
        "Après une réclamation écrite restée sans solution deux mois, le client saisit le médiateur,"
        " gratuitement, dans l'année. Donnez toujours ses coordonnées dans le refus définitif.",
        "terms",
    ),
    Shelved(
        "donnees-personnelles",
        "Droit d'accès et suppression des données personnelles",
        ("RGPD", "suppression de compte", "droit d'accès"),
        "Toute demande est transmise le jour même au délégué. Réponse sous un mois. Vérifiez l'identité"
        " sans demander plus que nécessaire. Les factures sont conservées dix ans.",
        "privacy",
    ),
    Shelved(
        "mot-de-passe",
        "Mot de passe oublié et compte bloqué",
        ("mot de passe", "connexion", "identifiant"),
        "Le lien de réinitialisation vaut une heure. Cinq essais manqués bloquent le compte vingt"
        " minutes. Ne demandez ni ne donnez jamais un mot de passe.",
        "faq",
    ),
    Shelved(
        "desabonnement",
        "Se désabonner de la lettre d'information",
        ("newsletter", "désinscription", "publicité"),
        "Le lien figure au bas de chaque courriel. À la demande, décochez le consentement dans la fiche ;"
        " l'effet est immédiat. L'opposition à la prospection par téléphone se note à part.",
        "privacy",
    ),
    Shelved(
        "horaires",
        "Horaires des magasins et du service client",
        ("horaires", "ouverture", "jours fériés"),
        "Magasins : du lundi au samedi, 9 h 30 à 19 h 30. Service client : de 8 h à 20 h, samedi jusqu'à"
        " 18 h. Fermé les jours fériés, sauf dimanches de décembre.",
        "presentation",
    ),
    Shelved(
        "mise-en-demeure",
        "Recevoir une mise en demeure",
        ("mise en demeure", "avocat", "huissier"),
        "Transmettez sans répondre au service juridique, avec l'historique complet. Ne reconnaissez rien."
        " Le délai court de la réception du courrier.",
    ),
    Shelved(
        "rappel-produit",
        "Rappel de produits et sécurité",
        ("rappel", "danger", "sécurité"),
        "Cessez la vente aussitôt. Chaque acheteur est prévenu par courriel et par lettre. Le produit est"
        " remboursé sans condition, ticket ou non.",
    ),
)  # fmt: skip

# What is typed, the article expected, and among how many first ones.
ASKED = (
    # Without accents, in capitals, in the plural.
    ("retractation", "retractation", 1),
    ("RETRACTATION", "retractation", 1),
    ("reclamations", "reclamation", 1),
    ("delais remboursement", "remboursement", 1),
    ("cheques cadeaux", "cheque-cadeau", 1),
    ("mediateur", "mediation", 1),
    ("pieces detachees", "pieces-detachees", 1),
    ("horaire magasin", "horaires", 1),
    # Conjugated.
    ("rembourser", "remboursement", 1),
    ("annulée", "annulation", 1),
    ("je veux annuler ma commande", "annulation", 1),
    ("échanger", "echange", 1),
    ("retourner", "retour-produit", 1),
    ("payer", "moyens-paiement", 3),
    ("réparé", "sav", 3),
    ("désabonner", "desabonnement", 1),
    # Apostrophes and hyphens.
    ("l'échange", "echange", 1),
    ("l’échange d’un article", "echange", 1),
    ("changer d'avis", "retractation", 1),
    ("service après-vente", "sav", 1),
    ("service apres vente", "sav", 1),
    ("adresse de livraison", "adresse", 1),
    # Abbreviations, synonyms of the trade and of the desk.
    ("SAV", "sav", 1),
    ("rgpd", "donnees-personnelles", 1),
    ("paquet perdu", "colis-perdu", 1),
    ("mitigeur", "mitigeurs", 1),
    ("payer en 3 fois", "paiement-fractionne", 1),
    ("carte cadeau", "cheque-cadeau", 1),
    ("bon d'achat", "cheque-cadeau", 3),
    ("dédommagement", "geste-commercial", 1),
    ("relais colis", "point-relais", 1),
    ("cb refusée", "moyens-paiement", 1),
    ("plainte", "reclamation", 1),
    # Typing mistakes.
    ("rembousement", "remboursement", 1),
    ("retratation", "retractation", 1),
    ("livrasion en retard", "retard-livraison", 1),
    ("reclamtion", "reclamation", 1),
    ("garentie", "garantie-legale", 1),
    ("fidelitee", "fidelite", 1),
    ("remboursemetn", "remboursement", 1),
    ("échnage", "echange", 1),
    ("facure", "facture", 1),
    ("médiateur de la consomation", "mediation", 1),
    ("relance mise en demeur", "mise-en-demeure", 1),
    # Two words and more.
    ("colis cassé", "colis-abime", 1),
    ("frais de port", "frais-livraison", 1),
    ("code promo oublié", "code-promo", 1),
    ("mot de passe", "mot-de-passe", 1),
    ("tarif montage meuble", "tarifs-2026", 1),
    ("tarifs pose", "tarifs-2026", 1),
    ("garantie légale", "garantie-legale", 1),
    ("extension garantie", "extension-garantie", 1),
    ("débité deux fois", "double-prelevement", 1),
    ("numéro de suivi", "suivi-commande", 1),
    ("où est ma commande", "suivi-commande", 1),
    # Whole sentences, where no article says every word.
    ("mon colis est arrivé tout abîmé que faire", "colis-abime", 1),
    ("le client n'a pas reçu son colis depuis une semaine", "colis-perdu", 3),
    ("combien coûte la livraison express", "frais-livraison", 1),
    ("qui peut accorder un geste de 50 euros", "geste-commercial", 1),
    ("remboursé au bout de combien de temps", "remboursement", 1),
    ("où en est mon remboursement", "remboursement", 1),
    ("droit de retractation délai", "retractation", 3),
    ("facture au nom de ma société", "facture", 1),
    ("qu'est-ce qu'un avoir", "avoir", 1),
    ("code promo ne marche pas", "code-promo", 1),
    ("je n'ai rien reçu", "colis-perdu", 3),
    # Shelved under another word: families, and what answers a part of the question.
    ("perte du colis", "colis-perdu", 1),
    ("produit dangereux", "rappel-produit", 1),
    ("produit defectueux", "garantie-legale", 3),
    ("remise oubliée", "code-promo", 3),
    ("renvoyer un article", "retour-produit", 1),
    ("annuler achat", "annulation", 1),
    ("supprimer mon compte", "donnees-personnelles", 1),
    ("ouvert dimanche", "horaires", 1),
    ("machine en panne", "sav", 1),
    ("robinet qui fuit", "mitigeurs", 1),
    ("carte bleue refusée", "moyens-paiement", 1),
    ("meuble livré sur rendez vous", "frais-livraison", 1),
    # Between quotes.
    ('"mise en demeure"', "mise-en-demeure", 1),
    ("« bon de livraison »", "colis-perdu", 1),
    ('"jours fériés"', "horaires", 1),
    # Unfinished, as it is typed.
    ("rétrac", "retractation", 1),
    ("fid", "fidelite", 1),
    ("mot de pas", "mot-de-passe", 1),
)
