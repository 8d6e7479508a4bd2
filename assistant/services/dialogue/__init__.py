"""What to answer to a message: who decides, the moves, the words obeyed everywhere."""
