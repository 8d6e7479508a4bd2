"""The use cases of the telephone: in, out, stop, forget, link."""
