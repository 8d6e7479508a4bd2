"""The documentation, held to the code that it describes."""
