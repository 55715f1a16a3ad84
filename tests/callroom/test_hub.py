from typing import Any

from tatap.callroom.hub import RING, Hub


class Seat:
    def __init__(self, tab: str) -> None:
        self.tab, self.got, self.taken = tab, [], False

    def send(self, frame: dict[str, Any]) -> None:
        self.got.append(frame)

    def take_over(self) -> None:
        self.taken = True


def seated(*people: int) -> tuple[Hub, list[Seat]]:
    hub, seats = Hub(), [Seat(f"tab{person}") for person in people]
    for person, seat in zip(people, seats, strict=True):
        hub.sit("ROOM", person, seat, now="t")
    for seat in seats:
        seat.got.clear()
    return hub, seats


def test_a_signal_reaches_the_other_alone() -> None:
    hub, (one, two) = seated(1, 2)
    hub.signal("ROOM", 1, {"x": 1})
    assert one.got == []
    assert [(f["t"], f["from"], f["tab"], f["d"]) for f in two.got] == [("signal", 1, "tab1", {"x": 1})]


def test_a_signal_to_someone_away_is_not_kept() -> None:
    hub, (_one, two) = seated(1, 2)
    hub.stand("ROOM", 2, two)
    before = hub.person("ROOM", 2).seq
    hub.signal("ROOM", 1, {})
    assert hub.person("ROOM", 2).seq == before


def test_who_returns_gets_just_what_was_missed() -> None:
    hub, (_one, two) = seated(1, 2)
    seq = hub.person("ROOM", 2).seq
    hub.stand("ROOM", 2, two)
    hub.to_all("ROOM", {"t": "chat", "n": 1})
    missed = hub.missed("ROOM", 2, epoch=hub.epoch, seq=seq)
    assert missed is not None
    assert [(f["t"], f["seq"]) for f in missed] == [("chat", seq + 1)]


def test_another_epoch_or_too_long_away_means_everything_anew() -> None:
    hub, (_one, _two) = seated(1, 2)
    assert hub.missed("ROOM", 2, epoch="other", seq=0) is None
    seq = hub.person("ROOM", 2).seq
    for number in range(RING + 1):
        hub.to_all("ROOM", {"t": "card", "revision": number})
    assert hub.missed("ROOM", 2, epoch=hub.epoch, seq=seq) is None


def test_the_newest_tab_has_the_seat() -> None:
    hub, (_one, old) = seated(1, 2)
    new = Seat("new")
    hub.sit("ROOM", 2, new, now="t")
    assert (old.taken, hub.person("ROOM", 2).seat) == (True, new)
    assert hub.stand("ROOM", 2, old) is False
    assert hub.person("ROOM", 2).seat is new


def test_rooms_do_not_hear_each_other() -> None:
    hub, (_one, two) = seated(1, 2)
    hub.sit("OTHER", 3, Seat("x"), now="t")
    hub.to_all("OTHER", {"t": "chat"})
    hub.signal("OTHER", 3, {})
    assert two.got == []
