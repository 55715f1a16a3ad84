"""``tatap worker``: durable work in a process of its own."""

import os
import signal
import sys
import threading

LAST_MOMENT = 1.5  # seconds for the row in hand


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    from tatap.config import keys
    from tatap.config.worker import Worker

    if not keys.fit():
        sys.exit(keys.WRONG)
    worker, told = Worker(), threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_args: told.set())
    worker.start()
    told.wait()
    worker.stop_soon()
    worker.wait(LAST_MOMENT)
    os._exit(0)  # a row still in hand keeps its lease, and is taken up again when that ends
