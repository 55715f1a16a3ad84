"""What the rooms above may know of private notes: that one was written, never what it says."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tatap.accounts.models import User
from tatap.bookings.models import Appointment
from tatap.closing.casenotes.actions import save_note
from tatap.closing.casenotes.models import Note


def appointments_with_note(author: User) -> "QuerySet[Note, Any]":
    return Note.objects.filter(author=author).values("appointment")


def write(*, appointment: Appointment, by: User, body: str, revision: int, now: datetime) -> None:
    save_note(appointment=appointment, by=by, body=body, revision=revision, now=now)
