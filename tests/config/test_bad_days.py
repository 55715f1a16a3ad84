"""Days on which something outside is full, away or ended: a served practice says so kindly and loses nothing."""

import json
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from tests.config.served import JPEG, Served, hear, multipart, until

Practice = Callable[..., Served]


def proofs(served: Served) -> int:
    with closing(sqlite3.connect(served.folder / "tatap.sqlite3")) as line:
        return int(line.execute("SELECT count(*) FROM payments_proof").fetchone()[0])


def begin_upload(served: Served, declared: int, first: bytes) -> socket.socket:
    """An upload that stays unfinished until the test sends the rest."""
    line = socket.create_connection(("127.0.0.1", served.port), 10)
    path = f"/sesi/{served.facts['held']}/bayar/"
    line.sendall(
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {served.cookie}\r\nContent-Length: {declared}\r\n"
        "Content-Type: multipart/form-data; boundary=batas\r\n\r\n".encode() + first
    )
    return line


def test_a_file_too_large_is_told_in_both_languages_and_a_smaller_one_is_taken(practice_served: Practice) -> None:
    served = practice_served().start()
    huge = JPEG + bytes(7 * 1024 * 1024)
    answer = served.prove(huge)
    assert (answer.status, "Berkas ini terlalu besar" in answer.text) == (413, True)
    assert "dist/main." in answer.text  # in the house's clothes
    assert 'lang="en">This file is too large' in answer.text
    answer = served.prove(huge, language="en")
    assert (answer.status, "<h1>This file is too large" in answer.text) == (413, True)
    assert (served.prove(JPEG).status, proofs(served)) == (302, 1)


def test_a_full_disk_is_told_and_nothing_is_lost(practice_served: Practice) -> None:
    served = practice_served()
    size = (served.folder / "tatap.sqlite3").stat().st_size
    served.start(most=size + 1_500_000)
    answer = served.prove(JPEG + bytes(5_000_000 - len(JPEG)))
    assert (answer.status, "Penyimpanan kami penuh" in answer.text) == (507, True)
    assert (served.page("/sesi/").status, proofs(served)) == (200, 0)
    assert (served.prove(JPEG).status, proofs(served)) == (302, 1)


def test_a_locked_database_is_told_after_a_while_and_pages_stay_readable(practice_served: Practice) -> None:
    served = practice_served().start()
    token, cookies = served.form(f"/sesi/{served.facts['held']}/bayar/")
    said: list[Any] = []
    database = served.folder / "tatap.sqlite3"
    with served.sit("client") as person, closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # as a program of the operator's might
        person.send(json.dumps({"t": "chat", "key": "k1", "text": "Saya di sini"}))
        body, kind = multipart(token, JPEG), "multipart/form-data; boundary=batas"
        path = f"/sesi/{served.facts['held']}/bayar/"
        posting = threading.Thread(
            target=lambda: said.append(served.ask("POST", path, body, Cookie=cookies, Content_Type=kind))
        )
        posting.start()
        assert served.page("/sesi/").status == 200
        person.send(json.dumps({"t": "ping", "n": 1}))
        assert hear(person, "pong")["n"] == 1  # what need not be kept goes on
        assert hear(person, "refused", "chat")["reason"] == "later"
        posting.join(30)
        other.execute("ROLLBACK")
        person.send(json.dumps({"t": "chat", "key": "k1", "text": "Saya di sini"}))
        assert hear(person, "chat")["text"] == "Saya di sini"
    assert (said[0].status, said[0].headers["Retry-After"]) == (503, "10")
    assert "yang Anda ketik masih ada" in said[0].text
    assert (served.prove(JPEG).status, proofs(served)) == (302, 1)


def test_it_stops_within_two_seconds_with_an_upload_a_socket_and_a_row_in_hand(practice_served: Practice) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:  # a mail server that takes the call and says nothing
        served = practice_served(
            TATAP_EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", TATAP_SMTP_HOST="127.0.0.1",
            TATAP_SMTP_PORT=str(silent.getsockname()[1]), TATAP_SMTP_TLS="0",
        )
        with closing(sqlite3.connect(served.folder / "tatap.sqlite3")) as line:
            line.execute(
                "INSERT INTO notifications_message (key, due_at, tries, last_error, channel, address, subject, text, html, ics, ics_method, queued_at)"
                " VALUES ('k', '2026-01-01', 0, '', 'email', 'a@example.org', 's', 't', '', x'', 'REQUEST', '2026-01-01')"
            )
            line.commit()
        served.start()
        silent.settimeout(15)
        held, _address = silent.accept()  # the worker has the row in hand
        with served.sit("client"), closing(held), closing(begin_upload(served, 100_000, b"x" * 70_000)):
            took = served.end()
        assert (took < 2, served.process.returncode) == (True, 0), took
    with closing(sqlite3.connect(served.folder / "tatap.sqlite3")) as line:
        row = line.execute("SELECT done_at, failed_at, tries FROM notifications_message").fetchone()
    assert row == (None, None, 1)  # it is tried again once its lease has ended


def test_slow_bodies_hold_no_page_thread(practice_served: Practice) -> None:
    """Many more unfinished uploads than there are page threads."""
    served = practice_served().start()
    uploads = [begin_upload(served, 5_000_000, b"x" * 70_000) for _ in range(24)]
    begin = time.monotonic()
    assert [served.page("/sesi/").status for _ in range(3)] == [200, 200, 200]
    assert time.monotonic() - begin < 15  # an idle body is let go after 20 s
    for upload in uploads:
        upload.close()


def test_a_database_that_is_gone_is_told_and_the_room_keeps_its_words(cluster: Any, practice_served: Practice) -> None:
    served = practice_served(TATAP_DATABASE_URL=cluster.database("gone"))
    served.seed().start()
    with served.sit("client") as person:
        cluster.stop()
        answer = served.page("/sesi/", language="en")
        assert (answer.status, answer.headers["Retry-After"], "<h1>One moment please" in answer.text) == (503, "10", True)
        assert "Mohon tunggu sebentar" in served.page("/").text
        person.send(json.dumps({"t": "chat", "key": "k1", "text": "Saya di sini"}))
        assert hear(person, "refused", "chat")["reason"] == "later"
        person.send(json.dumps({"t": "ping", "n": 1}))
        assert hear(person, "pong")["n"] == 1
        cluster.start()
        until(lambda: served.page("/sesi/").status == 200, 15, "pages did not come back")
        person.send(json.dumps({"t": "chat", "key": "k1", "text": "Saya di sini"}))
        assert hear(person, "chat")["text"] == "Saya di sini"
    assert served.process.poll() is None


def test_a_mail_server_that_is_down_costs_no_page_and_no_letter(practice_served: Practice) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    served = practice_served(
        TATAP_EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", TATAP_SMTP_HOST="127.0.0.1",
        TATAP_SMTP_PORT=str(port), TATAP_SMTP_TLS="0",
    ).start()
    token, cookies = served.form("/akun/login/code/", signed_in=False)
    body = f"csrfmiddlewaretoken={token}&email=kirana%40example.org".encode()
    answer = served.ask("POST", "/akun/login/code/", body, Cookie=cookies, Content_Type="application/x-www-form-urlencoded")
    assert answer.status == 302  # to where the code is typed

    def tried() -> Any:
        with closing(sqlite3.connect(served.folder / "tatap.sqlite3")) as line:
            return line.execute("SELECT tries, failed_at, text <> '' FROM notifications_message WHERE tries > 0").fetchone()

    assert until(tried, 15, "the worker did not try") == (1, None, 1)  # kept, to be tried again
    until(lambda: "CouldNotSend" in served.said(), 5, "nothing was said in the log")
    assert "kirana@" not in served.said()
