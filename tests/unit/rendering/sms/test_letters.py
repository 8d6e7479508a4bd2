"""Every French letter and sign becomes readable GSM-7; another alphabet is left alone."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rendering.sms.letters import Replacement, offending, to_gsm7
from assistant.rendering.sms.parts import GSM7_SIGNS, Encoding, count

FRENCH = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    "àâäçéèêëîïôöùûüÿñæœÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÑÆŒ"
    "áãåāăąćčďđęěğíìĩīįıłńňóòõøőřśšşßťţúũūůűýźżžİŁŚŞŽ"
    " \u00a0\u202f\u2009\n\t.,;:!?…'’‘\"“”«»‹›()[]{}-\u2011–—/\\|_@&#%‰*+=<>×÷±≤≥≠≈~^`´°º²³½¼"
    "€$£§©®™•→←✓✗№\u200b\u00ad\ufeff"
    "ᵉʳˢᵗ"
    "🙂😀😉😢👍❤✅❌⚠☎📞👉🎉"
)
# One sign by itself may be a surrogate, which no text of ours holds but the world may send.
ANY_TEXT = st.text(alphabet=st.characters(), max_size=80)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Votre code a été reçu. Êtes-vous prêt…", "Votre code a été recu. Etes-vous pret..."),
        ("Appuyez sur « Suivant ».", 'Appuyez sur "Suivant".'),
        ("Prêt\u202f? Oui\u00a0!", "Pret ? Oui !"),
        ("L’œuvre, l’Œuf, CŒUR, ŒDIPE", "L'oeuvre, l'Oeuf, COEUR, OEDIPE"),
        ("ex æquo, ÆON", "ex æquo, ÆON"),
        ("e\u0301te\u0301 c\u0327a", "été ca"),
        ("le 1ᵉʳ mai, la 2ᵈᵉ fois", "le 1er mai, la 2de fois"),
        ("n° 5, N°3, nº 4", "no 5, No3, no 4"),
        ("38 °C, 20°, 10\u00a0°", "38 degrés C, 20 degrés, 10 degrés"),
        ("5 ‰", "5 pour mille"),
        ("1½ h, ¼", "1 1/2 h, 1/4"),
        ("12 m², 10²", "12 m2, 10^2"),
        ("3\u202f422\u00a0€", "3 422 €"),
        ("a – b — c ‑ d", "a - b - c - d"),
        ("• un\n• deux", "- un\n- deux"),
        ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
        ("≤ 3, ≥ 2, 2 × 2", "<= 3, >= 2, 2 x 2"),
        ("Bravo 🎉🎉 !", "Bravo !"),
        ("🎉 Bravo", "Bravo"),
        ("Bravo 🎉", "Bravo"),
        ("Bravo🎉. Oui🎉non", "Bravo. Oui non"),
        ("D'accord 👍🏽", "D'accord OK"),
        ("☎️ 3422, ⚠️ non", "Tél. 3422, (!) non"),
        ("1️⃣ Oui 2️⃣ Non", "1 Oui 2 Non"),
        ("👩‍👩‍👧 ensemble 🇫🇷", "ensemble"),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("Łódź, Škoda, İstanbul, Nguyễn", "Lodz, Skoda, Istanbul, Nguyen"),
        ("ﬁn, №5, ™, ８", "fin, No5, TM, 8"),
        ("٣٤٢٢", "3422"),
    ],
)
def test_what_is_sent(written: str, sent: str) -> None:
    assert to_gsm7(written) == sent
    assert count(sent).encoding is Encoding.GSM7


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا « oui » ça va ?",
        "Привіт, як справи?",
        "你好 ça",
        "Γειά σου",
        "नमस्ते",
        "ሰላም",
        "שלום ’",
    ],
)
def test_another_alphabet_stays_as_it_is(text: str) -> None:
    assert to_gsm7(text) == text
    assert count(text).encoding is Encoding.UCS2
    assert any(found.written is None for found in offending(text))


@pytest.mark.parametrize(
    "exact",
    [
        "https://www.monespacesante.fr/enrolement/cloture/accueil",
        "www.ameli.fr/assure?id=1&x=~y#z",
        "marie.dupond+sante@exemple.fr",
        "Code : 7F_x-9 {a|b} [c] \\d ^e",
        "0 800 00 00 00 / 3422",
    ],
)
def test_what_must_be_copied_is_not_touched(exact: str) -> None:
    assert to_gsm7(exact) == exact
    assert not offending(exact)


def test_an_address_keeps_its_meaning() -> None:
    assert to_gsm7("https://exemple.fr/reçu…") == "https://exemple.fr/re%C3%A7u..."


@pytest.mark.parametrize("sign", list(FRENCH))
def test_every_french_sign_has_a_readable_form(sign: str) -> None:
    sent = to_gsm7(f"x{sign}y")
    assert GSM7_SIGNS.issuperset(sent)
    assert sent.startswith("x")
    assert sent.endswith("y")
    if sign.isalnum():
        # A letter is followed by its own base letter, never dropped.
        base = unicodedata.normalize("NFKD", sign)[0]
        assert len(sent) > 2
        assert base in "œŒđłıŁ" or sent[1] in {base, sign}


@given(st.text(alphabet=FRENCH, max_size=200))
def test_french_always_travels_in_gsm7(text: str) -> None:
    assert count(to_gsm7(text)).encoding is Encoding.GSM7


@given(st.one_of(ANY_TEXT, st.text(alphabet=FRENCH + "شжα", max_size=80)))
def test_total_and_twice_is_once(text: str) -> None:
    once = to_gsm7(text)
    assert to_gsm7(once) == once


@given(ANY_TEXT)
def test_text_is_either_gsm7_or_untouched(text: str) -> None:
    sent = to_gsm7(text)
    assert sent == text or GSM7_SIGNS.issuperset(sent)


@given(st.text(alphabet=sorted(GSM7_SIGNS - {"\r", "\f"}), max_size=200))
def test_gsm7_is_not_touched(text: str) -> None:
    assert to_gsm7(text) == text
    assert offending(text) == ()


@given(st.text(alphabet=FRENCH, max_size=80))
def test_words_keep_their_places(text: str) -> None:
    plain = [word for word in re.split(r"[^a-zA-Z0-9]+", text) if word]
    sent = to_gsm7(text)
    position = 0
    for word in plain:
        position = sent.find(word, position)
        assert position >= 0
        position += len(word)


@given(st.text(alphabet=FRENCH + "ش", max_size=80))
def test_offending_signs_stand_where_they_are_said_to(text: str) -> None:
    found = offending(text)
    for each in found:
        assert text[each.position : each.position + len(each.sign)] == each.sign
        assert each.written is None or GSM7_SIGNS.issuperset(each.written)
    assert bool(found) >= (count(text).encoding is Encoding.UCS2)


def test_offending_signs_come_with_what_to_write() -> None:
    assert offending("Reçu 😀 à l’an م") == (
        Replacement(2, "ç", "c"),
        Replacement(5, "😀", ":)"),
        Replacement(10, "’", "'"),
        Replacement(14, "م", None),
    )
