"""The rules of distress in French, as it is said and as it is texted."""

from __future__ import annotations

from assistant.safety.dangers.rule import Danger, DangerRule
from assistant.safety.dangers.vocabulary import AGGRESSOR, PAPERS, THING, long_ago

DISTRESS_RULES = (
    DangerRule(
        "veut_mourir",
        Danger.DISTRESS,
        (
            (
                "veux|veut|voudrais|voudrait|aimerais|souhaite|prefere|prefererais mourir|"
                "crever|clamser"
            ),
            "veux|veut|voudrais * etre mort|morte",
            "envie|envi|envies de|d|2 mourir|crever",
            "vais mourir ce|bientot|cette|demain|adieu soir?|nuit?",
            "adieu * mourir|vie|tous|monde",
            "prefere|prefererais|voudrais|mieux|aimerais|souhaite * mort|morte",
            "serais|serait|serai mieux mort|morte|sans",
            "mieux si je etais|suis|serais mort|morte|plus",
            "mort serait|est mieux|preferable|solution|delivrance",
            "pense|penser|penses a mourir|crever",
            "pense|penser a la mort tous|souvent|tout|sans|chaque|tellement",
            "veux|vais|voudrais rejoindre * mort|morte|ciel|paradis|decede|decedee",
            "partir pour toujours|de|jamais bon?",
            "si je mourais",
            "veux disparaitre$",
            "autant mourir|crever|me",
            "laissez|laisse|laisser moi? mourir|crever",
            "disparaitre pour|a|de toujours|jamais|terre",
            "plus|pas que|qu a mourir|crever",
        ),
        (
            "mourir|crever de rire|faim|soif|chaud|froid|honte|ennui|fatigue|peur|trouille",
            "mourir idiot|bete|chez|dignement|maison",
            "fin de vie",
            f"{THING} * mort|morte",
            "pas|jamais mourir|crever",
        ),
    ),
    DangerRule(
        "veut_en_finir",
        Danger.DISTRESS,
        (
            "veux|vais|veut|voudrais|envie|va|pense|penser|faut|je|pour en finir",
            "veux|vais|veut|voudrais|va * en finir",
            "envie|envi de|d en finir",
            "finir avec la|cette|ma vie",
            "mettre fin a|mes|ma|ses|sa mes?|ma?|ses?|sa? jours|vie",
            "mettre * fin a mes|ma|ses|sa jours|vie",
        ),
        (
            (
                "finir avec|de|d ce|cet|cette|ces|les|le|l|mon|mes|vos|votre|tout * inscription"
                "|papiers|activation|demarche|demarches|administratif|administration|procedure|"
                "code|codes|site|dossier|compte|espace|ca|truc|histoire|formulaire|messages|sms"
            ),
            "finir avec ce|ces|cet|ca|vos|votre|mes|mon|les|le|cela",
            "finir vite|rapidement",
            (
                "finir avec cette|l|la inscription|demarche|activation|procedure|histoire|page|"
                "application|appli|paperasse"
            ),
        ),
    ),
    DangerRule(
        "plus_vivre",
        Danger.DISTRESS,
        (
            "veux|veut|peux|voudrais|arrive|supporte plus|pas|pu a? vivre|exister",
            "plus|pas|aucune|marre|assez|ras envie|envi|raison|gout|le?|bol? de|d vivre",
            "plus|pas|aucune|sans de|d|la|le? envie|envi|raison|raisons|gout|force de|d|pour vivre",
            "veux plus etre la|vivant|vivante|ici|monde",
            "envie|envi de rien|vivre plus",
            "marre|assez|fatigue|fatiguee|degoute|lasse de|d vivre|exister",
            "marre|assez|fatigue|fatiguee|degoute|lasse de|d la|ma|cette vie",
            "peux|peut|pe plus de|d cette|la|ma|l vie|existence",
            "peux|peut|pe plus de|d vivre",
            "vie * vaut|merite|sert * plus|rien|peine",
            "vie * plus|aucun|pas de? sens",
            "quoi bon|sert * vivre|vie|exister",
            "plus|pas continuer|rester a|en vivre|vie",
            "parle|parler|parles * de|d mourir",
            "veux|voudrais|envie * ma vie se? arrete|finisse|cesse",
            "plus rien me retient",
            "vie me degoute|pese|fatigue",
            "vie est|c est? trop dur|dure",
            "bout du rouleau",
            "rien a de? sens",
            "force de|d * vivre",
            "plus de|d issue",
            "supporte plus cette|la|ma vie|existence",
            "gout a rien",
            "suis un fardeau|poids",
            "veux|voudrais|envie que|de|d tout se? arrete|arreter",
            "trop mal dans ma tete",
            "ras le bol de|d vivre",
            "medicaments|cachets|comprimes pour partir|mourir|en finir?",
            "pleure tous|tout|sans|chaque",
            "sert de|d etre la|vivant|vivante",
            "veux|voudrais|aimerais|envie * plus|jamais me reveiller",
            "plus|aucune|sans raison|raisons de|d vivre",
            "sers|sert|servir a rien * mourir|mort|vivre|vie|disparaitre",
            "vie est|c est? finie|foutue|fini|terminee",
            "monde|tous|tout|famille * mieux sans moi",
        ),
        (
            "rouleau avec|de|d|par|a",
            "plus|pas de|d issue * site|page|ecran|formulaire|demarche",
            "plus|pas * vivre avec|chez|seul|seule|en|a|dans",
            "vie * assurance|privee|quotidienne",
            "vie plus|pas simple|facile",
        ),
    ),
    DangerRule(
        "suicide",
        Danger.DISTRESS,
        (
            "^suicide$",
            "suicider",
            "suicidaire|suicidaires",
            (
                "pense|penser|penses|pensees|parle|parler|parles|songe|envie|idee|idees|menace "
                "au|de|a|d|du|le suicide"
            ),
            "pense|parle|veut|veux|idee * suicide",
            "me suicide",
            "idee|idees|pensee|pensees noire|noires|morbide|morbides",
            "prevention du? suicide",
            "numero suicide|3114",
            "tuer moi",
            (
                "vais|veux|veut|va|voudrais|envie|peux|pense|pourrais|faut de|d|a? me|se tuer|"
                "buter|flinguer"
            ),
            "vais|veux|veut|va|voudrais|envie me|se tuer|buter|flinguer|pendre|noyer|supprimer",
            "vais|veux|veut|va|voudrais|envie * me|se tuer|pendre|supprimer",
            "me|se foutre|mettre en l air",
            "fous|foutre en l air ma? vie? vais|veux",
        ),
        (
            *long_ago("suicide|suicider|suicidee"),
            f"{AGGRESSOR} va|veut|vont|veulent me|nous tuer|buter|flinguer|pendre|noyer|supprimer",
            "se est suicide",
            "suicide de mon|ma|mes|son|sa",
            "suicide|suicidaire * commercial|professionnel|politique|financier",
            f"{PAPERS} * suicide|suicidaire",
            "ca|cela|paperasse * va|vont me|nous tuer|achever",
            f"{THING} * va|veut|vont me|nous tuer|buter",
            f"{THING} va|veut|vont me|nous tuer|buter",
            "se tuer a|au la|tache|travail|vous",
            "me tuer a|au|avec la|tache|travail|vous|vos",
        ),
    ),
    DangerRule(
        "projet",
        Danger.DISTRESS,
        (
            "vais|veux|veut|va|voudrais|envie|pense * sauter du|de|d|par|dans|sous",
            "vais|veux|veut|va|voudrais sauter par|du|de|d|dans|sous",
            (
                "vais|veux|veut|va|voudrais|envie * me|se jeter * train|metro|fenetre|pont|vide"
                "|balcon|eau"
            ),
            "me|se jeter sous|par|du|dans|d|sur un|le|la|les|fenetre",
            "me|se tirer une balle",
            "vais|veux|veut|va|voudrais|envie * me|se ouvrir|couper|taillader les? veines|poignets",
            "me|se ouvrir|couper|taillader|trancher les? veines|poignets",
            (
                "vais|veux|veut|va|voudrais|envie avaler|prendre|de|d avaler?|prendre? tous|"
                "toute|toutes|plein|des|mes|trop * medicaments|cachets|comprimes|boite|pilules"
            ),
            (
                "vais|veux|veut|va|voudrais avaler|prendre tous|toute|toutes|plein|trop mes?|"
                "les?|la?|de? medicaments|cachets|comprimes|boite|pilules"
            ),
            "me|se pendre",
            "lettre d adieu|adieux",
        ),
        (
            "sauter * etape|page|ligne|case|question|passage|repas|pas|partie",
            "sauter de|du|d joie|plaisir|bonheur",
            "me|se jeter * dans|sur * demarches|aventure|activation",
        ),
    ),
    DangerRule(
        "automutilation",
        Danger.DISTRESS,
        (
            "me|se coupe|entaille|taillade les? bras|poignets|cuisses|jambes",
            "me|se scarifie|scarifier|mutile|mutiler",
            "scarification|scarifications|automutilation",
            "me|se faire du|tres? mal$",
            "veux|vais|envie|peur|veut|va * me|se faire du? mal",
            "me|se fais|fait du mal expres|volontairement|tous|souvent",
        ),
        (f"{PAPERS} * scarification|scarifications|automutilation",),
    ),
)
