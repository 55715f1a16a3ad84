from datetime import date

import pytest

from tatap.lib.spreadsheet import download, harmless


@pytest.mark.parametrize(
    ("cell", "text"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2", "'-2"), ("\tx", "'\tx"), (None, ""), (date(2026, 11, 24), "2026-11-24"), (0, "0"), ("Bu Nur", "Bu Nur")],
)
def test_a_cell_is_never_a_formula(cell: object, text: str) -> None:
    assert harmless(cell) == text


def test_a_table_opens_as_utf8_and_is_not_kept(settings: object) -> None:
    answer = download("izin", ["a"], [["é"]])
    assert answer.content.decode() == "\ufeffa\r\né\r\n"
    assert answer["Cache-Control"] == "private, no-store"
