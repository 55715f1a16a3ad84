from datetime import UTC, datetime

import pytest
from django.utils import translation

from tatap.config.templatetags.times import by_part


@pytest.mark.parametrize(
    ("language", "zone", "names"),
    [
        ("id", "Asia/Jakarta", ["Pagi", "Siang", "Sore", "Malam"]),
        ("en", "Asia/Jakarta", ["Morning", "Midday", "Afternoon", "Evening"]),
        ("id", "Asia/Jayapura", ["Siang", "Sore", "Malam"]),
    ],
)
def test_times_stand_under_the_part_of_the_readers_day(language: str, zone: str, names: list[str]) -> None:
    moments = [datetime(2026, 11, 24, utc, tzinfo=UTC) for utc in (3, 4, 7, 8, 10, 11, 14)]  # 10.00 to 21.00 WIB
    with translation.override(language):
        parts = by_part(moments, zone)
    assert [name for name, _times in parts] == names
    assert [moment for _name, times in parts for moment in times] == moments
