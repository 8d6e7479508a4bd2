"""Tells in which format a source is written, by its columns alone."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum

from assistant.directory.readers.data_inclusion import DataInclusionReader
from assistant.directory.readers.france_services import FranceServicesReader
from assistant.directory.readers.mediation import MediationReader
from assistant.directory.readers.rows import Reader


class Format(StrEnum):
    """The formats that can be imported."""

    MEDIATION_V1 = "mediation-v1"
    MEDIATION_V0 = "mediation-v0"
    DATA_INCLUSION_V1 = "data-inclusion-v1"
    DATA_INCLUSION_V0 = "data-inclusion-v0"
    FRANCE_SERVICES = "france-services"

    @property
    def is_data_inclusion(self) -> bool:
        """Tell whether its structures and services come apart."""
        return self in {Format.DATA_INCLUSION_V1, Format.DATA_INCLUSION_V0}


_MEDIATION_V1 = frozenset(
    """
    dispositif_programmes_nationaux formations_labels autres_formations_labels frais_a_charge
    prise_en_charge_specifique publics_specifiquement_adresses modalites_acces fiche_acces_libre
    itinerance structure_parente courriels
    """.split()
)
_MEDIATION_V0 = frozenset(
    """
    labels_nationaux labels_autres publics_accueillis conditions_acces conditions_access
    accessibilite
    """.split()
)
_INCLUSION_V1 = frozenset(
    """
    horaires_accueil reseaux_porteurs accessibilite_lieu thematiques modes_mobilisation
    mobilisable_par zone_eligibilite lien_mobilisation publics modes_accueil
    """.split()
)
_INCLUSION_V0 = frozenset(
    """
    horaires_ouverture antenne rna lien_source thematiques types profils pre_requis cumulable
    justificatifs zone_diffusion_type formulaire_en_ligne labels_nationaux labels_autres
    modes_orientation_beneficiaire
    """.split()
)
# Without any of these a row says nothing of where it is.
_SOMEWHERE = frozenset({"commune", "code_postal", "adresse", "latitude", "code_insee"})


def recognise(columns: AbstractSet[str]) -> Format | None:
    """Return the format that these columns (as ``column_name`` spells them) belong to."""
    if {"id_fs", "lib_fs"} & columns or {"h_lundi", "h_mardi"} <= columns:
        return Format.FRANCE_SERVICES
    if "structure_id" in columns:
        is_v1 = len(_INCLUSION_V1 & columns) >= len(_INCLUSION_V0 & columns)
        return Format.DATA_INCLUSION_V1 if is_v1 else Format.DATA_INCLUSION_V0
    if "nom" not in columns or not _SOMEWHERE & columns:
        return None
    # "services" is of the places, "siret" of the structures; the rest is shared here and there.
    scores = {
        Format.MEDIATION_V1: len(_MEDIATION_V1 & columns) + 2 * ("pivot" in columns),
        Format.MEDIATION_V0: len(_MEDIATION_V0 & columns) + 2 * ("pivot" in columns),
        Format.DATA_INCLUSION_V1: len(_INCLUSION_V1 & columns) + 2 * ("siret" in columns),
        Format.DATA_INCLUSION_V0: len(_INCLUSION_V0 & columns) + 2 * ("siret" in columns),
    }
    if "services" in columns:
        scores[Format.MEDIATION_V1] += 3
        scores[Format.MEDIATION_V0] += 3
    return max(scores, key=scores.__getitem__)


def reader_of(source_format: Format) -> Reader:
    """Return the reader of a format."""
    match source_format:
        case Format.FRANCE_SERVICES:
            return FranceServicesReader()
        case Format.DATA_INCLUSION_V1 | Format.DATA_INCLUSION_V0:
            return DataInclusionReader()
        case Format.MEDIATION_V1 | Format.MEDIATION_V0:
            return MediationReader()
