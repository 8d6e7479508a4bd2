"""Readers of the formats in which France publishes such places."""
