"""What protects people before anything else: masking, danger, opt-out, approved contacts."""
