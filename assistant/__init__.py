"""Pas à Pas: a conversational assistant that takes people by the hand through Mon espace santé."""

__version__ = "0.1.0"
