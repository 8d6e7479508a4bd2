"""Words that several French rules of danger share."""

from __future__ import annotations

# Somebody of whom a danger is told.
SOMEBODY = (
    "il|elle|on|mari|femme|mere|pere|maman|papa|fils|fille|bebe|enfant|frere|soeur|copain|copine"
    "|ami|amie|voisin|voisine|conjoint|compagnon|compagne|grand|mamie|papi|petit|petite|tante|oncle"
    "|garcon|gamin|ado|neveu|niece|cousin|cousine|qui|ils|elles"
)
AGGRESSOR = (
    "mari|copain|conjoint|compagnon|ex|femme|copine|compagne|pere|mere|beau|belle|fils|fille|frere"
    "|soeur|oncle|voisin|patron|il|elle|papa|maman|mec|concubin|homme|monsieur|ils"
)
# Things that "die", "stop answering" or "drive mad" without anybody in danger.
THING = (
    "site|ordinateur|ordi|telephone|portable|tablette|ecran|serveur|page|appli|application|pc|souris"
    "|logiciel|internet|box|imprimante|clavier|machine|compte|espace|code|codes|connexion|programme"
)
PAST = (
    "an|ans|annee|annees|mois|semaines|dernier|derniere|suite|apres|antecedent|antecedents"
    "|ancien|avant|lors|autrefois"
)
YEAR = "19-|20-"
DRUGS = (
    "medicaments|medicament|cachets|comprimes|pilules|gelules|xanax|lexomil|doliprane|dolipranes"
    "|valium|somniferes|tramadol|morphine|methadone|antidepresseurs|insuline"
)
PAPERS = (
    "document|documents|certificat|attestation|compte|rendu|dossier|profil|espace|carnet|resultat|resultats|note|noter"
    "|ecrire|inscrire|mettre|ordonnance|radio"
)


def long_ago(words: str) -> tuple[str, ...]:
    """Give the phrases that set one of the words in the past, months or years ago."""
    return (f"{words} * {PAST}", f"{words} il y a * {PAST}", f"{words} * {YEAR}")
