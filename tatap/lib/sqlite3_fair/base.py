"""Django's SQLite backend with WAL, IMMEDIATE transactions, ``synchronous=FULL`` and one fair write lock.

SQLite's own waiting starves some writers for seconds; waiting in line in the process (first come, first
served) brings the p99 of a booking from over a second to a fraction of one (docs/adr/0003). Between
processes SQLite's busy timeout still decides. Neither wait is longer than PATIENCE: a page thread that waits
for a lock is one that no other reader has.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

PATIENCE = 5.0  # seconds
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class FairLock:
    """First come, first served; the same thread may take it again."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._owner: int | None = None
        self._depth = 0

    def acquire(self, patience: float = PATIENCE) -> bool:
        """False where its turn did not come in ``patience`` seconds."""
        me = threading.get_ident()
        with self._gate:
            if self._owner == me:
                self._depth += 1
                return True
            if self._owner is None and not self._waiting:
                self._owner, self._depth = me, 1
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait(patience)
        with self._gate:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
            self._owner, self._depth = me, 1  # handed over, perhaps at the last moment
        return True

    def release(self) -> None:
        with self._gate:
            if self._owner != threading.get_ident():
                return
            self._depth -= 1
            if self._depth:
                return
            self._owner = -1 if self._waiting else None  # -1: handed over, not yet picked up
            if self._waiting:
                self._waiting.popleft().set()


_locks: dict[str, FairLock] = {}
_locks_gate = threading.Lock()


def lock_for(name: str) -> FairLock:
    with _locks_gate:
        return _locks.setdefault(name, FairLock())


class Cursor(base.SQLiteCursorWrapper):
    def __init__(self, connection: Any, wrapper: "DatabaseWrapper") -> None:
        super().__init__(connection)
        self.wrapper = wrapper

    def execute(self, query: str, params: Any = None) -> Any:
        with self.wrapper.turn(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        with self.wrapper.turn(query):
            return super().executemany(query, param_list)


class DatabaseWrapper(base.DatabaseWrapper):
    _holds_lock = False

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.setdefault("timeout", PATIENCE)
        self.transaction_mode = "IMMEDIATE"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "mmap_size=134217728"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=lambda connection: Cursor(connection, self))

    @contextmanager
    def turn(self, query: str) -> Iterator[None]:
        """A write outside a transaction is one of its own, and waits in the same line."""
        if self.in_atomic_block or not query.lstrip()[:7].upper().startswith(WRITES):
            yield
            return
        if not self._lock().acquire():
            raise OperationalError("database is locked")
        try:
            yield
        finally:
            self._lock().release()

    def _lock(self) -> FairLock:
        return lock_for(str(self.settings_dict["NAME"]))

    def _start_transaction_under_autocommit(self) -> None:
        if not self._lock().acquire():
            raise OperationalError("database is locked")
        self._holds_lock = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_go()
            raise

    def _let_go(self) -> None:
        if self._holds_lock:
            self._holds_lock = False
            self._lock().release()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # where it fails, Django rolls back next, and that lets the lock go
        self._let_go()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_go()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._let_go()
