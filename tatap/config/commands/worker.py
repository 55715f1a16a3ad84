"""``tatap worker``: durable work in a process of its own."""

import signal


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    from tatap.config.worker import Worker

    worker = Worker()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_args: worker._stop.set())
    worker.run()
