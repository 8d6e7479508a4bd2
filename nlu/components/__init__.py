"""The components of the pipeline that Rasa does not ship."""
