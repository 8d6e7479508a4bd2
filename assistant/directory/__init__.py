"""The places where somebody helps: read from open data, merged, searched; pure."""
