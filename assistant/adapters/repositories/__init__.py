"""The queries on our tables, one module for each port; rows come in, domain values go out."""
