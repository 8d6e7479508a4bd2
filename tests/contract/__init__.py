"""What other programs are promised, and what they promise us, held to recorded bodies."""
