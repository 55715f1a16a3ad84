"""Reads the settings that an operator gives in the environment; docs/self-hosting.md lists every one."""

import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class SettingWrong(SystemExit):
    """Ends the program with one sentence that says which setting is wrong."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise SettingWrong(f"{name} must be a whole number, not {value!r}.") from None


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def database(url: str, data_dir: Path) -> dict[str, object]:
    """Django's settings for ``sqlite:///PATH`` or ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        path = unquote(parts.path[1:]) if url else str(data_dir / "tatap.sqlite3")
        return {"ENGINE": "tatap.lib.sqlite3_fair", "NAME": path, "CONN_MAX_AGE": 60}
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingWrong("TATAP_DATABASE_URL must begin with sqlite:// or postgresql://.")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "5", **query},  # seconds; psycopg would wait for minutes
    }


def secret_file(path: Path, make: object) -> str:
    """What the file holds; made at the first start (embedded default), readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(make())  # type: ignore[operator]
        sys.stderr.write(f"A new secret was written to {path.name} in the data folder. Keep a copy of it.\n")
    return path.read_text().strip()
