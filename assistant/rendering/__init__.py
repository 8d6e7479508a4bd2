"""Keys become words here: language, channel, facts and links."""
