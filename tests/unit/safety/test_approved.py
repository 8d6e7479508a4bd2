"""Nothing leaves with a number to call or an address that nobody approved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.approved import find_unapproved

PHONES = [
    "3422",
    "15",
    "112",
    "114",
    "33700",
    "01 42 34 56 78",
    "0 800 123 456",
    "+262 262 12 34 56",
]
URLS = [
    "https://www.monespacesante.fr",
    "monespacesante.fr/enrolement",
    "https://www.service-public.fr/particuliers/vosdroits/F36151",
    "17cyber.gouv.fr",
]


def _values(text: str) -> list[str]:
    return [unapproved.value for unapproved in find_unapproved(text, PHONES, URLS)]


@pytest.mark.parametrize(
    "text",
    [
        "Appelez le 3422.",
        "Appelez le 34 22.",
        "Faites le 15 ou le 112.",
        "Par SMS, écrivez au 114.",
        "Transférez le message au 33700.",
        "Tél. 01 42 34 56 78",
        "Tél. 01.42.34.56.78",
        "+33 1 42 34 56 78",
        "0033142345678",
        "Appelez le 0800 123 456",
        "0262 12 34 56",
        "اتصل على ١٥",
        "3422'yi arayın",
        # no number to call
        "le 15 du mois",
        "jusqu'au 15 mars",
        "au 12 rue de Paris",
        "Tapez 1",
        "Étape 2 sur 6",
        "1 = oui, 2 = non",
        "un code de 12 caractères",
        "75012 Paris",
        "de 8h30 à 17h30",
        "le 12/03/2024",
        "en 2022",
        "0,06 € la minute",
        "Envoyez 1234 au 114",
        # addresses
        "monespacesante.fr/enrolement",
        "MonEspaceSante.fr/enrolement/cloture/accueil",
        "http://monespacesante.fr/enrolement/",
        "https://www.monespacesante.fr.",
        "(www.monespacesante.fr/x?y=1#z)",
        "https://www.service-public.fr/particuliers/vosdroits/F36151",
        "17cyber.gouv.fr, c'est gratuit",
        "C'est fini.Ensuite tapez 1",
        "M.Dupont",
        "assurance-maladie@info.ameli.fr",
        "",
    ],
)
def test_what_is_approved_or_nothing_to_approve_passes(text: str) -> None:
    assert _values(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Appelez le 3423.", ["3423"]),
        ("Composez le 18.", ["18"]),
        ("Appelez le 15, le 17 ou le 112", ["17"]),
        ("Vous pouvez appeler gratuitement le 3919", ["3919"]),
        ("Appelez le 36 46", ["36 46"]),
        ("Tél : 3646", ["3646"]),
        ("au 3646", ["3646"]),
        ("Envoyez STOP au 36111", ["36111"]),
        ("01 42 34 56 79", ["01 42 34 56 79"]),
        ("01 42 34 56 78 / 06 12 34 56 78", ["06 12 34 56 78"]),
        ("+44 20 7946 0958", ["+44 20 7946 0958"]),
        ("0612345678", ["0612345678"]),
        ("Call 911", ["911"]),
        ("اتصل على ١٨", ["١٨"]),
        ("tel:3423", ["3423"]),
        ("monespace-sante.fr", ["monespace-sante.fr"]),
        ("monespacesante.fr.evil.com", ["monespacesante.fr.evil.com"]),
        ("https://monespacesante.fr@evil.com/", ["https://monespacesante.fr@evil.com/"]),
        ("https://monespacesante.fr/", ["https://monespacesante.fr/"]),
        ("monespacesante.fr/enrolementx", ["monespacesante.fr/enrolementx"]),
        ("monespacesante.fr/enrolement/../x", ["monespacesante.fr/enrolement/../x"]),
        ("monespacesante.fr/enrolement/%2e%2e/x", ["monespacesante.fr/enrolement/%2e%2e/x"]),
        ("monespac\N{CYRILLIC SMALL LETTER IE}sante.fr/enrolement", None),
        ("monespacesante\N{IDEOGRAPHIC FULL STOP}evil.fr", None),
        ("www.monespacesante.fr:8443/", ["www.monespacesante.fr:8443/"]),
        ("www.monespacesante.fr%2eevil.com", ["www.monespacesante.fr%2eevil.com"]),
        ("ftp://www.monespacesante.fr/", ["ftp://www.monespacesante.fr/"]),
        ("http://192.168.1.1/x", ["http://192.168.1.1/x"]),
        ("bit.ly/xyz", ["bit.ly/xyz"]),
        ("javascript:alert(1)//", None),
        ("Appelez le 3423 ou voyez evil.com", ["3423", "evil.com"]),
    ],
)
def test_what_nobody_approved_is_found(text: str, values: list[str] | None) -> None:
    found = _values(text)
    assert found == values if values is not None else found


@given(st.text(max_size=80))
def test_what_is_found_is_written_in_the_text(text: str) -> None:
    for unapproved in find_unapproved(text, PHONES, URLS):
        assert unapproved.value


@given(st.from_regex(r"0[1-79]( [0-9]{2}){4}", fullmatch=True))
def test_any_other_number_is_found(phone: str) -> None:
    unapproved = find_unapproved(f"Un conseiller répond au {phone}.", PHONES, URLS)
    assert [item.value for item in unapproved] == ([] if phone == PHONES[5] else [phone])


@given(st.from_regex(r"[a-z]{3,10}\.(fr|com|org|info)(/[a-z]{1,5})?", fullmatch=True))
def test_any_other_address_is_found(address: str) -> None:
    unapproved = find_unapproved(f"Voyez {address} pour la suite.", PHONES, URLS)
    assert [item.value for item in unapproved] == [address]
