"""The directory of places in the database: brought in, gathered, found."""
