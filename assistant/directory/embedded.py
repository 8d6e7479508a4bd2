"""The data that the product is shipped with: see data/ATTRIBUTION.md."""

import functools
import gzip
from pathlib import Path

from assistant.directory.gazetteer import Gazetteer

DATA = Path(__file__).parent / "data"
#: Places in the form in which they were published, for the importer.
PLACES = DATA / "places.json.gz"
#: Columns of communes, as ``Places`` reads them.
COMMUNES = DATA / "communes.tsv.gz"


@functools.cache
def embedded_gazetteer() -> Gazetteer:
    """Read the communes and the ordinary words, once (0.1 s)."""
    return gazetteer_of(read_text(COMMUNES))


def gazetteer_of(communes: str) -> Gazetteer:
    """Index columns of communes, among the ordinary words."""
    return Gazetteer(communes, read_words(DATA / "words.tsv.gz"))


def read_text(path: Path) -> str:
    """Decompress a file of the data."""
    return gzip.decompress(path.read_bytes()).decode()


def read_words(path: Path) -> dict[str, int]:
    """Read how often each ordinary word is seen."""
    _, words, counts = (line.split("\t") for line in read_text(path).splitlines())
    return dict(zip(words[1:], map(int, counts[1:]), strict=True))
