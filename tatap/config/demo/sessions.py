"""The sessions of the demo: past ones with cards, coming ones, and the one about to start."""

from datetime import datetime, timedelta

from tatap.bookings.models import Appointment
from tatap.callroom import actions as callroom
from tatap.closing import actions as closing
from tatap.closing import notes
from tatap.closing.models import Task
from tatap.config.demo.fill import Cast, place
from tatap.followup import actions as followup
from tatap.journey import actions as journey
from tatap.payments import actions as payments
from tatap.preparation import actions as preparation

CARDS = (
    (
        ["Malam terasa panjang sejak Ayah pergi.", "Tubuh lelah, pikiran belum mau berhenti."],
        ["Ponsel di luar kamar, tiga malam", "Tulis satu hal yang dirindukan dari Ayah"],
    ),
    (
        ["Tidur mulai datang lebih cepat dua malam.", "Menangis bukan kemunduran."],
        ["Tulis surat untuk Ayah, tidak usah selesai", "Jalan kaki sore, sepuluh menit"],
    ),
)


def past(cast: Cast, *, now: datetime) -> None:
    """Two sessions of the client with her counsellor, a fortnight and a week ago."""
    client, counsellor = cast.clients[0], cast.counsellors[0]
    for weeks, (points, tasks) in zip((2, 1), CARDS, strict=True):
        start = _round(now) - timedelta(weeks=weeks)
        row = place(client=client, counsellor=counsellor, starts_at=start, now=start - timedelta(days=2))
        _pay(cast, row, now=start - timedelta(days=2))
        _prepare(row, now=start - timedelta(minutes=20))
        _meet(row, start=start)
        _card(row, points, tasks, now=start + timedelta(minutes=45))
        callroom.end(code=row.code, by_id=counsellor.user_id, now=start + timedelta(minutes=50))
        notes.write(
            appointment=row, by=counsellor.user, body="Tema: duka, tidur. Rencana: ritual malam, surat.", revision=0,
            now=start + timedelta(minutes=55),
        )
        journey.close_past(appointment=row, now=start + timedelta(minutes=70))
        first = Task.objects.filter(card__appointment=row).order_by("position")[0]
        followup.tick(task=first, by=client, done=True, reflection="Dua malam berhasil.", now=start + timedelta(days=2))


def coming(cast: Cast, *, now: datetime) -> None:
    """Others' sessions, so that the day and the practice are not empty; one proof waits for the manager."""
    today = _round(now)
    wishes = ((1, 0, 24, True), (2, 0, 3, True), (3, 7, 26, True), (1, 4, 50, False))
    for who, whom, hours, paid in wishes:
        start = today + timedelta(hours=hours)
        row = place(client=cast.clients[who], counsellor=cast.counsellors[whom], starts_at=start, now=now)
        invoice = payments.open_invoice(appointment=row, payer=cast.clients[who], now=now)
        if paid and invoice.amount:
            payments.upload_proof(invoice=invoice, content=sample_proof(), by=cast.clients[who], now=now)
            payments.accept(invoice=invoice, by=cast.manager, now=now)
        elif invoice.amount:
            payments.upload_proof(invoice=invoice, content=sample_proof(), by=cast.clients[who], now=now)


def about_to_start(cast: Cast, *, stage: str, now: datetime) -> Appointment:
    client, counsellor = cast.clients[0], cast.counsellors[0]
    start = _round(now) + timedelta(minutes=5)
    row = place(client=client, counsellor=counsellor, starts_at=start, now=now - timedelta(days=1))
    _pay(cast, row, now=now - timedelta(days=1))
    if stage == "booked":
        return row
    _prepare(row, now=now)
    if stage in {"live", "closed"}:
        _meet(row, start=now)
    if stage == "closed":
        _card(row, *CARDS[1], now=now)
        callroom.end(code=row.code, by_id=counsellor.user_id, now=now)
    return row


def sample_proof() -> bytes:
    """A small picture that says it is a sample."""
    import io

    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (360, 480), "#faf7f2")
    draw = ImageDraw.Draw(picture)
    draw.text((40, 60), "CONTOH BUKTI TRANSFER", fill="#1d2b2a")
    draw.text((40, 100), "BSI 7123 4567 89", fill="#1d2b2a")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _round(now: datetime) -> datetime:
    """The last full five minutes."""
    return now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)


def _pay(cast: Cast, row: Appointment, *, now: datetime) -> None:
    invoice = payments.open_invoice(appointment=row, payer=row.client, now=now)
    if invoice.amount:
        payments.upload_proof(invoice=invoice, content=sample_proof(), by=row.client, now=now)
        payments.accept(invoice=invoice, by=cast.manager, now=now)
    row.refresh_from_db()


def _prepare(row: Appointment, *, now: datetime) -> None:
    preparation.check_in(
        appointment=row, person=row.client, now=now,
        answers={
            "where": "Kamar kos, Jl. Kaliurang, Sleman", "number": "0812 0000 1122",
            "emergency_person": "Mbak Tari (kakak)", "emergency_number": "0812 0000 3344",
            "alone": "yes", "headphones": "yes",
        },
    )
    preparation.record_device_check(
        appointment=row, person=row.client, verdict="picture",
        facts={"rtt_ms": 48, "jitter_ms": 6, "loss": 0.0, "down_kbit": 4100, "up_kbit": 1300}, now=now,
    )


def _meet(row: Appointment, *, start: datetime) -> None:
    for person in (row.client, row.counsellor.user):
        callroom.arrive(code=row.code, user_id=person.pk, tab="demo", now=start - timedelta(minutes=2))
    callroom.open_door(code=row.code, by_id=row.counsellor.user_id, now=start - timedelta(minutes=1))
    callroom.admit(code=row.code, user_id=row.client.pk, by_id=row.counsellor.user_id, now=start)


def _card(row: Appointment, points: list[str], tasks: list[str], *, now: datetime) -> None:
    by = row.counsellor.user
    card = closing.open_card(appointment=row, by=by, now=now)
    days = [row.starts_at.date() + timedelta(days=4 + i) for i in range(len(tasks))]
    closing.save_card(
        appointment=row, by=by, revision=card.revision, points=points, next_start=None, now=now,
        tasks=[{"text": text, "due_on": day} for text, day in zip(tasks, days, strict=True)],
    )
    closing.accept_card(appointment=row, by=row.client, now=now)
