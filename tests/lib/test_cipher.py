import pytest

from tatap.lib.cipher import CannotOpen, KeyRing, new_key


def test_opens_what_it_sealed_in_its_place_alone() -> None:
    ring = KeyRing.parse(new_key())
    sealed = ring.seal(b"malam terasa panjang", bound_to="card:1")
    assert ring.open(sealed, bound_to="card:1") == b"malam terasa panjang"
    with pytest.raises(CannotOpen):
        ring.open(sealed, bound_to="card:2")


def test_another_key_does_not_open() -> None:
    sealed = KeyRing.parse(new_key()).seal(b"x", bound_to="a")
    with pytest.raises(CannotOpen):
        KeyRing.parse(new_key()).open(sealed, bound_to="a")


def test_an_older_key_still_opens_after_a_new_one_is_put_in_front() -> None:
    old, new = new_key(), new_key()
    sealed = KeyRing.parse(old).seal(b"x", bound_to="a")
    both = KeyRing.parse(f"{new},{old}")
    assert both.open(sealed, bound_to="a") == b"x"
    assert both.is_current(sealed) is False


@pytest.mark.parametrize("text", ["", "not base64!", "c2hvcnQ="])
def test_a_wrong_key_is_named_at_once(text: str) -> None:
    with pytest.raises(ValueError, match="key"):
        KeyRing.parse(text)
