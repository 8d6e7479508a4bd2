"""Figures, measured side by side in one run: `make bench` writes docs/figures.md."""
