"""``tatap setup``: the first run of a real practice; what is not given as a flag is asked."""

import argparse
import getpass
import sys

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}


def main(arguments: list[str]) -> None:
    options = _parser().parse_args(arguments)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from tatap.accounts.models import Practice

    if Practice.objects.exists():
        sys.exit("This practice is set up already; change it in its own pages.")
    _fill(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tatap setup", description="Sets a new practice up.")
    parser.add_argument("--practice")
    parser.add_argument("--town", default="")
    parser.add_argument("--zone", choices=list(ZONES))
    parser.add_argument("--manager", help="the manager's e-mail address")
    parser.add_argument("--password", help="the manager's password; asked where it is not given")
    parser.add_argument("--bank", nargs=3, metavar=("BANK", "NUMBER", "HOLDER"))
    parser.add_argument("--invite", nargs="*", default=[], metavar="EMAIL", help="counsellors to invite")
    parser.add_argument("--test-mail", action="store_true", help="send the manager a letter now")
    return parser


def _asked(value: str | None, question: str) -> str:
    while not value:
        value = input(f"{question}: ").strip()
    return value


def _fill(options: argparse.Namespace) -> None:
    from allauth.account.models import EmailAddress
    from django.conf import settings
    from django.db import transaction

    from tatap.accounts import invitations
    from tatap.accounts.models import Practice, User
    from tatap.bookings.actions import current_rules
    from tatap.lib import clock
    from tatap.notifications.actions import Recipient, queue
    from tatap.payments.models import BankAccount

    now = clock.now()
    name = _asked(options.practice, "Name of the practice")
    zone = ZONES[options.zone or _asked(None, "Zone (WIB, WITA or WIT)").upper()]
    address = _asked(options.manager, "E-mail address of the manager").lower()
    if address in {email.lower() for email in options.invite}:
        sys.exit("The manager needs no invitation; leave that address out.")
    password = options.password or getpass.getpass("Password of the manager: ")
    with transaction.atomic():
        Practice.objects.create(name=name, town=options.town, zone=zone)
        current_rules(now=now)
        manager = User.objects.create_user(address, password, role="manager", zone=zone, alias=name)
        EmailAddress.objects.create(user=manager, email=address, verified=True, primary=True)
        if options.bank:
            BankAccount.objects.create(bank=options.bank[0], number=options.bank[1], holder=options.bank[2])
        for email in dict.fromkeys(email.lower() for email in options.invite):
            invitations.invite(email=email, name="", language="id", by=None, now=now)
        if options.test_mail:
            queue(
                key=f"test:{now.timestamp()}", to=Recipient(address, "id", zone), subject=name,
                text="Surat percobaan dari Tatap. Kalau Anda membacanya, surat sampai.\n", now=now,
            )
    sys.stdout.write(f"{name} is set up. `tatap serve`, then sign in at {settings.ORIGIN}/akun/login/.\n")
