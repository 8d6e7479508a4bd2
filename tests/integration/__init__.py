"""The product in one process, on its real tables."""
