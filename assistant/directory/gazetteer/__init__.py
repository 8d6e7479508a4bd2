"""Which commune, arrondissement, postcode or département somebody means; pure."""

from assistant.directory.gazetteer.area import Area, AreaKind, Mention, Resolution, ResolutionKind
from assistant.directory.gazetteer.gazetteer import Gazetteer

__all__ = ["Area", "AreaKind", "Gazetteer", "Mention", "Resolution", "ResolutionKind"]
