"""Stand-ins for the outside world that behave, for the tests that have no sockets."""
