"""Reminders by SMS: asked for in one's own words, agreed to, told once."""
