"""Somebody near who helps: what is wished for, what is found, how it is talked about."""
