"""Fills an empty practice by calling the real actions with moments of the past passed in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tatap.accounts.models import ConsentText, Practice, User
from tatap.bookings import actions as bookings
from tatap.bookings.models import Appointment, Calendar, Rules, WeeklyHours
from tatap.config.demo.cast import CLIENTS, COUNSELLORS, MANAGER, PASSWORD, Member
from tatap.config.demo.portraits import portrait
from tatap.counsellors import actions as counsellors
from tatap.counsellors.models import Approach, Counsellor, Language, Licence, Service, Specialisation

LINES = [
    {
        "label": "119", "number": "119", "checked_on": "2026-11-20",
        "note_id": "Gawat darurat medis. Gratis, dari telepon mana pun.",
        "note_en": "Medical emergency. Free, from any telephone.",
    },
    {
        "label": "healing119.id", "number": "https://healing119.id", "checked_on": "2026-11-20",
        "note_id": "Teman bicara kesehatan jiwa dari Kementerian Kesehatan. Gratis dan rahasia.",
        "note_en": "Someone to talk to, by the Ministry of Health. Free and confidential.",
    },
]


@dataclass(frozen=True)
class Cast:
    manager: User
    clients: list[User]
    counsellors: list[Counsellor]


def fill(*, stage: str, now: datetime) -> str:
    """Returns the code of the session about to start."""
    from tatap.config.demo import sessions

    _practice(now=now)
    cast = _people(now=now)
    sessions.past(cast, now=now)
    sessions.coming(cast, now=now)
    return sessions.about_to_start(cast, stage=stage, now=now).code


def _practice(*, now: datetime) -> None:
    from tatap.payments.models import BankAccount

    Practice.objects.create(
        name="Biro Psikologi Ruang Teduh", town="Yogyakarta", emergency_lines=LINES, lines_checked_on=date(2026, 11, 20)
    )
    Rules.objects.get_or_create(version=1, defaults={"published_at": now - timedelta(days=200)})
    BankAccount.objects.create(bank="BSI", number="7123 4567 89", holder="Biro Psikologi Ruang Teduh")


def _people(*, now: datetime) -> Cast:
    manager = _user(MANAGER[0], MANAGER[1], "Asia/Jakarta", role="manager", now=now)
    people = [_counsellor(member, manager=manager, now=now) for member in COUNSELLORS]
    clients = [_user(email, alias, zone, role="client", now=now) for email, alias, zone in CLIENTS]
    return Cast(manager=manager, clients=clients, counsellors=people)


def _user(email: str, alias: str, zone: str, *, role: str, now: datetime) -> User:
    from allauth.account.models import EmailAddress
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from tatap.accounts import actions

    user = User.objects.create_user(email, PASSWORD, alias=alias, zone=zone, role=role)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    for text in ConsentText.objects.all():
        actions.give_consent(person=user, text=text, language="id", now=now - timedelta(days=40))
    if role != "client":
        TOTP.activate(user, generate_totp_secret())
    return user


def _counsellor(member: Member, *, manager: User, now: datetime) -> Counsellor:
    user = _user(f"{member.slug}@tatap.example", member.short, member.zone, role="counsellor", now=now)
    person = Counsellor.objects.create(
        user=user, slug=member.slug, name=member.name, short_name=member.short, profession=member.profession,
        gender=member.gender, town=member.town, years=member.years, faith=member.faith, says_id=member.says_id,
        says_en=member.says_en, about_id=member.says_id, about_en=member.says_en,
    )
    terms: list[tuple[Any, Any, tuple[str, ...]]] = [
        (person.specialisations, Specialisation, member.specialisations),
        (person.languages, Language, member.languages),
        (person.approaches, Approach, member.approaches),
    ]
    for relation, model, slugs in terms:
        relation.set(model.objects.filter(slug__in=slugs))
    counsellors.set_photo(counsellor=person, content=portrait(member.slug), by=user, now=now - timedelta(days=30))
    licence = Licence.objects.create(
        counsellor=person, kind="SILP", number=f"{2024 + member.years % 3}/{member.slug[:4].upper().strip('-')}",
        expires_on=(now + timedelta(days=100 + 70 * member.years)).date(),
    )
    counsellors.check_licence(licence=licence, by=manager, now=now - timedelta(days=30))
    Service.objects.create(counsellor=person, kind="individual", minutes=50, tariff=member.tariff)
    Service.objects.create(counsellor=person, kind="introduction", minutes=15, tariff=0)
    Calendar.objects.create(counsellor=person, notice_minutes=60)
    for weekday in member.days:
        for start, end in member.hours:
            WeeklyHours.objects.create(
                counsellor=person, weekday=weekday, start=time(start % 24), end=time(end % 24)
            )
    bookings.refresh_openings(counsellor=person, now=now)
    return person


def place(
    *, client: User, counsellor: Counsellor, starts_at: datetime, now: datetime, kind: str = "individual"
) -> Appointment:
    """A seat at that very moment, whatever the weekly hours say; claims and all, as any other."""
    service = counsellor.services.get(kind=kind)
    return bookings.hold(client=client, service=service, starts_at=starts_at, now=now, outside_hours=True)
