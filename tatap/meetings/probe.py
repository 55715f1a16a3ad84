"""Looks at a relay as a browser would meet it: a real allocation with a fresh password, one with a wrong
password, which must be refused, and a wish to reach inside our network, which must be refused as well."""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from aioice import stun, turn
from cryptography import x509

from tatap.meetings.domain.relays import Kind, Problem, Way
from tatap.meetings.providers.tatap import credential

WITHIN = 4.0  # seconds for each exchange
ALTOGETHER = 10.0  # seconds for one way
FRESH = timedelta(minutes=30)  # a relay whose clock is further off than this refuses real people as well
#: where clouds keep their keys: a relay that goes there goes anywhere inside
INSIDE = ("169.254.169.254", 9)

T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    problem: str = ""
    took_ms: int | None = None
    certificate_until: datetime | None = None
    secret: str = ""  # the one that it takes


def look(ways: Sequence[Way], *, secrets: Sequence[str], now: datetime) -> list[Finding]:
    """All at once; bounded, also where the name server hangs, whose threads are not waited for."""

    async def all_of_them() -> list[Finding]:
        return list(await asyncio.gather(*(_look_at(way, secrets, now) for way in ways)))

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(all_of_them())
    finally:
        loop.run_until_complete(_let_go())
        loop.close()


async def _let_go() -> None:
    """What was aborted is taken down in the loop's next rounds; a loop closed before would leave it open."""
    for _round in range(4):
        await asyncio.sleep(0)


async def _look_at(way: Way, secrets: Sequence[str], now: datetime) -> Finding:
    until = None
    try:
        async with asyncio.timeout(ALTOGETHER):
            if way.kind is Kind.TLS:
                until = await _in_time(_certificate_until(way))
            return await _passwords(way, secrets, now, until)
    except ssl.SSLError:
        return Finding(Problem.CERTIFICATE, certificate_until=until)
    except socket.gaierror:
        return Finding(Problem.NAME)
    except (OSError, stun.TransactionError, TimeoutError):
        return Finding(Problem.AWAY, certificate_until=until)


async def _passwords(way: Way, secrets: Sequence[str], now: datetime, until: datetime | None) -> Finding:
    username = f"{int((now + FRESH).timestamp())}:periksa"
    for secret in secrets:
        began = time.perf_counter()
        allocation = await _in_time(_allocate(way, username, credential(secret=secret, username=username)))
        if allocation is None:
            continue
        took = round(1000 * (time.perf_counter() - began))
        async with _ended(allocation):
            if await _in_time(_reaches(allocation, INSIDE)):
                return Finding(Problem.INNER, took, until, secret)
        unasked = await _in_time(_allocate(way, username, "salah"))
        if unasked is not None:
            async with _ended(unasked):
                return Finding(Problem.OPEN, took, until, secret)
        return Finding("", took, until, secret)
    return Finding(Problem.PASSWORD, None, until)


async def _allocate(way: Way, username: str, password: str) -> turn.TurnClientProtocol | None:
    """None where the relay says that the password is wrong."""

    def protocol() -> Any:
        kind = turn.TurnClientUdpProtocol if way.kind is Kind.UDP else turn.TurnClientTcpProtocol
        return kind(
            (way.host, way.port), username=username, password=password,
            lifetime=turn.DEFAULT_ALLOCATION_LIFETIME, channel_refresh_time=turn.DEFAULT_CHANNEL_REFRESH_TIME,
        )

    loop = asyncio.get_running_loop()
    transport: asyncio.DatagramTransport | asyncio.Transport
    if way.kind is Kind.UDP:
        transport, client = await loop.create_datagram_endpoint(protocol, remote_addr=(way.host, way.port))
    else:
        context = _context() if way.kind is Kind.TLS else None
        transport, client = await loop.create_connection(protocol, way.host, way.port, ssl=context)
    try:
        await client.connect()
    except BaseException as problem:
        transport.abort()
        if isinstance(problem, stun.TransactionFailed) and problem.response.error_code == 401:
            return None
        raise
    return client


@contextlib.asynccontextmanager
async def _ended(client: turn.TurnClientProtocol) -> AsyncIterator[None]:
    """Gives the allocation back afterwards; the relay does so itself where it no longer answers."""
    try:
        yield
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(client.delete(), 1)


async def _reaches(client: turn.TurnClientProtocol, peer: tuple[str, int]) -> bool:
    """Whether the relay is ready to forward there."""
    try:
        await client.channel_bind(0x4000, peer)
    except stun.TransactionFailed:
        return False
    return True


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


async def _certificate_until(way: Way) -> datetime:
    """Read without trusting it, so that the end of an expired one is known as well."""
    context = _context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _reader, writer = await asyncio.open_connection(way.host, way.port, ssl=context, server_hostname=way.host)
    raw = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    return x509.load_der_x509_certificate(raw).not_valid_after_utc.astimezone(UTC)


async def _in_time(work: Coroutine[Any, Any, T]) -> T:
    return await asyncio.wait_for(work, WITHIN)
