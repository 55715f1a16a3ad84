"""``tatap check-settings``: says in words what works with the settings as they are."""

import sys


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    for good, sentence in sentences():
        sys.stdout.write(f"{'ok ' if good else '-- '} {sentence}\n")


def sentences() -> list[tuple[bool, str]]:
    from django.conf import settings

    from tatap.config import keys

    return [
        _database(),
        (True, "The encryption keys open what is kept.") if keys.fit() else (False, keys.WRONG),
        (settings.SECURE, "Pages are served over TLS." if settings.SECURE else
         "Pages are not served over TLS: only this machine's browsers get a camera. Set TATAP_ORIGIN to https://…"),
        *_relays(),
        (bool(settings.STUN_URL), "Phones behind ordinary routers find each other by our own STUN." if settings.STUN_URL else
         "Two people behind different routers may not find each other: set TATAP_STUN_URL to stun:HOST:PORT of this server."),
        mail(),
        (not settings.DEBUG, "Debug is off." if not settings.DEBUG else "Debug is on: never on a server others can reach."),
    ]


def mail() -> tuple[bool, str]:
    from django.conf import settings

    kept = {"console": "are printed on the console", "filebased": f"are put in the folder {settings.EMAIL_FILE_PATH}"}
    where = kept.get(settings.EMAIL_BACKEND.split(".")[-2])
    return (False, f"Letters {where}, not sent: set TATAP_SMTP_HOST.") if where else (True, "Letters go out by mail.")


def _database() -> tuple[bool, str]:
    from django.db import DatabaseError, connection

    try:
        missing = "accounts_user" not in connection.introspection.table_names()
    except DatabaseError as problem:
        return False, f"The database does not answer ({type(problem).__name__})."
    if missing:
        return False, f"The database ({connection.vendor}) answers but is empty: run `tatap migrate`."
    return True, f"The database ({connection.vendor}) answers."


PROBLEMS = {
    "away": "does not answer",
    "name": "its host name is not found",
    "certificate": "its certificate has expired or is not valid",
    "password": "refuses our passwords (another secret there, or a wrong clock)",
    "open": "takes a wrong password: set use-auth-secret",
    "inner": "forwards into private networks: set denied-peer-ip as deploy/coturn/turnserver.conf does",
}


def _relays() -> list[tuple[bool, str]]:
    """Asks each relay now, as a browser would; a few seconds at the most."""
    from django.conf import settings

    from tatap.lib import clock
    from tatap.meetings.domain.relays import ends_soon
    from tatap.meetings.probe import look

    ways = [(relay.number, way) for relay in settings.TURN_RELAYS for way in relay.ways]
    if not ways or not settings.TURN_SECRETS:
        advice = "set TATAP_TURN_URLS and TATAP_TURN_SECRET"
        return [(False, f"Clients on mobile data often cannot connect by voice or picture: {advice}.")]
    now = clock.now()
    found = look([way for _number, way in ways], secrets=settings.TURN_SECRETS, now=now)
    said = []
    for (number, way), finding in zip(ways, found, strict=True):
        name, until = f"Relay {number} by {way.kind.upper()}", finding.certificate_until
        if finding.problem:
            said.append((False, f"{name} {PROBLEMS[finding.problem]}."))
        elif ends_soon(until, now=now):
            said.append((False, f"{name} works, but its certificate ends on {until:%Y-%m-%d}."))
        else:
            said.append((True, f"{name} works; ready after {finding.took_ms} ms."))
    works = any(not finding.problem for finding in found)
    summary = "Clients on mobile data can connect." if works else "Clients on mobile data cannot connect: no relay works."
    return [(works, summary), *said]
