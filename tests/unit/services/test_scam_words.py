"""« Est-ce que ce SMS est vrai ? »: pasted, described or only asked, and what only sounds alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.content_files import load_content
from assistant.domain.conversation import Conversation, DialogueState, Holder, Position, Session
from assistant.domain.whom import told_both_ways
from assistant.flows.document import texts
from assistant.services.dialogue.precedence import take_precedence
from assistant.services.scams.words import Sign, read_doubted
from tests.journeys.journey import meanings

L, M, H, P = Sign.LINK, Sign.MONEY, Sign.HURRY, Sign.PRETEXT

PASTED = {
    "Ameli : votre carte vitale arrive a expiration, veuillez mettre a jour vos informations pour"
    " eviter la suspension de vos droits https://carte-vitale-maj.info": {L, M, H, P},
    "CPAM : votre carte vitale n'est plus valable, renouvelez-la vite sur"
    " http://renouvellement-vitale.net": {L, P},
    "Assurance Maladie : votre nouvelle carte vitale est disponible, réglez les frais d'envoi sur"
    " https://vitale-livraison.com": {L, M, P},
    "ameli vous avez un remboursement en attente cliquez sur ce lien pour le recevoir": {L, P},
    "sms : dernière relance carte vitale, mettez vos coordonnées à jour en cliquant ici": {H, M},
    "Votre colis est en attente. Payez 1,99 € de frais de livraison : https://colis-suivi.top": {
        L,
        M,
        P,
    },
    "Chronopost: votre colis n'a pas pu etre livre, choisissez un creneau chrono-relais.info/fr": {
        L,
        P,
    },
    "ANTAI : vous avez une amende impayée de 35€. Réglez sous 48h sur amende-gouv.net sinon elle"
    " sera majorée": {L, M, H, P},
    "Infraction : dernier avis avant majoration, votre amende est a payer ici"
    " https://bit.ly/3xYz": {L, M, H, P},
    "CPF : vos droits de formation expirent bientôt, cliquez https://cpf-mon.info": {L, H, P},
    "Mon compte formation : il vous reste 1500 euros de CPF, expiration demain": {H, P},
    "Crédit Agricole : votre compte sera suspendu, confirmez vos coordonnées bancaires": {M, H, P},
    "Votre espace santé est bloqué, validez votre carte bancaire sur http://mes-sante.co": {
        L,
        M,
    },
    "Impots: vous avez un remboursement de 240 euros disponible, https://impots-remb.com": {L, P},
    "Votre vignette Crit'Air est obligatoire. Evitez la majoration et payez vite sur"
    " critair-fr.com": {L, M, H},
    "Votre abonnement est suspendu, mettez à jour votre carte ici www.netflix-pay.net": {L, M},
    "Urgent ! Votre dossier ameli est incomplet. Cliquez vite sur bit.ly/ameli1": {L, H},
    "Livreur: bonjour votre colis ne rentre pas dans la boite, reprogrammez"
    " https://livraison.click/a": {L, P},
    "Doctolib : confirmez votre rendez-vous demain 9h": None,
}
DESCRIBED = {
    "j'ai reçu ça : votre colis est bloqué payez 1,99 sur http://colis-fr.info c'est vrai ?": {
        L,
        M,
        P,
    },
    "j'ai reçu un sms de l'assurance maladie qui dit de cliquer sur http://ameli-maj.fr pour ma"
    " carte vitale expirée, c'est vrai ?": {L},
    "le sms de la cpam demande ma carte bancaire c'est vrai ?": {M},
    "j'ai reçu un message qui demande de payer pour la carte vitale": {M, P},
    "j ai recu un texto avec un lien pour une amende": {L, P},
    "c'est une arnaque ce sms de colis ?": {P},
    "on m'a envoyé un mail qui dit que mon cpf expire bientôt est ce vrai": {P},
    "g recu un sms pr un colis faut cliquer sur le lien c vrai ?": {L, P},
    "ce message qui dit que mon compte est bloqué c'est vrai ou faux": {P},
    "jai recu un mail ki demande mon rib c une arnak ?": {M},
    "est-ce que le sms sur l'amende de stationnement est un vrai ou un faux": {P},
    "j'ai reçu un sms urgent de ma banque avec un lien, je clique ou pas": {L, H},
}
TOLD_WITHOUT_A_SIGN = [
    "j'ai reçu un sms qui dit « bonjour, votre dossier est prêt », c'est vrai ?",
    "est-ce que ce message est vrai : Bonjour, votre rendez-vous est noté pour jeudi",
    "ce mail dit que mon espace santé est ouvert, c'est vrai ?",
    "le message parle de mon médecin, est-ce que c'est vrai ?",
]
ASKED = [
    "Est-ce que ce SMS est vrai ?",
    "c koi ce sms c vrai ?",
    "ce message est-il vrai ou faux",
    "c'est vrai ce message",
    "est ce ke c vrai ce sms",
    "comment savoir si ce mail est officiel",
    "ce texto est fiable ?",
    "est-ce que ce mail vient vraiment de l'assurance maladie",
    "c'est un vrai message ou un faux ?",
    "je peux faire confiance à ce sms ?",
    "ce sms c'est une arnaque ?",
    "j'ai reçu un texto, c'est vrai ou pas ?",
    "ce courriel est authentique ?",
    "est-ce que je dois répondre à ce message",
]
NEITHER = [
    "c'est vrai que je peux refuser ?",
    "j'ai reçu un sms de l'assurance maladie avec mon code provisoire",
    "j'ai reçu un message de mon espace santé avec un code",
    "c'est vrai que le médecin voit mes messages ?",
    "est-ce que vous êtes un vrai humain",
    "est-ce que ce message est écrit par un vrai conseiller",
    "c'est vrai ?",
    "je ne reçois pas le sms avec le code",
    "le code dans le sms a expiré",
    "le lien ne marche pas",
    "je clique sur le lien et rien",
    "je n'arrive pas à ouvrir monespacesante.fr",
    "je dois payer pour ma carte vitale ?",
    "faut-il renouveler sa carte vitale",
    "ma carte vitale est expirée",
    "ma carte vitale arrive à expiration que faire",
    "j'ai cliqué sur le lien du sms et donné ma carte",
    "j'ai donné ma carte bleue à un faux site",
    "je me suis fait arnaquer par sms",
    "jé cliké sur un lien dans un sms",
    "je veux recevoir les messages par sms",
    "j'ai reçu une lettre avec un code",
    "mon fils a reçu un mail de doctolib pour son rendez-vous",
    "envoyez-moi le lien par sms",
    "vous pouvez m'envoyer un message demain ?",
    "est-ce que vous vendez mes données",
    "c'est gratuit votre service ?",
    "je n'ai pas de mail",
    "mon mail est faux je veux le changer",
    "il faut un vrai numéro de téléphone ?",
    "est-ce vraiment obligatoire",
    "le message dit code erroné",
    "c'est urgent je n'ai plus mes médicaments",
    "bonjour",
    "oui",
    "mon code est dans le sms mais il a expiré hier",
    "je voudrais envoyer un document à mon médecin par message",
    "comment être sûr que mes données sont protégées",
    "j'ai un message d'erreur",
    "ça me demande un code que je n'ai pas reçu par mail",
]


def test_the_list_is_long_enough() -> None:
    everything = (*PASTED, *DESCRIBED, *TOLD_WITHOUT_A_SIGN, *ASKED, *NEITHER)
    assert len(set(everything)) == len(everything) >= 80


@pytest.mark.parametrize(("text", "signs"), [*PASTED.items(), *DESCRIBED.items()])
def test_the_signs_of_a_message(text: str, signs: set[Sign] | None) -> None:
    doubted = read_doubted(text)
    if signs is None:
        assert doubted is None
        return
    assert doubted is not None
    assert doubted.told
    assert signs <= set(doubted.signs)
    assert take_precedence(text, None, someone()).doubted == doubted


@pytest.mark.parametrize("text", TOLD_WITHOUT_A_SIGN)
def test_a_message_that_bears_no_sign(text: str) -> None:
    doubted = take_precedence(text, None, someone()).doubted
    assert doubted is not None
    assert doubted.told
    assert doubted.signs == ()


@pytest.mark.parametrize("text", ASKED)
def test_the_question_without_the_message(text: str) -> None:
    doubted = take_precedence(text, None, someone()).doubted
    assert doubted is not None
    assert not doubted.told


@pytest.mark.parametrize("text", NEITHER)
def test_what_doubts_no_message(text: str) -> None:
    assert read_doubted(text) is None


def test_the_habits_of_the_health_insurance_are_told_in_its_name_alone() -> None:
    named = read_doubted("le sms de la cpam demande ma carte bancaire c'est vrai ?")
    other = read_doubted("c'est une arnaque ce sms de colis ?")
    assert named is not None
    assert other is not None
    assert (named.insured, other.insured) == (True, False)


def test_no_answer_on_offer_is_a_doubted_message() -> None:
    content = load_content()
    labels = {
        told
        for document in (*content.flows.values(), content.needs)
        for key, text in texts(document).items()
        if "/option/" in key or key.endswith("/label")
        for told in told_both_ways(text)
    }
    assert len(labels) > 200
    assert {label for label in labels if read_doubted(label) is not None} == set()


def test_what_people_write_on_their_journeys_is_doubted_in_one_need_alone() -> None:
    doubted = {text: need for text, need in meanings().items() if read_doubted(text) is not None}
    assert set(doubted.values()) == {"arnaque"}


def test_the_guide_asks_in_its_own_order_and_reads_what_is_pasted() -> None:
    position = Position("arnaque", "", "situation")
    inside = replace(someone(), state=DialogueState(session=Session((position,))))
    assert take_precedence("c'est vrai ou faux ce sms", None, inside).doubted is None
    assert take_precedence(next(iter(PASTED)), None, inside).doubted is not None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    doubted = read_doubted(text)
    assert doubted is None or len(set(doubted.signs)) == len(doubted.signs)


def someone() -> Conversation:
    """Somebody who begins."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Conversation(
        id="",
        language="fr",
        held_by=Holder.ASSISTANT,
        state=DialogueState(),
        version=0,
        rasa_session="",
        rasa_turns=0,
        shared_device=False,
        created_at=now,
        last_activity_at=now,
    )
