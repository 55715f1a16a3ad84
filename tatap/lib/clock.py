"""The one clock. Views, tasks and sockets read it once and pass ``now`` down."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
