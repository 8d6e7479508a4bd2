"""The tests, by what they need: nothing, the tables, or the running product."""
