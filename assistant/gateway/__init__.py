"""HTTP: the page, the JSON API and what protects them; each route parses, calls, renders."""
