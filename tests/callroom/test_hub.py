import json
from typing import Any

from tatap.callroom.bus import LARGEST, Unpacker, pack
from tatap.callroom.hub import RING, SILENT_AFTER, Hub


class Chair:
    def __init__(self, tab: str = "t") -> None:
        self.tab, self.got, self.taken = tab, [], False

    def send(self, text: str) -> None:
        self.got.append(json.loads(text))

    def take_over(self) -> None:
        self.taken = True

    def kinds(self) -> list[str]:
        return [frame["t"] for frame in self.got]


def seated(hub: Hub, user: int, tab: str = "t", code: str = "R") -> Chair:
    chair = Chair(tab)
    hub.sit(code, user, chair, now="2026-11-24T05:00:00+00:00")
    return chair


def test_a_signal_reaches_the_other_and_not_its_sender() -> None:
    hub = Hub()
    a, b = seated(hub, 1), seated(hub, 2)
    hub.signal("R", 1, {"pc": "x"})
    assert b.got[-1] == {"t": "signal", "from": 1, "tab": "t", "d": {"pc": "x"}, "seq": 1}
    assert "signal" not in a.kinds()


def test_rooms_do_not_hear_each_other() -> None:
    hub = Hub()
    stranger = seated(hub, 3, code="OTHER")
    seated(hub, 1)
    hub.signal("R", 1, {})
    hub.to_all("R", {"t": "door", "open": True})
    assert stranger.got == []


def test_frames_are_numbered_for_each_person() -> None:
    hub = Hub()
    a, b = seated(hub, 1), seated(hub, 2)
    hub.to_all("R", {"t": "door", "open": True})
    assert [a.got[-1]["seq"], b.got[-1]["seq"]] == [2, 1]  # a also heard b arrive


def test_who_returns_gets_exactly_what_was_missed() -> None:
    hub = Hub()
    chair = seated(hub, 1)
    hub.to_all("R", {"t": "chat", "n": 1})
    hub.stand("R", 1, chair)
    hub.to_all("R", {"t": "chat", "n": 2})
    hub.to_all("R", {"t": "chat", "n": 3})
    assert [json.loads(text)["n"] for text in hub.person("R", 1).after(1) or []] == [2, 3]


def test_of_the_signals_missed_only_those_from_the_last_offer_on_are_of_use() -> None:
    hub = Hub()
    gone = seated(hub, 1)
    seated(hub, 2)
    before = gone.got[-1]["seq"]
    hub.signal("R", 2, "no mapping")
    for n in (1, 2):
        hub.signal("R", 2, {"pc": "p", "n": n, "description": {"type": "offer", "sdp": "v=0"}})
        hub.signal("R", 2, {"pc": "p", "candidate": {"candidate": f"c{n}"}})
        hub.to_all("R", {"t": "chat", "n": n})
    hub.signal("R", 2, {"pc": "p", "n": 9, "description": {"type": "answer", "sdp": "v=0"}})
    missed = [json.loads(text) for text in hub.person("R", 1).after(before) or []]
    told = [frame["n"] if frame["t"] == "chat" else frame["d"].get("n", frame["d"].get("candidate")) for frame in missed]
    assert told == [1, 2, {"candidate": "c2"}, 2, 9]
    assert [frame["seq"] for frame in missed] == sorted({frame["seq"] for frame in missed})


def test_signals_without_an_offer_are_of_use_until_one_is_seen_to_leave() -> None:
    hub = Hub()
    gone = seated(hub, 1)
    seated(hub, 2)
    before = gone.got[-1]["seq"]
    hub.signal("R", 2, {"want": "offer"})
    hub.signal("R", 2, {"description": {"type": "answer"}})
    hub.to_all("R", {"t": "chat", "n": 1})
    assert len(hub.person("R", 1).after(before) or []) == 3
    hub.stand("R", 1, gone)
    assert [json.loads(text)["t"] for text in hub.person("R", 1).after(before) or []] == ["chat"]


def test_after_too_long_away_the_ring_no_longer_reaches() -> None:
    hub = Hub()
    hub.person("R", 1)
    for n in range(RING + 1):
        hub.to_all("R", {"t": "chat", "n": n})
    assert hub.person("R", 1).after(0) is None
    assert len(hub.person("R", 1).after(1) or []) == RING


def test_a_number_from_the_future_is_not_believed() -> None:
    assert Hub().person("R", 1).after(5) is None


def test_large_frames_do_not_fill_the_memory() -> None:
    hub = Hub()
    hub.person("R", 1)
    for _ in range(40):
        hub.to_all("R", {"t": "signal", "d": "x" * 60_000})
    assert hub.person("R", 1).size < 600_000


def test_the_newer_tab_takes_the_seat() -> None:
    hub = Hub()
    old, new = seated(hub, 1, "old"), seated(hub, 1, "new")
    assert (old.taken, new.taken) == (True, False)
    assert hub.stand("R", 1, old) is False
    assert hub.presence("R", 1)["tab"] == "new"


def test_the_others_hear_who_leaves() -> None:
    hub = Hub()
    a, b = seated(hub, 1), seated(hub, 2)
    hub.stand("R", 2, b)
    assert (a.got[-1]["t"], a.got[-1]["user"], a.got[-1]["here"]) == ("presence", 2, False)


def test_an_empty_room_is_forgotten_and_comes_back_as_another() -> None:
    hub = Hub()
    chair = seated(hub, 1)
    epoch = hub.room("R").epoch
    hub.stand("R", 1, chair)
    hub.sweep(moment=0.0)
    hub.sweep(moment=10_000.0)
    assert "R" not in hub.rooms
    assert hub.room("R").epoch != epoch


class Two:
    """Two processes, their line between them being a plain call."""

    def __init__(self) -> None:
        self.moment = 0.0
        self.left, self.right = Hub(self._to("right")), Hub(self._to("left"))

    def _to(self, other: str) -> Any:
        def outward(code: str, note: dict[str, Any]) -> None:
            here = self.left if other == "right" else self.right
            for part in pack(here.origin, code, note):
                got = Unpacker().take(part)
                assert got is not None
                getattr(self, other).from_far(*got, moment=self.moment)

        return outward


def test_people_in_two_processes_see_and_hear_each_other() -> None:
    two = Two()
    two.right.person("R", 1)
    a, b = seated(two.left, 1), seated(two.right, 2)
    assert two.left.presence("R", 2)["here"] and two.right.presence("R", 1)["here"]
    two.left.signal("R", 1, {"n": 1})
    two.right.signal("R", 2, {"n": 2})
    two.left.to_all("R", {"t": "door", "open": True})
    assert [f for f in b.kinds() if f != "presence"] == ["signal", "door"]
    assert [f for f in a.kinds() if f != "presence"] == ["signal", "door"]


def test_a_seat_taken_in_another_process_ends_the_older_one() -> None:
    two = Two()
    old = seated(two.left, 1, "old")
    new = seated(two.right, 1, "new")
    assert (old.taken, new.taken) == (True, False)
    assert two.left.presence("R", 1)["tab"] == "new"
    assert two.left.stand("R", 1, old) is False


def test_people_of_a_process_that_died_have_left() -> None:
    two = Two()
    a, _b = seated(two.left, 1), seated(two.right, 2)
    two.left.sweep(moment=SILENT_AFTER + 1)
    assert (a.got[-1]["user"], a.got[-1]["here"]) == (2, False)


def test_a_long_note_travels_in_parts() -> None:
    note = {"t": "signal", "d": "é" * 30_000}
    parts = list(pack("o", "R", note))
    unpacker = Unpacker()
    assert all(len(part.encode()) < 7900 for part in parts) and len(parts) > LARGEST // 1000
    assert [unpacker.take(part) for part in parts][-1] == ("o", "R", note)


def test_a_lost_part_loses_that_note_alone() -> None:
    parts, unpacker = list(pack("o", "R", {"d": "x" * 20_000})), Unpacker()
    unpacker.take(parts[0])
    assert unpacker.take(parts[2]) is None
    assert unpacker.take(next(pack("o", "R", {"d": 1}))) == ("o", "R", {"d": 1})


def test_a_signal_to_someone_away_is_not_kept() -> None:
    hub = Hub()
    seated(hub, 1)
    hub.person("R", 2)
    hub.signal("R", 1, {})
    assert hub.person("R", 2).after(0) == []
