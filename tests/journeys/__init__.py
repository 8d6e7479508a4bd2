"""Written journeys: what real people would write, turn by turn, and what they would expect."""
