from datetime import datetime

from django.db import transaction
from django.db.models import F

from tatap.accounts.models import User
from tatap.audit import actions as audit
from tatap.bookings.models import Appointment
from tatap.closing.casenotes.models import Note

LONGEST = 50_000  # characters


class NoteConflict(Exception):
    """Another window saved since; both texts are shown to the author."""


class NoteTooLong(Exception):
    pass


def save_note(*, appointment: Appointment, by: User, body: str, revision: int, now: datetime) -> Note:
    """Replaces the note if it is still at ``revision``; the same text sent again changes nothing."""
    if len(body) > LONGEST:
        raise NoteTooLong
    with transaction.atomic():
        note, _made = Note.objects.get_or_create(appointment=appointment, author=by, defaults={"changed_at": now})
        if note.body == body:
            return note
        if not Note.objects.filter(pk=note.pk, revision=revision).update(revision=F("revision") + 1):
            raise NoteConflict
        note.refresh_from_db()
        note.body, note.changed_at = body, now
        note.save(update_fields=["body", "changed_at"])
        if revision == 0:  # written down once, not at each pause of typing
            audit.record(by=by, verb="note.begun", subject=f"appointment:{appointment.code}", now=now)
    return note
