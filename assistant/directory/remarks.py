"""What an import has to say about a source, line by line: refused, left out, mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# Enough to find the cell again; a cell of a megabyte is no use in a report.
_SHOWN = 80


class Outcome(StrEnum):
    """What became of the value."""

    REFUSED = "refused"  # the whole row is left out
    DROPPED = "dropped"  # the row is taken without this value
    MENDED = "mended"  # the row is taken with a value put right


class Reason(StrEnum):
    """Why; the value is the sentence of the report."""

    # The row.
    TOO_MANY_CELLS = "plus de cellules que de colonnes"
    UNCLOSED_QUOTE = "guillemet ouvert et jamais refermé"
    ROW_TOO_LONG = "ligne démesurée"
    NOT_A_ROW = "ce n'est pas une fiche"
    NO_NAME = "aucun nom"
    NOWHERE = "ni commune, ni code postal, ni coordonnées"
    SAME_ID = "identifiant déjà lu plus haut dans ce fichier"
    CLOSED = "lieu signalé fermé ou suspendu"
    PROFESSIONALS_ONLY = "service que seuls des professionnels peuvent demander"
    NO_STRUCTURE = "service d'une structure absente du fichier"
    # The encoding and the text.
    ENCODING = "octets qui ne sont pas de l'UTF-8, lus comme du Windows-1252"
    HTML = "balises HTML retirées"
    FORMULA = "formule de tableur désamorcée"
    TOO_LONG = "texte raccourci"
    # Values.
    NO_ID = "aucun identifiant : tiré du nom et de l'adresse"
    LOST_ZERO = "zéro initial perdu, remis"
    NOT_A_POSTCODE = "ce n'est pas un code postal"
    NOT_AN_INSEE_CODE = "ce n'est pas un code INSEE"
    NOT_A_SIRET = "ce n'est ni un SIRET, ni un RNA, ni un RIDET"
    UNKNOWN_DATE = "date factice (1970, 1900…)"
    FUTURE_DATE = "date à venir"
    NOT_A_DATE = "ce n'est pas une date"
    SWAPPED = "latitude et longitude échangées, remises en ordre"
    OUTSIDE = "hors du territoire que dit le code postal, ou en mer"
    FAR_FROM_COMMUNE = "à plus de 40 km de sa commune : placé au centre de la commune"
    COMMUNE_POINT = "sans coordonnées : placé au centre de la commune"
    NOT_COORDINATES = "ce ne sont pas des coordonnées"
    PHONE_WRITTEN = "téléphone mis au format international"
    NOT_A_PHONE = "ce n'est pas un numéro de téléphone français"
    PREMIUM_PHONE = "numéro surtaxé"
    PERSONAL_PHONE = "numéro mobile, qui peut être celui d'une personne"
    PERSONAL_EMAIL = "adresse électronique d'une personne"
    NOT_AN_EMAIL = "ce n'est pas une adresse électronique"
    PERSONAL_IN_TEXT = "adresse électronique ou numéro mobile retiré du texte"
    NOT_A_LINK = "ce n'est pas un lien http"
    NOT_IN_LIST = "valeur absente de la liste du schéma"
    HOURS_WRITTEN = "horaires en toutes lettres, mis au format OpenStreetMap"
    HOURS_KEPT = "horaires incompris, gardés comme texte"
    HOURS_LIE = "horaires impossibles, gardés comme texte"


# Whose value must not be written down again, even in a report.
_PERSONAL = frozenset({Reason.PERSONAL_EMAIL, Reason.PERSONAL_PHONE, Reason.PERSONAL_IN_TEXT})


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say: where, about which value, why, and what became of it.

    ``line`` counts from 1, the header included; in JSON it is the rank of the item.
    """

    line: int
    column: str
    value: str
    reason: Reason
    outcome: Outcome


class Notes:
    """Collects the remarks about one row while it is read."""

    def __init__(self, line: int, remarks: Iterable[Remark] = ()) -> None:
        """Begin with what the container of the row had to say."""
        self.line = line
        self.remarks = list(remarks)

    def mended(self, column: str, value: object, reason: Reason) -> None:
        """Say that a value was put right."""
        self._add(column, value, reason, Outcome.MENDED)

    def dropped(self, column: str, value: object, reason: Reason) -> None:
        """Say that a value was left out."""
        self._add(column, value, reason, Outcome.DROPPED)

    def refused(self, column: str, value: object, reason: Reason) -> None:
        """Say that the row was left out because of this value."""
        self._add(column, value, reason, Outcome.REFUSED)

    def _add(self, column: str, value: object, reason: Reason, outcome: Outcome) -> None:
        shown = "…" if reason in _PERSONAL else " ".join(str(value).split())
        if len(shown) > _SHOWN:
            shown = shown[: _SHOWN - 1] + "…"
        self.remarks.append(Remark(self.line, column, shown, reason, outcome))


Tally = Counter[tuple[Outcome, Reason]]
