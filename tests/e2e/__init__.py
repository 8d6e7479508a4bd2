"""The product as people get it: three real processes and a real browser."""
