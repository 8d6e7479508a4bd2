"""Recognition of people who want no more messages from us, whatever their spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from rapidfuzz.distance import OSA

from assistant.safety.normalise import fold
from assistant.safety.phrases import PhraseBook


class OptOut(StrEnum):
    """How sure it is that somebody wants no more messages."""

    CLEAR = "clear"
    DOUBTFUL = "doubtful"


# Whole messages that carriers and people use: Twilio's defaults, GC Notify's French list, our own.
_STOP_WORDS = frozenset(
    map(
        fold,
        "STOP STOPSMS STOPALL STOPPER ARRET ARET ARETT ARRETER DESABONNER DESABONNEMENT DESINSCRIRE"
        " DESINSCRIPTION UNSUBSCRIBE UNSUB CANCEL QUIT END OPTOUT REVOKE"
        " СТОП توقف إيقاف BAJA PARAR SAIR DURDUR IPTAL".split(),
    )
)
# "fin" is also an ordinary word: alone it is clear, a word beside it makes it a doubt.
_LONE_STOP_WORD = "fin"
_DOUBTFUL_WORDS = frozenset(
    "arrete arretez arretes cessez stoppez stoppe stopez dur sto sop".split()
)
_ORDERS = frozenset({"arretez", "cessez", "stoppez"})
_LONGEST_ORDER = 6  # words
_MISTYPED = {  # the typing errors allowed in each word
    "stop": 1,
    "arret": 1,
    "stopper": 1,
    "arreter": 1,
    "desabonner": 2,
    "desabonnement": 2,
    "desinscrire": 2,
    "desinscription": 2,
    "unsubscribe": 2,
}
_SHORTEST_MISTYPED = 4
# Real words that one typing error separates from a stop word.
_ORDINARY_NEIGHBOURS = frozenset(
    "step shop slop stup stps atop stow stom jarret carret barret garret arrive arriver"
    " arretera arretee arretees".split()
)
_PLEASE = re.compile(r"\bs ?il (?:vous|te|t) pl[a-z]+")
_POLITE = frozenset(
    "svp stp merci bonjour bonsoir bjr bsr slt salut coucou please plz pls cordialement madame"
    " mme monsieur mr".split()
)
# What some phones add under each message.
_SIGNATURE = re.compile(
    r"^\s*(?:envoyé (?:de|depuis|à partir)|sent from|(?:obtenir|get) outlook)\b.*\Z",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_OBJECTS = frozenset(
    "sms message messages msg msgs texto textos pub pubs publicite notification"
    " notifications rappel rappels"
    " envoi envois mail mails tout all spam spams txt".split()
)
_ARTICLES = frozenset("a au aux de d des du le la les l vos ces mes votre".split())
_SHORTEST_SENDER = 5  # digits of a short code, as in "STOP au 36111"

_PHRASES = PhraseBook(
    {
        "clear": (
            (
                "arretez|cessez|stop|stoppez de|d me? envoyer|ecrire|contacter|embeter|deranger"
                "|harceler|importuner|saouler|relancer|texter|solliciter|spammer"
            ),
            (
                "arretez|cessez|stop|stoppez|stopper les|vos|tes|ces|tous|aux|avec|l|d|des les?|"
                "vos? sms|messages|msg|textos|envoi|envois|notifications|rappels|mails"
            ),
            (
                "^me ecrivez|ecris|ecrire|envoyez|envoie|envoyer|renvoyez|renvoie|contactez|"
                "contacter|contacte|appelez plus"
            ),
            "^ecrivez|envoyez|contactez plus",
            "^me embetez|derangez|harcelez|importunez|sollicitez|relancez plus",
            "veux|voudrais|souhaite plus que vous|tu|on me ecriviez|ecrives|envoyiez|contactiez",
            "refuse vos|tes|ces|les sms|messages|textos",
            "refuse de recevoir * sms|messages|textos",
            "stop recevoir de?|les?|des?|vos? sms|messages|textos",
            "moi de vos|tes contacts|repertoire",
            "unsubscribe me",
            "^desabonnement|desinscription|arret immediat|total|definitif$",
            "veux|souhaite plus rien recevoir",
            "no more messages|texts|sms",
            "plus|pas me ecrire|envoyer|contacter|deranger|solliciter",
            (
                "veux|voudrais|souhaite|desire plus|pas recevoir|avoir|de|d|vos|ces|aucun|etre "
                "plus?|vos?|de?|d?|des?|aucun? sms|messages|textos|mails|notifications|contacte"
                "|sollicite|derange|rien"
            ),
            "veux|voudrais|souhaite|desire plus recevoir|etre * sms|messages|textos|contacte|rien",
            "plus recevoir de|d|vos|ces|aucun|des rappel|rappels",
            "plus jamais me ecrire|contacter|envoyer",
            "halte|suffit aux|les|vos|ces|a sms|messages|textos",
            "bloquer|couper|terminez|bloquez vos|ces messages|sms|envois|textos",
            "^couper|bloquer les messages|sms|textos$",
            "supprimez|enlevez|retirez moi de|d vos|votre envois|envoi|destinataires",
            "^se desabonner|desinscrire$",
            "plus recevoir de|d|vos|ces|aucun|des sms|messages|msg|textos|mails|notifications",
            "arreter|stopper|cesser de|d recevoir * sms|messages|msg|textos|mails|notifications",
            "veux|jveux plus vos|de|d|aucun sms|messages|textos",
            "^plus|pas de|d|aucun sms|messages|message|textos|texto$",
            "^plus|aucun sms|message$",
            "^plus de|d rappel|rappels$",
            (
                "enlevez|retirez|supprimez|effacez|otez mon numero de|d vos|votre|la|ces liste|"
                "listes|fichier|fichiers|base"
            ),
            "^enlevez|retirez|otez mon numero$",
            "enlevez|retirez|supprimez|effacez|otez|rayez|sortez moi|me * liste|listes|fichier",
            "desabonnez|desabonner|desinscrivez|desinscrire|desabonne|desinscris moi",
            "me desabonner|desinscrire|desabonne|desinscris",
            "opt out",
            "stop sending|texting|messaging|contacting",
            "don t text|message|contact|write me",
            "dont text|message|contact me",
        ),
        "doubtful": (
            "stop",
            "^arretez|cessez|stoppez tout|ca|cela|maintenant|la|immediatement$",
            "prefere|prefererais arreter|stopper",
            "^bon|ok|allez|alors|non|oui je arrete$",
            "on arrete|stoppe|stop la?|tout?$",
            "veux|voudrais|peux|souhaite|faut arreter|stopper|cesser$",
            "^je arrete$",
            "^ok|oui|bon|allez|alors fin$",
            "fin de|du|des vos? messages|sms",
            "envoyez|ecrivez|recois trop de|d messages|sms|textos",
            "laissez|foutez|fichez|laisse|fous moi tranquille|la? paix?",
            "lachez|lache moi$",
            "^ca|cela suffit maintenant?$",
            "^comment on? arreter|stopper|arrete ca?|cela?$",
            "^trop de sms|messages|textos$",
            "me ecrivez|envoyez trop",
            "^supprimez|effacez mon numero$",
            "arretez de|d me?$",
        ),
    }
)
_ELSEWHERE = (
    "espace|sante|compte|profil|medecin|docteur|doctolib|ameli|mutuelle|application|appli|hopital"
    "|laboratoire|partage|traitement"
)
_ORDINARY = PhraseBook(
    {
        "clear": (
            f"me desabonner|desinscrire|desabonne|desinscris * {_ELSEWHERE}",
            (
                "arretez|stopper|stop|cessez * notifications|sms|messages|rappels|mails * "
                f"{_ELSEWHERE}"
            ),
            f"sms|messages|message|notifications de|d|du mon|ma|l|mes? {_ELSEWHERE}",
            "medecin|docteur|il|elle|mari|fils|fille|personne * plus me ecrire|envoyer|contacter",
        ),
        "doubtful": (
            "stop covid|tabac|ou",
            "stop a|la|le|l creation|ouverture|demarche|activation|procedure|inscription",
            "stop|arreter|stopper|arrete pour aujourd|ce|l|le",
            "auto|bus|air stop",
            "bouton|panneau|touche|mot|commande|le|un stop",
            "^non stop$",
            "non stop de|24|7|toute|jour|tout",
            "ouvert|ouverte|ouverts|travaille * non stop",
            "repondre|repondez|repond|envoyer|envoyez|taper|tapez * stop",
            "sms|message dit|demande|avec|finit|marque * stop",
            "sur|tabac stop",
            "est non stop",
            "la fin du|de|des messages|sms",
            "laissez moi la? temps|parler|finir",
            "fin de|du la? journee|mois|semaine",
        ),
    }
)
_DENIED = PhraseBook(
    {
        "denied": (
            "arretez|arreter|stoppez|cessez|desabonnez|desinscrivez pas",
            "pas arreter|stopper|cesser|stop",
            "pas me? desabonner|desinscrire",
        ),
        "reproach": ("vous|tu arretez|arretes|cessez pas de",),
    }
)
_OURS = _OBJECTS | {"liste", "listes"}
_ELSEWHERE_WORDS = frozenset(_ELSEWHERE.split("|"))
_LEAVING = re.compile(r"\b(?:desabon|desinscri)\w*(?: moi| nous)? (?:de|du|des|d) (?P<what>.+)")


def recognise_opt_out(text: str) -> OptOut | None:
    """Tell whether a message asks for no more messages: clearly, doubtfully, or not at all.

    Callers look for danger first: "stop je veux mourir" is doubtful here, and a danger.
    """
    folded = fold(_SIGNATURE.sub("", text))
    words = _join_spelled_out(folded.split())
    said = _join_spelled_out(_PLEASE.sub(" ", folded).split())
    core = [word for word in said if word not in _POLITE]
    if not core:
        return None
    whole = _recognise_whole(core, is_alone=len(core) == len(words))
    if whole is not None:
        asks = "?" in text or "؟" in text
        return OptOut.DOUBTFUL if asks else whole
    sentence = " ".join(core)
    denied = {name for name, _, _ in _DENIED.find(sentence)}
    if denied:
        # « vous n'arrêtez pas de m'écrire » complains, « n'arrêtez pas » asks us to go on.
        doubtful = "reproach" in denied or core[0] in _STOP_WORDS
        return OptOut.DOUBTFUL if doubtful else None
    for certainty in OptOut:
        if _says(sentence, certainty):
            return OptOut.DOUBTFUL if _leaves_something_else(sentence) else certainty
    # Only the ending tells "arrêtez …", said to us, from "arrêté" and "arrêter": not by ear.
    is_order = _ELSEWHERE_WORDS.isdisjoint(core) and (
        (core[0] in _ORDERS and len(core) <= _LONGEST_ORDER) or not _ORDERS.isdisjoint(core[-2:])
    )
    return OptOut.DOUBTFUL if is_order else None


def _join_spelled_out(words: Sequence[str]) -> list[str]:
    """Read "s t o p" as one word, and the digit of "st0p" as a letter."""
    whole = "".join(words)
    is_spelled = len(words) > 2 and set(map(len, words)) == {1}
    joined = [whole] if is_spelled or whole in {"stop", "arret"} else list(words)
    return [word if word.isdecimal() else word.replace("0", "o") for word in joined]


def _recognise_whole(core: Sequence[str], *, is_alone: bool) -> OptOut | None:
    """Judge a message that is a stop word, alone or with what is to be stopped."""
    first, *others = core
    objects = [word for word in others if word not in _ARTICLES]
    if first == _LONE_STOP_WORD:
        if not others:
            return OptOut.CLEAR if is_alone else OptOut.DOUBTFUL
        return OptOut.CLEAR if objects and set(objects) <= _OBJECTS - {"tout"} else None
    if not _is_stop_word(first):
        return OptOut.DOUBTFUL if first in _DOUBTFUL_WORDS and not others else None
    if all(_is_stop_word(word) or _is_what_we_send(word) for word in objects) and (
        objects or not others
    ):
        return OptOut.CLEAR
    return None


def _is_what_we_send(word: str) -> bool:
    return word in _OBJECTS or (word.isdecimal() and len(word) >= _SHORTEST_SENDER)


def _leaves_something_else(sentence: str) -> bool:
    """Tell whether somebody wants to leave what may not be our messages."""
    leaving = _LEAVING.search(sentence)
    return leaving is not None and _OURS.isdisjoint(leaving["what"].split())


def _is_stop_word(word: str) -> bool:
    if word in _STOP_WORDS:
        return True
    if len(word) < _SHORTEST_MISTYPED or word in _ORDINARY_NEIGHBOURS | _DOUBTFUL_WORDS:
        return False
    return any(
        OSA.distance(word, stop_word, score_cutoff=errors) <= errors
        for stop_word, errors in _MISTYPED.items()
    )


def _says(sentence: str, certainty: OptOut) -> bool:
    """Tell whether a sentence holds a phrase of that certainty outside every ordinary phrase."""
    said = [(start, end) for name, start, end in _PHRASES.find(sentence) if name == certainty]
    if not said:
        return False
    ordinary: set[int] = set()
    for name, start, end in _ORDINARY.find(sentence):
        if name == certainty:
            ordinary.update(range(start, end))
    return any(ordinary.isdisjoint(range(start, end)) for start, end in said)
