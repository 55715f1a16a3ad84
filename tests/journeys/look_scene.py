"""Fills a served demo with what its pages can show beyond the demo itself, and tells where: run as a process
with the demo's settings, it prints one JSON object of sessions, addresses and the names of the URL map."""

import io
import json
import os
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import django

ROWS = 100  # appointments and audit lines, so that long lists are looked at too
LONG = "Dr. Raden Ayu Siti Nurhaliza Kusumaningrum Wirjoatmodjo, M.Psi., Psikolog"


def main() -> None:
    django.setup()
    from tatap.lib import clock

    now = clock.now()
    people = cast(now=now)
    address = appointments(people, now=now)
    address |= accounts(people, now=now)
    practice(people, now=now)
    rows(people, now=now)
    sessions = {who: session(user) for who, user in people.items()}
    sessions["keeper_elsewhere"] = session(people["keeper"])
    print(json.dumps({"sessions": sessions, "address": address, "routes": routes(), "failed": failed()}))


def cast(*, now: datetime) -> dict[str, Any]:
    from tatap.accounts.models import User
    from tatap.config.demo.cast import CLIENTS, COUNSELLORS, MANAGER
    from tatap.config.demo.fill import _user

    def known(email: str) -> User:
        return User.objects.get(email=email)

    unready = _user("baru@tatap.example", "Bu Baru", "Asia/Jakarta", role="counsellor", now=now)
    unready.authenticator_set.all().delete()
    nameless = _user("tanpa-nama@tatap.example", "", "Asia/Jayapura", role="client", now=now)
    nameless.consents.all().delete()
    keyless = _user("tanpa-sandi@tatap.example", "Rintik", "Asia/Jakarta", role="client", now=now)
    keyless.set_unusable_password()
    keyless.save()
    return {
        "client": known(CLIENTS[0][0]), "counsellor": known(f"{COUNSELLORS[0].slug}@tatap.example"),
        "manager": known(MANAGER[0]), "unready": unready, "nameless": nameless, "keyless": keyless,
        "keeper": _user("hujan@tatap.example", "Hujan", "Asia/Jakarta", role="client", now=now),
    }


def appointments(people: dict[str, Any], *, now: datetime) -> dict[str, str]:
    """One of the client's appointments in each state that a page shows."""
    from tatap.config.demo.fill import place
    from tatap.config.demo.sessions import sample_proof
    from tatap.counsellors.models import Counsellor
    from tatap.journey import actions as journey
    from tatap.journey import links
    from tatap.payments import actions as payments

    client, manager = people["client"], people["manager"]
    found = {}
    for days, (state, slug) in enumerate(
        [
            ("due", "vincent-tanujaya"), ("proof", "siti-maimunah"), ("refused", "yohana-wanggai"), ("paid", "made-suardana"),
            ("free", "rina-sihombing"), ("owed", "lia-kusumawati"), ("expired", "arif-rahman"),
        ],
        start=3,
    ):
        start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
        row = place(client=client, counsellor=Counsellor.objects.get(slug=slug), starts_at=start, now=now)
        invoice = payments.open_invoice(appointment=row, payer=client, now=now)
        found[state] = row.code
        if state in {"proof", "refused", "paid", "owed"}:
            payments.upload_proof(invoice=invoice, content=sample_proof(), by=client, now=now)
        if state == "refused":
            payments.refuse(invoice=invoice, by=manager, reason="Jumlah di gambar Rp150.000, kurang tiga angka terakhir.", now=now)
        if state in {"paid", "owed"}:
            payments.accept(invoice=invoice, by=manager, now=now)
        row.refresh_from_db()
        if state == "owed":
            journey.cancel(appointment=row, by=client, now=now)
        if state == "expired":
            payments.expire(invoice=invoice, now=now + timedelta(hours=2))
    free = next(p for p in client.participations.select_related("appointment") if p.appointment.code == found["paid"])
    found["signed"] = links.make(appointment=free.appointment, person=client).rpartition("/t/")[2].strip("/")
    past = client.participations.filter(appointment__status="fulfilled").order_by("appointment__starts_at").first()
    assert past is not None
    return {**found, "past": past.appointment.code}


def accounts(people: dict[str, Any], *, now: datetime) -> dict[str, str]:
    from allauth.account import app_settings
    from allauth.account.utils import user_pk_to_url_str
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from tatap.accounts.models import Invitation

    keeper, nameless = people["keeper"], people["nameless"]
    TOTP.activate(keeper, generate_totp_secret())
    RecoveryCodes.activate(keeper)
    invited = Invitation.objects.create(email=nameless.email, role="counsellor", created_at=now, sent_at=now)
    return {
        "key": str(passkey(keeper).pk),
        "invitation": str(invited.token),
        "reset": f"{user_pk_to_url_str(keeper)}-{app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(keeper)}",
    }


def practice(people: dict[str, Any], *, now: datetime) -> None:
    """Letters of invitation in each state, rules that were changed twice, and credit for minutes that a line took."""
    from tatap.accounts import invitations
    from tatap.accounts.models import Invitation
    from tatap.bookings import rules
    from tatap.notifications.models import Message
    from tatap.payments import credits
    from tatap.payments.models import Invoice

    by = people["manager"]
    for email, name in (("sekar@contoh.example", "Sekar Ayu Lestari"), ("yusuf.bin.abdurrahman.al-makassari@universitas.example", "")):
        made = invitations.invite(email=email, name=name, language="id", by=by, now=now)
    Message.objects.filter(key=invitations.letter_key(made)).update(failed_at=now)
    old = invitations.invite(email="lama@contoh.example", name="Pak Lama", language="id", by=by, now=now)
    Message.objects.filter(key=invitations.letter_key(old)).update(done_at=now)
    Invitation.objects.filter(pk=old.pk).update(sent_at=now - timedelta(days=40))
    rules.publish(terms={"pay_within_minutes": 120, "lost_given": "credit"}, based_on=1, by=by, now=now - timedelta(days=80))
    for paid in Invoice.objects.filter(status="paid").select_related("appointment").order_by("pk"):
        credits.give(appointment=paid.appointment, seconds=420, amount=28_000, now=now)
    rules.publish(terms={"late_refund": False, "plan_by": "whatsapp"}, based_on=2, by=by, now=now - timedelta(days=3))


def passkey(person: Any) -> Any:
    """A passkey as a phone would have made it."""
    from allauth.mfa.models import Authenticator
    from cryptography.hazmat.primitives.asymmetric import ec
    from fido2.cose import ES256
    from fido2.utils import sha256, websafe_encode
    from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = AttestedCredentialData.create(b"\0" * 16, b"look" * 4, public)
    flags = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.ATTESTED
    seen = AttestationObject.create("none", AuthenticatorData.create(sha256(b"127.0.0.1"), flags, 0, known), {})
    said = {"type": "webauthn.create", "challenge": "AA", "origin": "http://127.0.0.1", "crossOrigin": False}
    name = websafe_encode(known.credential_id)
    credential = {
        "id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {"clientDataJSON": websafe_encode(json.dumps(said).encode()), "attestationObject": websafe_encode(bytes(seen))},
    }
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Ponsel saya", "credential": credential}
    )


def rows(people: dict[str, Any], *, now: datetime) -> None:
    """Long lists and the longest names. Past appointments and audit lines are laid straight into their tables:
    a hundred of each by their actions would take longer than the walk."""
    from PIL import Image

    from tatap.accounts.models import User
    from tatap.audit.models import Event
    from tatap.bookings.models import Appointment, Participant, Rules, Status, TimeOff
    from tatap.counsellors import actions as counsellors
    from tatap.counsellors.models import Counsellor, Licence

    person = people["counsellor"].counsellor
    other, rules = User.objects.get(alias="Pelangi"), Rules.objects.order_by("version").last()
    service = person.services.get(kind="individual")
    assert rules is not None
    made = Appointment.objects.bulk_create(
        Appointment(
            counsellor=person, service=service, starts_at=now - timedelta(days=30 + n), created_at=now, rules=rules,
            ends_at=now - timedelta(days=30 + n) + timedelta(minutes=50), tariff=service.tariff, status=Status.FULFILLED,
        )
        for n in range(ROWS)
    )
    Participant.objects.bulk_create(
        Participant(appointment=row, person=who, part=part)
        for row in made for who, part in ((other, "client"), (person.user, "counsellor"))
    )
    seen = Event.objects.filter(about=str(people["client"].pk)).exclude(actor=str(people["client"].pk))
    verbs = list(seen.order_by("verb").values_list("verb", flat=True).distinct())
    Event.objects.bulk_create(
        Event(
            at=now - timedelta(hours=n), actor=str(person.user_id), actor_role="counsellor", verb=verbs[n % len(verbs)],
            subject=f"appointment:{made[n].code}", about=str(people["client"].pk),
        )
        for n in range(ROWS)
    )
    TimeOff.objects.create(
        counsellor=person, start=now + timedelta(days=9), end=now + timedelta(days=12), note="Pelatihan supervisi di Kupang"
    )
    long = Counsellor.objects.get(slug="dewi-lestariningsih")
    Counsellor.objects.filter(pk=long.pk).update(name=LONG, town="Kabupaten Kepulauan Siau Tagulandang Biaro")
    Licence.objects.create(counsellor=long, kind="STR", number="31.1.2.423.1.24-1234567", expires_on=(now + timedelta(days=20)).date())
    picture = io.BytesIO()
    Image.new("RGB", (640, 760), "#8a6f5c").save(picture, "JPEG")
    picture.seek(0)
    counsellors.set_photo(counsellor=Counsellor.objects.get(slug="made-suardana"), content=picture.getvalue(), by=people["manager"], now=now)


def session(person: Any) -> str:
    """Signed in a moment ago, with what was shown then, so that pages which ask again do not."""
    from allauth.account.internal.flows.login import (
        _AUTHENTICATION_METHODS_USER_SESSION_KEY,
        AUTHENTICATION_METHODS_SESSION_KEY,
    )
    from allauth.account.internal.userkit import user_id_to_str
    from allauth.usersessions.models import UserSession
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() + 600, "email": person.email, "reauthenticated": True}
    ]
    store[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(person)
    store.save()
    UserSession.objects.create(
        user=person, ip="103.28.12.7", session_key=store.session_key,
        user_agent="Mozilla/5.0 (Linux; Android 11; SM-A127F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
    )
    return str(store.session_key)


def routes() -> list[str]:
    from django.urls import URLResolver, get_resolver

    def names(resolver: URLResolver, space: str = "") -> list[str]:
        found = []
        for item in resolver.url_patterns:
            if isinstance(item, URLResolver):
                found += names(item, space + (f"{item.namespace}:" if item.namespace else ""))
            else:
                found.append(space + (item.name or str(item.pattern)))
        return found

    return sorted(set(names(get_resolver())))


def failed() -> dict[str, str]:
    """The pages of a bad moment, by status and language, as the server would send them."""
    from tatap.config import trouble

    return {f"{status}-{language}": trouble.page(status, language) for status in trouble.SENTENCES for language in ("id", "en")}


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    main()
