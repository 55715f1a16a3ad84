"""JSON that a browser sent, read without trust."""

import json
from typing import Any

from django.http import HttpRequest

LARGEST = 512 * 1024  # bytes: a note of 50,000 letters, each at worst escaped


class BadBody(Exception):
    """Not JSON, not an object, too large, or a number that is none."""


def json_body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > LARGEST:
        raise BadBody
    try:
        got = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadBody from None
    if not isinstance(got, dict):
        raise BadBody
    return got


def number_in(got: dict[str, Any], name: str) -> int:
    """A whole number that fits a database column; 0 where there is none."""
    try:
        number = int(got.get(name) or 0)
    except (TypeError, ValueError):
        raise BadBody from None
    if not 0 <= number < 2**31:
        raise BadBody
    return number
