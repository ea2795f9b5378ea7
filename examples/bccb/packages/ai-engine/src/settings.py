"""The settings of the service, read from the environment once and checked."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = ("error", "warn", "info", "debug")
MODES = ("development", "test", "production")


class SettingsError(Exception):
    """What is wrong with the environment; names variables, never values."""


@dataclass(frozen=True)
class Settings:
    mode: str
    log_level: str
    root_path: str
    database_url: str | None


def _one(source: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = (source.get(name) or default).lower()
    if value not in allowed:
        raise SettingsError(f"{name} is not one of {', '.join(allowed)}")
    return value


def read_settings(source: Mapping[str, str] = os.environ) -> Settings:
    """Reads the environment; the service runs without a database when none is named."""
    database_url = source.get("DATABASE_URL") or None
    if database_url and not re.match(r"postgres(ql)?://", database_url):
        raise SettingsError("DATABASE_URL is not an address that starts with postgresql://")
    root_path = source.get("ROOT_PATH", "").rstrip("/")
    if not is_prefix(root_path):
        raise SettingsError("ROOT_PATH is not a path such as /ai")
    return Settings(
        mode=_one(source, "PYTHON_ENV", MODES, "development"),
        log_level=_one(source, "LOG_LEVEL", LEVELS, "info"),
        root_path=root_path,
        database_url=database_url,
    )


def is_prefix(path: str) -> bool:
    """Whether a proxy may serve us under this path; empty means at the root."""
    return re.fullmatch(r"(/[A-Za-z0-9_-]+)*", path) is not None
