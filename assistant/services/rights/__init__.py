"""The person's rights over what we keep: to know it, to take it along, to have it erased."""
