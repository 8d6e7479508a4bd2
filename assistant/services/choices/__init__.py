"""« Mes choix »: offered where a guide ends, noted with agreement, seen, mended, withdrawn."""
