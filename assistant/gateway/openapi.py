"""The OpenAPI document, with the errors as they are really answered."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from assistant.gateway.problems import MEDIA_TYPE

FIRST_ERROR = 400


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the document; FastAPI would also announce each error as plain JSON."""
    document = app.openapi()
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= FIRST_ERROR and "application/json" in answer["content"]:
                    schema = answer["content"].pop("application/json")["schema"]
                    answer["content"][MEDIA_TYPE] = {"schema": schema}
    return document
