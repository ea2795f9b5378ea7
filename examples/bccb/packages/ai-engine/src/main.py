"""The HTTP application: skills from texts, and the state of the service."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable

import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from src.database import count_credentials
from src.log import configure_log
from src.settings import Settings, SettingsError, is_prefix, read_settings
from src.skills import SkillModel, load_model

VERSION = "1.0.0"


class Text(BaseModel):
    text: str = Field(min_length=1, max_length=100_000)


class Skills(BaseModel):
    skills: list[str]
    model: str


def create_app(settings: Settings, model: SkillModel) -> FastAPI:
    """Puts the application together; tests give their own settings and model."""
    log = configure_log(settings.log_level)
    app = FastAPI(title="BCCB AI service", version=VERSION)
    started = time.monotonic()

    @app.middleware("http")
    async def observe(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        # A proxy that strips its prefix names it here; the documentation page needs it for its addresses.
        prefix = request.headers.get("x-forwarded-prefix", "").rstrip("/")
        request.scope["root_path"] = prefix if prefix and is_prefix(prefix) else settings.root_path
        given = request.headers.get("x-request-id", "")
        request_id = given if re.fullmatch(r"[\w-]{1,64}", given) else str(uuid.uuid4())
        begin = time.perf_counter()
        response = await call_next(request)
        response.headers["x-request-id"] = request_id
        fields = {
            "requestId": request_id,
            "endpoint": request.url.path,
            "method": request.method,
            "statusCode": response.status_code,
            "duration": round((time.perf_counter() - begin) * 1000),
        }
        (log.debug if "/health" in request.url.path else log.info)("Request processed", extra=fields)
        return response

    @app.get("/health")
    async def health() -> dict[str, str | int]:
        return {"status": "healthy", "version": VERSION, "uptime": int(time.monotonic() - started)}

    # Not `async`: the driver blocks, so the framework calls this in a thread.
    @app.get("/health/ready")
    def ready() -> JSONResponse:
        if settings.database_url is None:
            return JSONResponse({"status": "ready", "services": {}})
        try:
            credentials = count_credentials(settings.database_url)
        except psycopg.Error as error:
            log.warning("database is not reachable", extra={"reason": type(error).__name__})
            return JSONResponse({"status": "not ready", "services": {"database": "unhealthy"}}, status_code=503)
        return JSONResponse({"status": "ready", "services": {"database": "healthy"}, "credentials": credentials})

    @app.post("/skills")
    async def skills(body: Text) -> Skills:
        return Skills(skills=model.extract(body.text), model=model.version)

    return app


def _start() -> FastAPI:
    try:
        return create_app(read_settings(), load_model())
    except SettingsError as error:
        configure_log("error").error(str(error))
        raise SystemExit(1) from error


app = _start()
