"""The rules of medical danger in French, as it is said and as it is texted."""

from __future__ import annotations

from assistant.safety.dangers.rule import Danger, DangerRule
from assistant.safety.dangers.vocabulary import DRUGS, PAPERS, PAST, SOMEBODY, THING, long_ago

MEDICAL_RULES = (
    DangerRule(
        "respiration",
        Danger.MEDICAL,
        (
            "arrive|arrives|peux|peut|reussis pas|plus|pu a? bien? respirer",
            "arrive|arrives|peux|peut * pas|plus a? respirer",
            "respire|respirent pas|plus|mal|difficilement|presque",
            "respire * pas|plus|mal",
            "mal|difficulte|difficultes|peine a|pour|de respirer",
            "arret respiratoire",
            "respire bizarrement|bizarre|bruit",
            "gorge se? ferme|serre|bloque",
            "fais|fait|faire * crise de|d asthme",
            "suffoque",
            "manque|plus de|d air respire|suffoque",
            "monoxyde",
            "intoxique|intoxication gaz|fumee",
        ),
        ("nez * respire", "suffoque|etouffe|respire * chaleur|papiers|paperasse|travail|demarches"),
    ),
    DangerRule(
        "etouffement",
        Danger.MEDICAL,
        (
            "me etouffe",
            "se etouffe|etouffer",
            "se est etouffe|etouffee",
            "il|elle|fils|fille|bebe etouffe",
            "etouffe * avec|bonbon|cacahuete|manger|morceau",
            "avale de? travers * respire|tousse|bleu|rouge",
            "coince dans la|sa gorge",
            "gonfle la|de|sa gorge",
            "gorge|langue|visage gonfle|gonfler|enfle",
        ),
        (
            f"le|la|l|mon|ce {THING} se etouffe",
            "ca|cela|ce me etouffe",
            "etouffe * demarches|papiers|paperasse|administratif",
        ),
    ),
    DangerRule(
        "poitrine",
        Danger.MEDICAL,
        (
            (
                "mal|douleur|douleurs|serre|brule|oppresse|barre|pression|poids|etau|"
                "oppression * poitrine"
            ),
            "mal|douleur poitrine|thorax",
            "douleur|douleurs au|dans coeur|keur|thorax",
            "mal au|dans|le coeur|keur * bras|respirer|serre|fort|tombe|malaise",
            "poitrine serre|brule|fait|qui * mal|serre",
            "poitrine * serre|serree",
            "douleur|mal * bras gauche",
        ),
        (f"mal|douleur * poitrine * {PAPERS}",),
    ),
    DangerRule(
        "avc",
        Danger.MEDICAL,
        (
            "^avc$",
            "^un avc$",
            "fais|fait|faire|faisant un|une avc",
            "fais|fait|faire avc",
            "est|peut|etre|genre un avc",
            "bouche|visage de|est? travers|tordue|tordu|paralysee|paralyse|deforme",
            "bouche|visage * travers|tordue|tordu|paralyse|paralysee",
            "visage|bouche|joue|paupiere qui? tombe|pend|affaisse",
            "attaque cerebrale",
            "bras|jambe|cote engourdi|engourdie|mou|molle|mort|morte",
            "bras|jambe|cote * paralyse|paralysee|paralyses",
            "sens|sent plus mon|ma|son|sa|le|la bras|jambe|visage|cote",
            "arrive plus a parler",
            "bras|jambe bouge plus",
            "parle bizarre|bizarrement",
            "parle|parler|parole plus|bizarrement * bouche|bras|tombe",
        ),
        (
            *long_ago("avc|paralyse|paralysee"),
            f"{PAST}|apres|suite * avc",
            f"{PAPERS} * avc",
            f"avc * {PAPERS}",
            "ai eu un avc",
            "a eu un avc",
            "risque * avc",
            "si je * avc|parler",
            "cas de|d avc",
        ),
    ),
    DangerRule(
        "coeur",
        Danger.MEDICAL,
        (
            "^crise|attaque cardiaque",
            "^infarctus",
            "fais|fait|faire|faisant * crise|attaque cardiaque",
            "fais|fait|faire|faisant|est|etre * infarctus",
            "arret cardiaque",
            "il|elle a? fait un arret$",
            "coeur|keur * se est? arrete",
            "coeur|keur bat|batte plus|trop vite?|fort?",
            "coeur|keur se emballe|arrete",
            "crise|attaque cardiaque vite|la|maintenant|aidez|secours",
        ),
        (
            *long_ago("crise|infarctus|arret|coeur|cardiaque"),
            f"{PAPERS}|mort|morte|decede|decedee|suite|apres * crise|infarctus|cardiaque",
            f"crise|infarctus|cardiaque * {PAPERS}",
            "ai eu * infarctus|crise|arret cardiaque?",
            "a eu * infarctus|crise|arret cardiaque?",
            "si je * crise|attaque|infarctus|arret cardiaque?",
            "cas de|d arret|crise|infarctus cardiaque?",
            "risque * crise|infarctus|arret|cardiaque",
        ),
    ),
    DangerRule(
        "inconscience",
        Danger.MEDICAL,
        (
            "inconscient|inconsciente",
            "perdu|perd|perds connaissance",
            f"{SOMEBODY} se? reveille|reveiller pas|plus",
            "arrive pas|plus a le|la|l reveiller",
            (
                "bebe|enfant|fils|fille|mere|pere|mari|femme|maman|papa|mamie|papi|soeur|frere|"
                "ami|voisin|voisine * bouge|reagit plus|pas"
            ),
            "il|elle bouge|reagit plus",
            (
                "bebe|enfant|fils|fille|mere|pere|mari|femme|il|elle repond plus|pas * terre|"
                "sol|respire|bouge"
            ),
            "bebe repond plus|pas",
            "tombe|tombee|terre|sol * bouge|repond|reagit|parle plus|pas",
            "tombe|tombee dans les pommes",
            "fait|fais|faire un? malaise",
            "me|se evanouir|evanoui|evanouie|evanouit",
            "est|suis|tombe|tombee evanoui|evanouie",
            "vais|va me?|se? evanouir",
            "convulse|convulsion|convulsions|convulser",
            "crise de|d epilepsie",
            "est|tombe dans le coma",
            "coma ethylique|diabetique",
            "tombe * toit|echelle|escalier|etage * sang|bouge|mal",
            "yeux revulses",
            "tourne|tourner de|d l oeil",
            "me sens partir",
            (
                "mere|pere|voisin|voisine|mari|femme|fils|fille|mamie|papi|enfant est|git|"
                "allonge par terre"
            ),
            "40|41|42 de|d fievre",
        ),
        (
            f"{THING} * bouge|repond|reagit|reveille plus|pas",
            f"{THING} * tombe * bouge|repond|reagit|reveille plus|pas",
            f"bouge|reagit plus|pas le|la|l|mon|ma|ce {THING}|curseur|fleche",
            f"{THING} se? bouge|repond|reagit|reveille plus|pas",
            "connaissance de|d|du|des",
            "si je * inconscient|inconsciente|malaise|connaissance|coma|evanouis|convulsions",
            (
                "si|quand|kan je tombe|perds|fais|suis dans|inconscient|inconsciente|malaise|"
                "connaissance"
            ),
            "si|quand|kan je tombe dans les pommes",
            "si un jour je * malaise|inconscient|inconsciente|connaissance|coma|pommes",
            "cas de|d malaise|coma|inconscience|perte",
            *long_ago("malaise|convulsions|epilepsie|coma|connaissance|evanoui|evanouie"),
            f"{PAPERS}|suite|apres * malaise|convulsions|epilepsie|coma",
            f"{PAST} * malaise|convulsions|epilepsie|coma",
        ),
    ),
    DangerRule(
        "sang",
        Danger.MEDICAL,
        (
            "saigne|saignes|saigner * beaucoup|enormement|partout|trop|pas|plus|tete|arrete",
            "saigne|saignes beaucoup|enormement|partout|trop|fort|abondamment",
            "perd|perds|perdre * sang",
            "pisse le sang",
            "perd|perds|perdu beaucoup|plein|trop|enormement de sang",
            "hemorragie|hemoragie",
            "vide|vider de|mon|son|tout mon|son|du? sang",
            "crache|vomis|vomit|tousse|cracher|vomir du sang",
            "y a * sang partout|sol",
            "saigne * * arrete pas",
            "coupe profondement|gravement|profond",
            "plein|plaie|mare * sang partout|coule",
            "il y a du sang partout",
            "sang * arrete pas",
        ),
        (
            *long_ago("hemorragie|saigne|sang"),
            f"{PAPERS}|suite|apres * hemorragie",
            "prise|don|analyse|groupe de|du sanguin?|sang?",
        ),
    ),
    DangerRule(
        "intoxication",
        Danger.MEDICAL,
        (
            "overdose|overdoses|surdose",
            f"avale|avaler * {DRUGS}|plaquette|boite",
            f"pris|avale|avaler # {DRUGS}",
            f"pris|avale|avaler # de? {DRUGS}",
            (
                "avale|bu|boire|mange * * javel|destop|produit|lessive|poison|mort|antigel|"
                "acide|detergent"
            ),
            "avale * pile|piles|aimant|aimants|bouton|clou|piece",
            f"pris * trop|tous|toute|toutes|plein|beaucoup|tout * {DRUGS}|boite",
            (
                "pris trop|tous|toute|toutes|plein|beaucoup|tout de|mes|ses|les|la|le|des "
                f"{DRUGS}|boite|plaquette"
            ),
            "pris * medicaments|cachets|comprimes * mourir|suicider|finir",
            "pris * boite|plaquette entiere|complete",
            f"pris * boite|plaquette|plaquettes de|d {DRUGS}",
            "pris * plaquettes",
            "empoisonne|empoisonnee|empoisonner",
        ),
        (
            *long_ago("overdose|surdose"),
            f"{PAPERS}|mort|morte|decede|decedee|suite|apres * overdose",
            "pilule dure|difficile|mal * avaler",
            # A plan, not an act: the rule "projet" of distress answers it.
            f"vais|veux|va|veut|voudrais avaler|prendre * {DRUGS}|boite",
        ),
    ),
    DangerRule(
        "acte_en_cours",
        Danger.MEDICAL,
        (
            "me|se suis|est ouvert|coupe|tranche|taille les? veines|vaines|venes|poignets|gorge",
            "se est pendu|pendue|tire|jete|defenestre|poignarde",
            "me suis tire|poignarde|jete * balle|dessus|fenetre|train",
            f"{SOMEBODY} * saute du|de|d|par fenetre|pont|balcon|toit|la|le|un",
            "tentative de suicide",
            "ts en cours",
            "essaye|essaie|essayer|tente|tenter de|d se suicider|tuer|pendre|noyer|etrangler",
            "je ai essaye|tente de|d me suicider|tuer|pendre|noyer",
            "essaye|tente de|d me suicider|pendre",
            "vient|viens de me|se suicider|tuer|pendre|couper|ouvrir",
        ),
        (
            *long_ago("suicide|pendu|pendue|saute"),
            f"{PAPERS}|suite|apres * suicide",
            f"{PAST} * tentative de suicide",
            "saute * etape|page|ligne|case|question",
            f"{THING}|courant|connexion|session|plombs * saute",
        ),
    ),
    DangerRule(
        "allergie",
        Danger.MEDICAL,
        (
            "^choc anaphylactique",
            "fais|fait|faire * choc anaphylactique|allergique",
            "fait|fais * allergie|allergique * respire|gonfle|gorge",
            "oedeme de quincke",
        ),
        (
            *long_ago("choc|oedeme|allergique"),
            f"choc anaphylactique en|{PAPERS}",
            f"{PAPERS} * choc|oedeme",
        ),
    ),
    DangerRule(
        "accident",
        Danger.MEDICAL,
        (
            "electrocute|electrocutee|electrocution",
            "accident * * blesse|blesses|blessee|sang|mort|coince|grave|ambulance",
            "gravement|grievement brule|brulee|blesse|blessee",
            "brule|brulee|brulure|brulures * grave|visage|huile|degre|partout",
            "se|me est|suis noye|noyee",
            "un|une noye|noyee",
            "se|me noie|noyer|noye",
            "y a le feu",
            "prend|pris feu",
            "incendie chez|dans|maison|appartement|immeuble",
            "maison|appartement|immeuble brule|en|feu feu?",
            "me|se est|suis casse|fracture * hanche|col|crane|colonne",
            "ecrase|renverse par une|un voiture|camion|bus|train",
            "me|se est|suis fait renverser|ecraser",
            "morsure|mordu|pique * vipere|serpent|scorpion",
        ),
        (
            *long_ago("accident|brule|brulure|brulures|noye|electrocute"),
            f"{PAPERS}|suite|apres * accident|brulure|brulures",
            "noyer|noie|noye * papiers|paperasse|documents|codes|informations|administratif",
        ),
    ),
    DangerRule(
        "naissance",
        Danger.MEDICAL,
        (
            "perd|perds|perdu les eaux",
            "perdu|perd ses|mes eaux",
            (
                "femme|fille|soeur|copine|elle|amie * accouche|accoucher la|maintenant|vite|"
                "chez|maison"
            ),
            "^femme|fille|soeur|je accouche$",
            "ma femme|fille|soeur accouche$",
            "accouche * maison|chez|voiture",
            "en train de accoucher",
            "contractions * minutes|rapprochees|forte|fortes",
            "bebe arrive|sort|est|en entrain|train|la|maintenant|sorti",
        ),
        ("a accouche", *long_ago("accouche|accoucher"), "bebe arrive * mois"),
    ),
    DangerRule(
        "mourant",
        Danger.MEDICAL,
        (
            "en train|entrain de? mourir|crever|agoniser|partir",
            "vais|va mourir aidez|secours|vite|si",
            (
                "il|elle|mari|femme|mere|pere|bebe|fils|fille va mourir si|vite|aidez|secours|"
                "la|maintenant"
            ),
            "^il|elle va mourir$",
            "me sens mourir",
            "pronostic vital",
            "plus de pouls",
            "a plus de? pouls",
            "bebe|il|elle est|devient tout|toute? bleu|bleue",
            "levres|doigts|ongles * bleus|bleues|bleu|violettes",
        ),
        (
            f"{THING} * mourir|crever|partir",
            "mourir de rire|faim|soif|chaud|froid|honte|ennui|fatigue|peur|trouille",
            "crever de rire|faim|soif|chaud|froid|honte|ennui",
            "va|vais|train partir en|au|a|faire|travailler",
        ),
    ),
    DangerRule(
        "appel_au_secours",
        Danger.MEDICAL,
        (
            "^au secours$",
            "^secours$",
            "^sos$",
            "^urgence$",
            "besoin|faut|veux * samu|secours vite|maintenant|urgent",
            "faut les secours",
            "besoin du|de|d samu|secours|pompiers",
            "secours vite",
            "au secours * vite|mourir|mal|peur|sang|aidez|tombe|tombee|danger|mourant",
            (
                "appelez|appeler|appelle|envoyez|envoyer|envoie|faut|besoin|veux|vite|demande "
                "* ambulance|pompiers|pompier"
            ),
            (
                "appelez|appeler|appelle|envoyez|envoyer le|les|une|un|vite samu|ambulance|"
                "pompiers|smur"
            ),
            "urgence vitale|medicale|absolue",
            "en danger de mort",
            "danger de mort",
        ),
        (
            f"secours * {THING}",
            f"secours * {PAPERS}",
            (
                "cas|acces|historique|contact|personne|que|qui|samu|numero|carte * urgence "
                "vitale|medicale|absolue"
            ),
            "urgence medicale que|qui|acces|historique|reglage|parametre|parametres|peut|voit|voir",
        ),
    ),
)
