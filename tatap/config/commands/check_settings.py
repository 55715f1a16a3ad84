"""``tatap check-settings``: says in words what works with the settings as they are."""

import sys


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    for good, sentence in sentences():
        sys.stdout.write(f"{'ok ' if good else '-- '} {sentence}\n")


def sentences() -> list[tuple[bool, str]]:
    from django.conf import settings

    relay = bool(settings.TURN_SECRET and settings.TURN_URLS)
    mail = "console" not in settings.EMAIL_BACKEND
    return [
        _database(),
        (settings.SECURE, "Pages are served over TLS." if settings.SECURE else
         "Pages are not served over TLS: only this machine's browsers get a camera. Set TATAP_ORIGIN to https://…"),
        (relay, "Clients on mobile data can connect: a relay is configured." if relay else
         "Clients on mobile data often cannot connect by voice or picture: set TATAP_TURN_URLS and TATAP_TURN_SECRET."),
        (bool(settings.STUN_URL), "Phones behind ordinary routers find each other by our own STUN." if settings.STUN_URL else
         "Two people behind different routers may not find each other: set TATAP_STUN_URL to stun:HOST:PORT of this server."),
        (mail, "Letters go out by mail." if mail else "Letters are printed on the console, not sent: set TATAP_SMTP_HOST."),
        (not settings.DEBUG, "Debug is off." if not settings.DEBUG else "Debug is on: never on a server others can reach."),
    ]


def _database() -> tuple[bool, str]:
    from django.db import DatabaseError, connection

    try:
        missing = "accounts_user" not in connection.introspection.table_names()
    except DatabaseError as problem:
        return False, f"The database does not answer ({type(problem).__name__})."
    if missing:
        return False, f"The database ({connection.vendor}) answers but is empty: run `tatap migrate`."
    return True, f"The database ({connection.vendor}) answers."
