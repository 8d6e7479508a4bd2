"""The rules of violence in French, as it is said and as it is texted."""

from __future__ import annotations

from assistant.safety.dangers.rule import Danger, DangerRule
from assistant.safety.dangers.vocabulary import AGGRESSOR, PAPERS, THING, long_ago

VIOLENCE_RULES = (
    DangerRule(
        "coups",
        Danger.VIOLENCE,
        (
            (
                "me|m|nous|le|la|l|les|lui|te frappe|frappent|bat|battent|cogne|cognent|gifle|"
                "tabasse|brutalise"
            ),
            (
                "me|nous a|ont|la|ma frappe|frappee|battu|battue|cogne|gifle|giflee|tabasse|"
                "tabassee|tape|tapee"
            ),
            "ma frappe|battu|gifle|tabasse|cogne",
            f"{AGGRESSOR} me|nous|ma|m|l|la|le|lui|les tape|tapent",
            f"{AGGRESSOR} me|nous|ma|m a|ont? tape|tapee",
            f"{AGGRESSOR} * me tape",
            "va|vont|veut|veulent me|nous|la|te taper|frapper|battre|cogner|tabasser|gifler",
            (
                "me|nous a casse|pete|fracture le|la|les|un|une bras|nez|dent|dents|cote|cotes|"
                "jambe|main|poignet"
            ),
            "me|nous a pousse|poussee dans|contre|par|du|escalier|mur|violemment",
            "me|nous pousse|secoue|insulte * frappe|bat|tape|coups|escalier|mur",
            "tape|frappe|cogne|bat sur moi|elle|lui|nous|eux",
            "roue|rouee|rouer de|d coups",
            "me|lui|nous tape|frappe|cogne dessus",
            (
                "frappe|frappent|bat|battent|cogne|cognent|gifle|tabasse|maltraite|brutalise ma"
                "|mon|mes|sa|son|ses|les|la|le|leur|leurs|notre|nos mere|pere|fille|fils|enfant"
                "|enfants|femme|mari|bebe|petit|petite|gosses|gamins|grand|frere|soeur|parents|"
                "compagne"
            ),
            (
                "tape|tapent|tapait ma|mon|mes|sa|son|ses|les|la|le|notre|nos fille|fils|enfant"
                "|enfants|femme|bebe|petit|petite|gosses|gamins|mere|frere|soeur"
            ),
            (
                "me|se fais|fait|faire|suis|est fait? frapper|battre|taper|tabasser|cogner|"
                "violenter|maltraiter"
            ),
            (
                "suis|est|ete|femme|enfant|enfants|etre|sont battu|battue|battus|battues|frappe"
                "|frappee|frappes|maltraite|maltraitee|maltraites|tabasse"
            ),
            (
                "donne|donnait|met|mis|mettre|foutu|recu|recois * coups|coup|gifle|gifles|"
                "claque|claques|poing|pied"
            ),
            (
                "mis|mi|foutu|donne|donnee une|des|un gifle|gifles|claque|claques|baffe|raclee|"
                "coup|coups"
            ),
            "leve|levee la main sur",
            "coups et blessures",
            "me|nous maltraite|maltraitent|rabaisse|humilie",
            "me|nous fait|font du mal",
            "^maltraitance$",
            "peur qu|que il|elle me tape|frappe|batte|tue",
            (
                "maltraite|maltraitent|maltraitance|brutalise mon|ma|mes|les|ma|moi|sur|d|"
                "enfant|ehpad mere?|pere?|enfants?"
            ),
        ),
        (
            "tape sur les? nerfs|systeme",
            "tape * nerfs|systeme",
            (
                "tape mon|ma|mes|le|la|les|un|une|son|sa numero|code|codes|carte|mot|mots|nom|"
                "adresse|texte|message|lettre|lettres|mail|numeros|demande|date|nir|secu|serie|"
                "identifiant"
            ),
            f"coups|frappe|battu|battue * {PAPERS}",
            f"{PAPERS} * coups|battu|battue",
            *long_ago("frappe|battu|battue|coups"),
            "frappe a la|ma porte",
            "frappe de|d|clavier|porte",
            f"{THING} me|nous|te frappe|bat|cogne",
            "je me bats|bat|suis battu? avec|contre|depuis|pour|battu",
            "se battre|bat|bats avec|contre|depuis|pour",
            "bat froid|record|tous|pavillon",
            (
                "coups|coup de|d telephone|fil|main|pouce|oeil|chance|stress|fatigue|chaud|"
                "froid|vieux|jeune|sms|tel"
            ),
            "donne|recu|mis * coup de|d telephone|fil|main|pouce|oeil",
            "coup|coups * telephone|fil",
            "du|tout coup",
            "battu * pour|avec|contre",
            "mise|mis en|a place|jour",
        ),
    ),
    DangerRule(
        "menaces",
        Danger.VIOLENCE,
        (
            (
                f"{AGGRESSOR} va|veut|vont|veulent|menace * me|nous|la|le tuer|buter|planter|"
                "bruler|crever|egorger"
            ),
            "veut|va|vont me|nous|la tuer|buter|egorger|planter|faire",
            "menace|menacee|menaces de mort|me|mort|nous|tuer",
            f"{AGGRESSOR} me|nous|m|ma menace",
            f"{AGGRESSOR} menace de me|nous|la|mort|tuer|frapper",
            "a|avec|sort un|une|son couteau|fusil|arme|pistolet|hache|machette",
            "peur de|d rentrer * cause|lui|mari|chez|tape|frappe",
            "me interdit|empeche de|d sortir",
            f"{AGGRESSOR} me force$",
            "me|nous etrangle|etranglee|etrangler|strangule",
            "me|nous a etrangle|etranglee|etouffe",
            "ma etrangle|etranglee",
            "me|nous sequestre|sequestree|enferme|enfermee|kidnappe",
            "me|nous a sequestre|sequestree|enferme|enfermee|kidnappe",
            "suis sequestre|sequestree|enferme|enfermee * par|mari|chez|appartement|copain",
            (
                "peur de|pour mon|ma|mes|vie mari|conjoint|copain|compagnon|ex|pere|vie|femme|"
                "beau|fils|frere|mec"
            ),
            f"{AGGRESSOR} me|m harcele|suit|traque|espionne|terrorise",
            "me|suis|fait|fais harcele|harcelee|harceler * ex|mari|voisin|patron|ecole|college|rue",
        ),
        (
            f"{THING} * menace|tuer|enferme",
            (
                "me|nous tuer|harcele|suit|traque|menace * sms|code|codes|pub|publicite|"
                "mutuelle|telephone|demarchage|factures|huissier"
            ),
            "menace de me|nous couper|radier|supprimer|fermer",
            "menace de|d coupure|radiation|expulsion|fermer",
            "va|vont|veut|veulent me|nous tuer|buter|planter ce|cet|cette|vos|votre|avec|ces",
            f"{THING} * me|nous tuer|buter|planter",
            "va|vont|veut me|nous la? faire",
            "me|nous suit dans|sur|depuis|pour",
            "peur * donnees|document|documents|code|erreur|tromper",
        ),
    ),
    DangerRule(
        "violences_sexuelles",
        Danger.VIOLENCE,
        (
            "^viol$",
            "^un viol$",
            "violee|violees|violeur",
            "me|ma|nous|m|l|la|te viole|violer|violent",
            "me|ma|nous|te|l|la a|ont viole|violee",
            "ete|suis|fait|est|sont|faire viole|violee|violer",
            "victime|tentative de|d un|une? viol|agression|inceste|violence|violences",
            "victime|tentative de|d viol|agression|inceste|violence|violences|attouchement",
            "mariage force",
            "excision|excisee",
            "inceste|incestueux|pedophile|pedophilie",
            "abus|agression|agressions sexuel|sexuelle|sexuels|sexuelles",
            "abuse|abusee de|par|sexuellement moi|elle|lui|mon|ma|sexuellement?",
            "attouchement|attouchements",
            (
                "pere|beau|oncle|frere|papi|grand|voisin|prof|entraineur|cousin|il * me a? "
                "touche|tripote|caresse"
            ),
            (
                "pere|beau|oncle|frere|papi|grand|voisin|prof|cousin|adulte|homme * touche|"
                "tripote|caresse ma|mon|mes|la|sa|notre fille|fils|enfant|enfants|petite|petit|"
                "soeur"
            ),
            "oblige|force|forcee|obligee|forcer * coucher|rapport|rapports|sexe|faire l amour",
            "me oblige|force a|de coucher|rapport|rapports",
        ),
        (
            (
                "viol|viole|violation|violer de|d|des|le|la|du donnees|secret|vie|rgpd|droit|"
                "droits|mes"
            ),
            "donnees|secret|droits viole|violees|violes",
            "medecin * touche",
            "viole|violer mes|mon|ma|nos droits|droit|vie|secret|donnees|intimite|confidentialite",
            "me touche beaucoup|rien|plus|pas|chomage|touche",
            "voleur|voleurs|voleuse",
            f"{THING} me touche",
        ),
    ),
    DangerRule(
        "agression",
        Danger.VIOLENCE,
        (
            "me|m|nous a|ont|on|ma agresse|agressee|attaque|attaquee|poignarde|braque",
            "ma agresse|agressee|poignarde|attaquee",
            "ete|suis|fait|faire|est agresse|agressee|agresser|attaquee|poignarde|poignardee",
            "agression physique|dans|violente",
        ),
        (
            f"{THING}|virus|pirate|pirates|hacker * attaque|agresse",
            *long_ago("agresse|agressee|agression"),
            f"agresse|agressee|agression * {PAPERS}",
            f"{PAPERS} * agression|agresse|agressee",
            f"attaque|attaquee * mon|ma|mes|notre|le {THING}|donnees|dossier",
        ),
    ),
    DangerRule(
        "violences_conjugales",
        Danger.VIOLENCE,
        (
            (
                "violence|violences conjugale|conjugales|domestique|domestiques|familiale|"
                "familiales|intrafamiliales|physique|physiques|sexuelle|sexuelles|sexiste"
            ),
            f"{AGGRESSOR} * devient|est violent|violente|violents",
            (
                "mari|copain|conjoint|compagnon|ex|pere|fils|concubin|mec * est|devient "
                "agressif|menacant"
            ),
            "mari|copain|conjoint|compagnon|ex|pere|concubin|mec * me|nous fait peur",
            "suis|sommes en danger",
            "homme|mari|conjoint|compagnon|pere|copain violent",
            f"{AGGRESSOR} est|devient|a|ete violent|violente|violents",
            "violent|violente avec|envers moi|ma|mon|mes|elle|nous|les|enfants",
            "subis|subit|vis|vit|victime * violence|violences|coups",
            (
                "femme|femmes|enfant|enfants battue|battues|battu|battus|maltraite|maltraites|"
                "maltraitee"
            ),
            "enfance en danger",
            "enfant|enfants|fille|fils|bebe en danger",
            "emprise * mari|conjoint|compagnon|ex",
        ),
        (f"{PAPERS} * violence|violences", f"{THING} est|devient * violent"),
    ),
)
