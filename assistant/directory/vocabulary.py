"""The closed lists in which places are described: those of the national schema, v1.0.2.

Each value is the label of the schema (https://github.com/LaMednum/standard-mediation-num), which is
what is written out; ``HEALTH`` alone is ours: the old schema had it and the new one lost it.
"""

from __future__ import annotations

from enum import StrEnum


class Service(StrEnum):
    """What a place helps with."""

    PROCEDURES = "Aide aux démarches administratives"
    HEALTH = "Accompagner les démarches de santé"
    EVERYDAY_TOOLS = "Maîtrise des outils numériques du quotidien"
    EMPLOYMENT = "Insertion professionnelle via le numérique"
    SAFETY = "Utilisation sécurisée du numérique"
    PARENTING = "Parentalité et éducation avec le numérique"
    LEISURE = "Loisirs et créations numériques"
    UNDERSTANDING = "Compréhension du monde numérique"
    ACCESS = "Accès internet et matériel informatique"
    EQUIPMENT = "Acquisition de matériel informatique à prix solidaire"


class Audience(StrEnum):
    """Whom a place is meant for, when not for everybody."""

    YOUNG = "Jeunes"
    STUDENTS = "Étudiants"
    FAMILIES = "Familles et/ou enfants"
    SENIORS = "Seniors"
    WOMEN = "Femmes"


class Care(StrEnum):
    """The difficulties for which a place is prepared."""

    DEAFNESS = "Surdité"
    MOTOR = "Handicaps moteurs"
    MENTAL = "Handicaps mentaux"
    ILLITERACY = "Illettrisme"
    ENGLISH = "Langues étrangères (anglais)"
    OTHER_LANGUAGES = "Langues étrangères (autres)"
    SIGHT = "Déficience visuelle"


class Fee(StrEnum):
    """What it costs."""

    FREE = "Gratuit"
    FREE_FOR_SOME = "Gratuit sous condition"
    PAID = "Payant"


class Programme(StrEnum):
    """The national programmes that a place belongs to."""

    AIDANTS_CONNECT = "Aidants Connect"
    LIBRARY = "Bibliothèques numérique de référence"
    PIX = "Certification PIX"
    CONSEILLERS = "Conseillers numériques"
    EMMAUS_CONNECT = "Emmaüs Connect"
    FRANCE_SERVICES = "France Services"
    GRANDE_ECOLE = "Grande école du numérique"
    RED_CROSS = "La Croix Rouge"
    CAF = "Point d'accès numérique CAF"
    PROMENEURS = "Promeneurs du net"
    RELAIS = "Relais numérique (Emmaüs Connect)"


class Label(StrEnum):
    """What the people of a place were trained for."""

    MON_ESPACE_SANTE = "Formé à « Mon Espace Santé »"
    DUPLEX = "Formé à « DUPLEX » (illettrisme)"
    ARNIA = "Arnia/MedNum BFC (Bourgogne-Franche-Comté)"
    REUSE = "Collectif ressources et acteurs réemploi (Normandie)"
    LA_POSTE = "Étapes numériques(La Poste)"
    FABRIQUES = "Fabriques de Territoire"
    ECLAIREURS = "Les Éclaireurs du numérique (Drôme)"
    MES_PAPIERS = "Mes Papiers (Métropole de Lyon)"
    ORDI = "ORDI 3.0"
    SUD_LABS = "SUD LABS (PACA)"


class Access(StrEnum):
    """How one comes to a place."""

    WALK_IN = "Se présenter"
    PHONE = "Téléphoner"
    MAIL = "Contacter par mail"
    BOOK_ONLINE = "Prendre un RDV en ligne"
    NO_PUBLIC = "Ce lieu n'accueille pas de public"
    PRESCRIPTION = "Envoyer un mail avec une fiche de prescription"


class Support(StrEnum):
    """In which manner a place helps."""

    ALONE = "En autonomie"
    INDIVIDUAL = "Accompagnement individuel"
    WORKSHOP = "Dans un atelier collectif"
    REMOTE = "À distance"


class Roaming(StrEnum):
    """Whether a place stays or travels."""

    TRAVELS = "Itinérant"
    STAYS = "Fixe"
