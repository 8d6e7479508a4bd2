"""Makers of invented numbers that everybody may read, for the sets that try masking."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from stdnum import luhn

from tests.unit.safety.masking_values import digits

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_TOWNS = "Gap Paris Lyon Lille Mende Digne Tulle Auch Rodez Brest Nantes Nîmes Pau Tours".split()


def make_phone(random: Random) -> str:
    """Make a telephone number of France, overseas or abroad, in one of its spellings."""
    head = random.choice("1234566779")
    pairs = [digits(random, 2) for _ in range(4)]
    overseas = random.choice(["0690", "0692", "0696", "0694", "0262", "0590", "0639"])
    return random.choice(
        [
            f"0{head} {' '.join(pairs)}",
            f"0{head}{''.join(pairs)}",
            f"0{head}.{'.'.join(pairs)}",
            f"0{head}-{'-'.join(pairs)}",
            f"0{head}/{'/'.join(pairs)}",
            f"+33 {head} {' '.join(pairs)}",
            f"+33{head}{''.join(pairs)}",
            f"+33 (0){head} {' '.join(pairs)}",
            f"0033 {head} {' '.join(pairs)}",
            f"0033{head}{''.join(pairs)}",
            f"0{head}\N{NO-BREAK SPACE}{chr(0xA0).join(pairs)}",
            f"0{head}{pairs[0]} {pairs[1]}{pairs[2]} {pairs[3]}",
            f"0{head}{pairs[0]} {pairs[1]} {pairs[2]} {pairs[3]}",
            f"0{head} {pairs[0]}{pairs[1]} {pairs[2]}{pairs[3]}",
            f"O{head} {' '.join(pairs)}",
            f"{overseas} {' '.join(pairs[:3])}",
            f"{overseas}{''.join(pairs[:3])}",
            f"+262 692 {' '.join(pairs[:3])}",
            f"+590690{''.join(pairs[:3])}",
            f"+32 4{pairs[0]} {' '.join(pairs[1:])}",
            f"+212 6 {' '.join(pairs)}",
            f"0 800 {digits(random, 3)} {digits(random, 3)}",
            f"0805 {digits(random, 3)} {digits(random, 3)}",
        ]
    )


def _date(random: Random) -> str:
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(1925, 2029)
    return random.choice(
        [
            f"{day:02d}/{month:02d}/{year}",
            f"{day}/{month}/{year}",
            f"{day:02d}-{month:02d}-{year}",
            f"{day:02d}.{month:02d}.{year}",
            f"{day:02d} {month:02d} {year}",
            f"{day:02d}/{month:02d}/{year % 100:02d}",
            f"{day} {_MONTHS[month - 1]} {year}",
            f"{day:02d}/{month:02d}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day:02d}{month:02d}{year}",
            f"{year}",
        ]
    )


def _hours(random: Random) -> str:
    first, last = random.randint(7, 12), random.randint(13, 19)
    half = random.choice(["00", "15", "30", "45"])
    return random.choice(
        [
            f"{first}h{half}",
            f"{first}:{half}",
            f"de {first} à {last}",
            f"{first}h-12h {14}h-{last}h",
            f"{first}h{half}-12h30 14h00-{last}h{half}",
            f"{first} h {half}",
            f"{first:02d}:{half}-{last}:{half}",
            f"{first} heures",
        ]
    )


def _amount(random: Random) -> str:
    small = random.randint(1, 999)
    return random.choice(
        [
            f"{small} euros",
            f"{small},{random.randint(10, 99)} €",
            f"{small}€",
            f"{random.randint(1, 9)} {digits(random, 3)} euros",
            f"{small} {digits(random, 3)},{digits(random, 2)} €",
            f"{random.randint(1, 9)}.{digits(random, 3)}.{digits(random, 3)} euros",
            f"{random.randint(10, 99)} {digits(random, 3)} {digits(random, 3)} €",
            f"{random.randint(1, 9)} {digits(random, 3)} {digits(random, 3)} {digits(random, 3)} €",
            f"{random.randint(1, 9)}{digits(random, 4)} euros",
            f"{random.randint(2, 9)}0 000 000",
        ]
    )


def _postcode(random: Random) -> str:
    code = f"{random.randint(1, 95):02d}{random.choice(['000', '100', '300', '012', '250'])}"
    code = random.choice([code, code, "97400", "97110", "20200", "98800", "2A004"])
    return random.choice([code, f"{code} {random.choice(_TOWNS)}"])


def _address(random: Random) -> str:
    number = random.choice([str(random.randint(1, 250)), f"{random.randint(1, 90)} bis", "12b"])
    street = random.choice(["rue de la Paix", "avenue Foch", "chemin des Lilas", "place du Marché"])
    town = (
        f"{random.randint(1, 95):02d}{random.choice(['000', '100', '250'])} {random.choice(_TOWNS)}"
    )
    return random.choice(
        [f"{number} {street} {town}", f"{number}, {street}", f"bat 3 appt 204 {town}"]
    )


def _siret(random: Random) -> str:
    siren = digits(random, 8)
    siren += luhn.calc_check_digit(siren)
    whole = f"{siren}{random.randint(1, 30):04d}0"[:13]
    whole += luhn.calc_check_digit(whole)
    spaced = f"{whole[:3]} {whole[3:6]} {whole[6:9]} {whole[9:]}"
    return random.choice(
        [
            f"siret {whole}",
            f"SIRET : {spaced}",
            f"n° siret {spaced}",
            f"siren {siren}",
            f"SIREN {siren[:3]} {siren[3:6]} {siren[6:]}",
            f"n° SIRET : {whole}",
        ]
    )


def _reference(random: Random) -> str:
    year = random.randint(2019, 2027)
    return random.choice(
        [
            f"dossier {digits(random, 8)}",
            f"numéro de dossier {digits(random, 9)}",
            f"dossier n° {year}-{digits(random, 6)}",
            f"référence {digits(random, 10)}",
            f"réf : {digits(random, 7)}",
            f"ref DOS-{year}-{digits(random, 5)}",
            f"commande {digits(random, 10)}",
            f"commande n° {digits(random, 9)}",
            f"ma commande {digits(random, 3)}-{digits(random, 7)}-{digits(random, 7)}",
            f"facture {year}{digits(random, 6)}",
            f"facture n°{digits(random, 7)}",
            f"ticket {digits(random, 6)}",
            f"devis {year}/{digits(random, 4)}",
            f"contrat {digits(random, 8)}",
            f"rendez-vous n° {digits(random, 7)}",
            f"numéro client {digits(random, 8)}",
            f"n° abonné {digits(random, 9)}",
            f"courrier réf {digits(random, 2)}.{digits(random, 3)}.{digits(random, 4)}",
            f"article L{random.randint(1111, 6143)}-{random.randint(1, 99)}",
            f"cerfa {digits(random, 5)}*0{random.randint(1, 9)}",
            f"fiche F{digits(random, 5)}",
            "F36151",
            f"formulaire S{digits(random, 4)}",
            f"RPPS 1{digits(random, 10)}",
            f"finess {digits(random, 9)}",
        ]
    )


def _parcel(random: Random) -> str:
    return random.choice(
        [
            f"colis {random.choice(['6A', '8R', '8V', '5S'])}{digits(random, 11)}",
            f"suivi {random.choice(['LP', 'RR', 'CB', 'XY'])}{digits(random, 9)}FR",
            f"colis {digits(random, 8)}",
            f"numéro de suivi {digits(random, 11)}",
            f"suivi colissimo 6A {digits(random, 5)} {digits(random, 5)} {digits(random, 1)}",
            f"mondial relay {digits(random, 8)} colis",
        ]
    )


def _vehicle(random: Random) -> str:
    return random.choice(
        [
            f"AB-{digits(random, 3)}-CD",
            f"FG {digits(random, 3)} HJ",
            f"{digits(random, 4)} XB 75",
            f"TGV {random.randint(1000, 9999)}",
            f"train {random.randint(1000, 9999)}",
            f"TER {random.randint(800000, 899999)}",
            f"le bus {random.randint(1, 300)}",
            f"ligne {random.randint(1, 99)}",
            f"vol AF{digits(random, 4)}",
            f"la D{digits(random, 3)}",
        ]
    )


def _quantity(random: Random) -> str:
    return random.choice(
        [
            f"{random.randint(18, 99)} ans",
            f"{random.randint(2, 6)} enfants",
            f"{random.randint(2, 900)} Ko",
            f"{random.randint(1, 9)},{random.randint(1, 9)} Go",
            f"{random.randint(1, 9)} {digits(random, 3)} {digits(random, 3)} octets",
            f"{random.randint(1, 100)} %",
            f"{random.randint(5, 12)},{random.randint(0, 9)} de tension",
            f"tension {random.randint(11, 16)}/{random.randint(6, 9)}",
            f"glycémie {random.randint(0, 2)},{digits(random, 2)}",
            f"{random.randint(100, 1000)} mg",
            f"1-0-1 pendant {random.randint(3, 10)} jours",
            f"étape {random.randint(1, 4)} sur {random.randint(5, 9)}",
            f"page {random.randint(1, 40)}/{random.randint(41, 99)}",
            f"{random.randint(2, 9)} fois",
            f"{random.randint(1, 3)}e étage porte {random.randint(1, 40)}",
            "1, 2 ou 3",
            f"{random.randint(10, 99)} kg et 1m{random.randint(50, 90)}",
            f"{random.randint(2, 67)} millions de gens",
            f"{digits(random, 2)} {digits(random, 3)} habitants".lstrip("0"),
            f"version {random.randint(1, 20)}.{random.randint(0, 20)}.{random.randint(0, 9)}",
            f"iphone {random.randint(8, 16)}",
            f"android {random.randint(8, 15)}",
            f"erreur {random.randint(400, 504)}",
            f"erreur {digits(random, 4)}",
        ]
    )


def _short_number(random: Random) -> str:
    return random.choice("3422 3646 15 112 114 17 18 3114 3919 33700 3960 119 115 116117".split())


HARMLESS: dict[str, Callable[[Random], str]] = {
    "phone": make_phone,
    "date": _date,
    "hours": _hours,
    "amount": _amount,
    "postcode": _postcode,
    "address": _address,
    "business": _siret,
    "reference": _reference,
    "parcel": _parcel,
    "vehicle": _vehicle,
    "quantity": _quantity,
    "short_number": _short_number,
}
