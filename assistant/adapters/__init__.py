"""The outside world: databases, clocks, keys and, later, networks, each behind a port."""
