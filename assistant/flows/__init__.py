"""The guided flows: their documents, the pure engine that runs them, and the checks on them."""
