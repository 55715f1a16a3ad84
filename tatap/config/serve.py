"""``tatap serve``: one process, one port; or its parts."""

import argparse
import ipaddress
import os
import sys
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from tatap.config.shell.application import Shell

SWITCH = 0.0005  # seconds; see main
LAST_MOMENT = 0.3  # seconds for a row in hand, after sockets and pages have had theirs


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="tatap serve", description="Serves pages, the room and STUN.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--only", choices=("pages", "room"), help="serve this part alone")
    parser.add_argument("--no-worker", action="store_true", help="durable work is done by `tatap worker`")
    options = parser.parse_args(arguments)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tatap.config.settings")
    import django

    django.setup()
    from django.conf import settings

    problem = refusal(options.host, tls=bool(settings.TLS_CERT and settings.TLS_KEY), proxy=settings.TRUST_PROXY)
    if problem:
        sys.exit(problem)
    from tatap.config import keys
    from tatap.config.shell.application import Shell

    if not keys.fit():
        sys.exit(keys.WRONG)
    port = settings.STUN_PORT or options.port
    shell = Shell(
        pages=options.only != "room",
        room=options.only != "pages",
        worker=settings.WORKER_IN_PROCESS and not options.no_worker and options.only is None,
        stun_address=(options.host, port) if options.only != "pages" else None,
    )
    # Pages, the room and the worker share one interpreter. Every statement to the database lets go of it, and a thread
    # that computes keeps it for the interval before another has its turn: at Python's 5 ms, a chat line with its
    # handful of statements waits for tenths of a second behind two pages.
    sys.setswitchinterval(SWITCH)
    _settle(pages=options.only != "room")
    _Server(configuration(shell, options), shell).run()
    if shell.worker is not None:
        shell.worker.wait(LAST_MOMENT)
    sys.stdout.flush()
    os._exit(0)  # threads still busy with a page or a row are not waited for: what they began is not committed


def _settle(*, pages: bool) -> None:
    """What is built by now lives as long as the process. Python would look through all of it at each full collection,
    and everybody, a chat line too, would wait for a tenth of a second."""
    import gc
    from importlib import import_module

    from django.conf import settings

    if pages:
        import_module(settings.ROOT_URLCONF)  # every page's code, else read at the first request
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, shell: "Shell") -> None:
        super().__init__(config)
        self.shell = shell

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Like uvicorn's, without raising the signal anew afterwards: we end in our own way."""
        self.shell.stopping()
        self.force_exit = self.should_exit
        self.should_exit = True


def configuration(shell: "Shell", options: argparse.Namespace) -> uvicorn.Config:
    from django.conf import settings

    return uvicorn.Config(
        shell,
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=128 * 1024,
        ws_ping_interval=None,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
        proxy_headers=False,  # tatap.config.shell.proxy does it
        ssl_certfile=settings.TLS_CERT or None,
        ssl_keyfile=settings.TLS_KEY or None,
        server_header=False,
    )


def refusal(host: str, *, tls: bool, proxy: bool) -> str:
    """Why not to serve there, in one sentence; empty where it is fine."""
    if tls or proxy or is_loopback(host):
        return ""
    return (
        f"Not serving on {host}: without TLS, browsers give no camera and others can read along. Set TATAP_TLS_CERT "
        "and TATAP_TLS_KEY, or put a TLS proxy in front and set TATAP_TRUST_PROXY=1."
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
