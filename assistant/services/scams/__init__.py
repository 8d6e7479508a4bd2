"""« Est-ce que ce SMS est vrai ? »: reading the message that somebody doubts, and answering."""
