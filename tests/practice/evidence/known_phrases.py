"""Invented sentences of advisers, labelled by hand with the turns of phrase a reader sees in them."""

R, C = "reformulation", "check"
GREETING, THANKS, SORRY = "salutation", "remerciement", "excuse"
LISTENING, WAIT, LEAVE, AVOID = (
    "marque d’écoute",
    "attente annoncée",
    "prise de congé",
    "expression déconseillée",
)

SENTENCES: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (sentence, frozenset(labels))
    for sentence, *labels in (
        ("Si j’ai bien compris, votre robot s’arrête au bout d’une minute.", R),
        ("Vous souhaitez donc suspendre votre abonnement deux mois.", R),
        ("Si je résume, le colis est arrivé ouvert et il manque une tasse.", R),
        ("Vous me dites que le livreur n’est jamais passé.", R),
        ("Autrement dit, vous préférez un échange à un remboursement.", R),
        ("Je note que la panne date de lundi.", R),
        ("Votre demande concerne la facture du 3 novembre.", R),
        ("Pour être sûre de bien vous suivre : deux tasses sont cassées.", R),
        ("Donc vous avez payé deux fois la même commande.", R),
        ("Ce que j’entends, c’est que l’attente vous a paru longue.", R),
        ("Il s’agit bien de la commande passée lundi, c’est bien cela ?", R),
        ("Cela vous convient ?", C),
        ("Est-ce clair pour vous ?", C),
        ("Ai-je bien répondu à votre question ?", C),
        ("Avez-vous d’autres questions ?", C),
        ("Souhaitez-vous que je reprenne un point ?", C),
        ("Êtes-vous d’accord avec cette solution ?", C),
        ("Cette proposition vous convient-elle ?", C),
        ("Est-ce que je peux faire autre chose pour vous ?", C),
        ("Tout est bon pour vous de ce côté ?", C),
        ("Bonjour, Léonie du service clients à votre écoute.", GREETING),
        ("Bonsoir Monsieur Tassin.", GREETING),
        ("Merci pour ces précisions.", THANKS),
        ("Je vous remercie de votre appel.", THANKS),
        ("Je vous présente toutes nos excuses pour ce retard.", SORRY),
        ("Nous sommes désolés de cette erreur.", SORRY),
        ("Je comprends que cette attente soit pénible.", LISTENING),
        ("J’entends votre mécontentement.", LISTENING),
        ("Un instant, je consulte votre dossier.", WAIT),
        ("Je vérifie le suivi du colis.", WAIT),
        ("Bonne journée, Madame.", LEAVE),
        ("Au revoir et à bientôt.", LEAVE),
        ("Malheureusement, ce modèle est épuisé.", AVOID),
        ("Vous devez remplir le formulaire.", AVOID),
        ("Pas de souci, je m’en occupe.", AVOID),
        ("Votre remboursement de 15,00 € partira demain.",),
        ("La garantie court jusqu’au 4 mai 2027.",),
        ("Quel est votre numéro de commande ?",),
        ("Pouvez-vous me donner votre code postal ?",),
        ("Depuis quand la machine fuit-elle ?",),
        ("Le colis sera livré entre 9 h et 13 h.",),
        ("Je vous envoie l’étiquette de retour par courriel.",),
        ("Le bon d’achat est valable douze mois.",),
        ("Votre conseillère vous rappellera mardi à 10 h.",),
        ("L’atelier a reçu votre appareil ce matin.",),
        ("Le tarif de l’abonnement reste de 23,21 €.",),
    )
)
