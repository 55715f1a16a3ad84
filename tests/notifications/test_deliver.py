import email
import smtplib
from datetime import datetime
from typing import Any

import pytest
from django.core import mail

from tatap.config.worker import WORK, run_due
from tatap.notifications import actions, tasks
from tatap.notifications.actions import Recipient
from tatap.notifications.models import Message
from tatap.notifications.provider import CouldNotSend

ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Janji temu\r\nEND:VCALENDAR\r\n"
TO = Recipient(address="kirana@example.org", language="id", zone="Asia/Jakarta")


def queued(now: datetime, **more: Any) -> Message:
    values = {"key": "k1", "subject": "Janji temu", "text": "Selasa 19.00 WIB", **more}
    return actions.queue(to=TO, now=now, **values)


@pytest.mark.django_db
def test_the_same_key_is_one_letter(now: datetime) -> None:
    assert queued(now).pk == queued(now, text="lain").pk
    assert Message.objects.get().text == "Selasa 19.00 WIB"


@pytest.mark.django_db
def test_the_calendar_file_names_its_method_once(now: datetime) -> None:
    tasks.deliver(queued(now, ics=ICS, ics_method="CANCEL"), now)
    parts = list(email.message_from_bytes(mail.outbox[0].message().as_bytes()).walk())
    calendar, attached = [part for part in parts if part.get_content_type() == "text/calendar"]
    assert calendar.get_params() == [("text/calendar", ""), ("method", "CANCEL"), ("charset", "utf-8")]
    assert attached.get_filename() == "undangan.ics"


@pytest.mark.django_db
def test_a_second_try_bears_the_same_message_id(now: datetime) -> None:
    row = queued(now)
    tasks.deliver(row, now)
    tasks.deliver(row, now)
    first, second = [letter.message()["Message-ID"] for letter in mail.outbox]
    assert first == second


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trouble", "permanent"),
    [
        (ConnectionRefusedError(), False),
        (smtplib.SMTPServerDisconnected(), False),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"later")}), False),
    ],
)
def test_what_a_mail_server_says_decides_whether_to_try_again(
    now: datetime, monkeypatch: pytest.MonkeyPatch, trouble: Exception, permanent: bool
) -> None:
    def fail(*args: Any, **kwargs: Any) -> int:
        raise trouble

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
    with pytest.raises(CouldNotSend) as told:
        tasks.deliver(queued(now), now)
    assert told.value.permanent is permanent


@pytest.mark.django_db
def test_a_code_is_forgotten_once_it_is_sent(now: datetime) -> None:
    row = queued(now, key=f"{actions.FORGOTTEN}1", text="Kode: ABC123")
    tasks.deliver(row, now)
    assert ("ABC123" in mail.outbox[0].body, Message.objects.get().text) == (True, "")
    tasks.deliver(Message.objects.get(), now)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_code_that_could_not_be_sent_is_forgotten_as_well(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
    queued(now, key=f"{actions.FORGOTTEN}1", text="Kode: ABC123")
    queued(now, key="k2")
    run_due(WORK[0], now=lambda: now)
    rows = Message.objects.order_by("pk").values_list("text", "last_error", "failed_at")
    assert list(rows) == [("", "CouldNotSend", now), ("Selasa 19.00 WIB", "CouldNotSend", now)]
