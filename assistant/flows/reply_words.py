"""The words in which people answer, language by language.

Everything is compared after ``fold``: lower case, no accents, apostrophes as spaces. A language is
added by one more table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from assistant.safety.normalise import fold

Phrase = tuple[str, ...]


def phrases(*blocks: str) -> frozenset[Phrase]:
    """Return the folded words of each phrase of « a / b / c »."""
    listed = (phrase for block in blocks for phrase in block.split("/"))
    return frozenset(tuple(fold(phrase).split()) for phrase in listed if phrase.strip())


def words(block: str) -> frozenset[str]:
    """Return the folded words of a block."""
    return frozenset(fold(block).split())


@dataclass(frozen=True)
class ReplyWords:
    """How one language says yes, no, done, which one, and when."""

    yes: frozenset[Phrase]
    no: frozenset[Phrase]
    done: frozenset[Phrase]
    courtesies: frozenset[Phrase]
    fillers: frozenset[Phrase]
    doubts: frozenset[Phrase]
    asking: frozenset[Phrase]
    insisting: frozenset[Phrase]
    contrary: frozenset[str]
    waiting: frozenset[str]
    half_denials: frozenset[str]
    negations: frozenset[str]
    light: frozenset[str]
    number_leads: frozenset[Phrase]
    number_nouns: frozenset[str]
    numbers: Mapping[str, int]
    date_leads: frozenset[str]
    months: Mapping[str, int]

    @cached_property
    def longest(self) -> int:
        """The number of words of the longest phrase."""
        every = self.yes | self.no | self.done | self.courtesies | self.fillers | self.number_leads
        return max(len(phrase) for phrase in every)

    @cached_property
    def endings(self) -> frozenset[Phrase]:
        """The courtesies read backwards, to be taken off the end of a text."""
        return frozenset(phrase[::-1] for phrase in self.courtesies)

    @cached_property
    def yes_words(self) -> frozenset[str]:
        """The single words that say yes."""
        return frozenset(phrase[0] for phrase in self.yes if len(phrase) == 1)

    @cached_property
    def no_words(self) -> frozenset[str]:
        """The single words that say no."""
        return frozenset(phrase[0] for phrase in self.no if len(phrase) == 1)


def _numbered(*names: str) -> dict[str, int]:
    return {fold(word): n for n, block in enumerate(names, start=1) for word in block.split()}


FRENCH: Final = ReplyWords(
    yes=phrases(
        "oui / ouii / ouiii / oui oui / ouai / ouais / ouaip / ouep / oué / wé / wi / ui / uii",
        "vi / yes / yep / yes yes / ye / si / mais oui / ben oui / bah oui / eh oui / euh oui",
        "ok / okay / oki / okey / okai / d'accord / d'ac / dac / daccord / dacc / dacor / d'acc",
        "c'est bon / c bon / cé bon / cest bon / ces bon / sé bon / bon / tout bon / c'est ok",
        "c ok / exact / exactement / tout à fait / absolument / bien sûr / bien sur que oui",
        "évidemment / effectivement / en effet / affirmatif / volontiers / avec plaisir",
        "parfait / entendu / très bien / bien / c'est ça / c ca / voilà / je veux bien / ça marche",
        "ça va / ça me va / c'est parfait / je crois que oui / je pense que oui / je pense oui",
        "oui je crois / oui je pense / je l'ai / j'ai ça / nickel / super / allez / allons y",
        "je suis d'accord / pourquoi pas / oui c'est moi / carrément / certainement",
    ),
    no=phrases(
        "non / nan / nn / non non / no / nop / nope / nann / nooon / ben non / bah non / mais non",
        "non merci / pas encore / non pas encore / toujours pas / pas du tout / jamais / pas ça",
        "pas maintenant / pas tout de suite / pas là / absolument pas / surtout pas / aucun",
        "aucune / rien / rien du tout / négatif / je ne crois pas / je crois pas / je pense pas",
        "je ne pense pas / je crois que non / je pense que non / pas d'accord / je n'ai pas",
        "j'ai pas / je l'ai pas / je ne l'ai pas / j'en ai pas / je n'en ai pas / pas vraiment",
        "pas reçu / rien reçu / je ne veux pas / je veux pas / j'veux pas / pas fait / non rien",
    ),
    done=phrases(
        "fait / c'est fait / c fait / cé fait / cest fait / ces fait / sé fait / c'est fais",
        "c fais / c fé / cé fé / j'ai fait / je l'ai fait / fini / c'est fini / c fini / j'ai fini",
        "terminé / c'est terminé / j'ai terminé / suivant / suivante / suite / la suite / et après",
        "après / ensuite / et ensuite / continuer / continue / on continue / continuons / on y va",
        "voilà / voilà c'est fait / j'y suis / jy suis / j'y suis arrivé / j'y suis arrivée",
        "ça y est / ca y es / sa y est / cayest / prêt / prête / je suis prêt / je suis prête",
        "vu / je vois / j'ai vu",
        "je la vois / je le vois / compris / j'ai compris / bien reçu / noté / c'est noté",
        "j'ai noté / ça a marché / c'est ouvert / j'ai trouvé / trouvé / je l'ai trouvé / réussi",
        "j'ai réussi / je l'ai / on peut continuer / je suis dessus / étape suivante / next",
    ),
    courtesies=phrases(
        "merci / merci beaucoup / merci bien / svp / stp / s'il vous plaît / s'il te plaît / euh",
        "heu / hum / ben / bah / alors / donc / eh bien / madame / monsieur / bonjour / bonsoir",
        "lol / mdr / hein / ah / oh / pardon / excusez moi",
    ),
    fillers=phrases(
        "bon / voilà / enfin / du coup / à l'instant / maintenant / déjà / aussi / tout / là / moi",
    ),
    doubts=phrases(
        "je sais pas / je ne sais pas / jsp / chais pas / ché pas / sais plus / bof / peut être",
        "pas sûr / pas sûre / je comprends pas / je ne comprends pas / aucune idée / ça dépend",
        "compris pas / pas compris / j'hésite / oui et non / plus ou moins / un peu / presque",
    ),
    asking=phrases(
        "c'est quoi / c quoi / c koi / ces quoi / quoi / koi / qu'est ce / comment / pourquoi",
        "combien / ça veut dire / c'est où / c où",
    ),
    insisting=phrases("si / en fait / justement / bien sûr"),
    contrary=words(
        "mais sauf pourquoi comment quoi quel quelle quels quelles combien quand qui où si"
        " erreur bloqué bloquée problème marche arrive"
    ),
    waiting=words("question attends attendez attendre attend attente aide aidez minute"),
    half_denials=words("n ne"),
    negations=words("pas plus jamais aucun aucune sans ni rien non nan"),
    light=words(
        "je j l ai a le la les un une de du des d par c est ce cet cette ça mon ma mes pour avec"
        " en plutôt choisis choisi choix prends prend veux voudrais préfère moi y au aux il elle on"
        " nous qu que s se vous déjà alors dans sur ne n oui ouais ok euh ben bah svp stp merci"
        " option réponse être suis me m et son sa ses votre vos leur leurs ya y'a dessus dire qui"
        " crois pense ou"
    ),
    number_leads=phrases(
        "la / le / l / les / n / no / nr / num / numéro / le numéro / choix / le choix / option",
        "l'option / réponse / la réponse / je choisis / je prends / je tape / je dis / c'est",
        "c'est la / c'est le / plutôt / pour moi / touche / ce sera / ce sera la / ce sera le",
        "je réponds / je veux / je voudrais / mon choix / ma réponse / c / proposition",
    ),
    number_nouns=words(
        "choix option réponse proposition solution possibilité case ligne ème eme ième e"
    ),
    numbers=_numbered(
        "un une premier première 1er 1ere 1re 1ère",
        "deux deuxième second seconde 2eme 2ème 2e 2nd 2nde 2ieme",
        "trois troisième 3eme 3e 3ieme",
        "quatre quatrième 4eme 4e 4ieme",
        "cinq cinquième 5eme 5e 5ieme",
        "six sixième 6eme 6e 6ieme",
        "sept septième 7eme 7e 7ieme",
        "huit huitième 8eme 8e 8ieme",
        "neuf neuvième 9eme 9e",
    ),
    date_leads=words(
        "le la ne né née nee naissance date du je suis c est lundi mardi mercredi jeudi vendredi"
        " samedi dimanche de ma mon anniversaire en"
    ),
    months=_numbered(
        "janvier janv jan",
        "février fev fevr",
        "mars",
        "avril avr",
        "mai",
        "juin",
        "juillet juil",
        "août aout",
        "septembre sept",
        "octobre oct",
        "novembre nov",
        "décembre dec",
    ),
)

BY_LANGUAGE: Final[Mapping[str, ReplyWords]] = {"fr": FRENCH}


def reply_words(language: str) -> ReplyWords:
    """Return the words of a language; French for one that has no table yet."""
    return BY_LANGUAGE.get(language, FRENCH)
