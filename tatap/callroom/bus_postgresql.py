"""Hears what other processes publish, by PostgreSQL's LISTEN."""

import asyncio
import json
import logging
from typing import Any

import psycopg
from django.db import connection

from tatap.callroom.bus import CHANNEL, Listener

log = logging.getLogger("tatap.callroom")


def _parameters() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {k: v for k, v in given.items() if k in {"dbname", "user", "password", "host", "port"}}


async def follow(listener: Listener) -> None:
    """For ever; a lost connection is made again."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as line:
                await line.execute(f"LISTEN {CHANNEL}")
                async for note in line.notifies():
                    got = json.loads(note.payload)
                    listener(got["code"], got["frame"])
        except (psycopg.Error, OSError, ValueError, KeyError) as problem:
            log.warning("the bus was lost (%s) and is made again", type(problem).__name__)
            await asyncio.sleep(1)
