"""SMS through the whole product in one process, with a carrier without sockets."""
