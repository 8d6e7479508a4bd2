"""Everything that the assistant may say, on one page, for a person to read before it goes out."""
