"""What the gazetteer answers."""

from dataclasses import dataclass
from enum import StrEnum


class AreaKind(StrEnum):
    """How an area is bounded."""

    COMMUNE = "commune"
    DISTRICT = "district"  # an arrondissement of Paris, Lyon or Marseille
    FORMER = "former"  # a commune that is now a part of another, whose name people still say
    POSTCODE = "postcode"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Area:
    """A part of France that somebody may live in.

    ``code`` is the INSEE code, the postcode or the number of the département; ``commune`` is the
    INSEE code of the commune as it is today (empty for a postcode or a département). Coordinates
    are WGS 84 degrees; ``approximate`` ones are a mean of neighbours, most within 15 km.
    ``population`` is 0 where it is unknown. ``label`` tells it apart from its namesakes.
    """

    kind: AreaKind
    code: str
    name: str
    label: str
    commune: str
    department: str
    population: int
    latitude: float
    longitude: float
    approximate: bool


class ResolutionKind(StrEnum):
    """Whether there is something to ask."""

    ONE = "one"
    SEVERAL = "several"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The areas that a text may mean, the likeliest first, four at most.

    ``exact`` is false when letters were mended, which the person may be told. ``left_out`` counts
    the namesakes beyond the choices: a postcode or a département would tell them apart.
    """

    choices: tuple[Area, ...] = ()
    exact: bool = True
    left_out: int = 0

    @property
    def kind(self) -> ResolutionKind:
        """Tell whether the text means one area, several or none."""
        if len(self.choices) > 1:
            return ResolutionKind.SEVERAL
        return ResolutionKind.ONE if self.choices else ResolutionKind.NONE


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a sentence, from character ``start`` to ``end`` (excluded)."""

    start: int
    end: int
    text: str
    resolution: Resolution
