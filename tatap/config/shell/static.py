"""Static files by servestatic: hashed names cached for ever, compressed ones where the browser takes them."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from servestatic import ServeStaticASGI

from tatap.config.shell.answers import answer
from tatap.lib.asgi import Receive, Send

HASHED = r"^.+\.[0-9a-f]{12}\..+$"


async def _nothing(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    await answer(send, 404, b"")


def static_files() -> Any:
    if not settings.DEBUG:
        return ServeStaticASGI(
            _nothing, root=str(settings.STATIC_ROOT), prefix=settings.STATIC_URL, immutable_file_test=HASHED, autorefresh=False
        )
    made = ServeStaticASGI(_nothing, autorefresh=True, max_age=0)
    for finder in finders.get_finders():
        for storage in getattr(finder, "storages", {}).values():
            made.add_files(storage.location, prefix=settings.STATIC_URL)
    return made
