"""The gateway as an ASGI application."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse, JSONResponse, Response

from assistant import __version__
from assistant.adapters.content_files import load_content
from assistant.bootstrap import Assistant, build
from assistant.config import Settings
from assistant.domain.errors import NotFound
from assistant.gateway import (
    agreements,
    agreements_api,
    api,
    chat,
    data,
    devices,
    leaving,
    letters,
    notebook,
    notebook_api,
    phone,
    place_sheet,
    places,
    places_api,
    problems,
    sharing,
    sheets,
    sms,
)
from assistant.gateway.access import everybody
from assistant.gateway.live import LiveAnnouncer
from assistant.gateway.openapi import describe
from assistant.gateway.pages import Pages
from assistant.gateway.protection import Protection, RateLimits
from assistant.gateway.views import STATIC, asset_digest
from assistant.preparation import prepare_database

STATIC_NAMES = frozenset(path.name for path in STATIC.iterdir() if path.is_file())
A_YEAR = 31_536_000


def create_app() -> FastAPI:
    """Return the application that the settings describe, on a prepared database."""
    announcer = LiveAnnouncer()
    return make_app(build(Settings(), announcer), announcer)


def create_prepared_app() -> FastAPI:
    """Return the application, once its database is upgraded and holds the content of the files.

    For one machine: it spares a process and its start. Many gateways share one preparation
    (``assistant prepare``).
    """
    settings, content, announcer = Settings(), load_content(), LiveAnnouncer()
    prepare_database(settings, content)
    return make_app(build(settings, announcer, content=content), announcer)


def make_app(assistant: Assistant, announcer: LiveAnnouncer) -> FastAPI:
    """Return the application that serves an assistant."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        background = assistant.background()
        durable_work = assistant.durable_work()
        background.start()
        durable_work.start()
        try:
            yield
        finally:
            durable_work.stop()
            background.stop()
            assistant.close()

    app = FastAPI(
        title="Pas à Pas",
        version=__version__,
        description="A conversation that guides people through Mon espace santé.",
        lifespan=lifespan,
        # FastAPI's interactive pages load scripts from elsewhere; the document is enough.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    pages = Pages(assistant)
    app.state.assistant = assistant
    app.state.announcer = announcer
    app.state.limits = RateLimits()
    app.state.pages = pages
    app.state.phone = phone.build_phone(assistant.settings)
    problems.ErrorAnswers(pages).install(app)
    app.include_router(api.router)
    app.include_router(notebook_api.router)
    app.include_router(agreements_api.router)
    app.include_router(api.health_router)
    app.include_router(agreements.router)
    app.include_router(chat.router)
    app.include_router(data.router)
    app.include_router(devices.router)
    app.include_router(leaving.router)
    app.include_router(letters.router)
    app.include_router(notebook.router)
    app.include_router(places.router)
    app.include_router(place_sheet.router)
    app.include_router(places_api.router)
    app.include_router(sharing.router)
    app.include_router(sheets.router)
    app.include_router(sms.router)
    app.include_router(phone.router)
    _add_documents(app)
    app.add_middleware(
        Protection,
        https=assistant.settings.public_url.scheme == "https",
        too_large=lambda path, accept: problems.too_large(pages, path, accept),
    )
    return app


def _add_documents(app: FastAPI) -> None:
    @app.get("/openapi.json", include_in_schema=False, dependencies=[Depends(everybody)])
    def openapi() -> JSONResponse:
        """Describe the JSON API."""
        return JSONResponse(describe(app))

    @app.get("/static/{digest}/{name}", include_in_schema=False, dependencies=[Depends(everybody)])
    def static(digest: str, name: str) -> Response:
        """Serve a file of the page; its address changes with it, so it may be kept for ever."""
        if name not in STATIC_NAMES or digest != asset_digest():
            raise NotFound(name)
        return FileResponse(
            STATIC / name,
            media_type=mimetypes.guess_type(name)[0],
            headers={"Cache-Control": f"public, max-age={A_YEAR}, immutable"},
        )
