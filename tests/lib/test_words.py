from datetime import UTC, datetime

from tatap.lib.rupiah import rupiah
from tatap.lib.zones import clock_time, zone_label


def test_rupiah_is_whole_with_points() -> None:
    assert [rupiah(0), rupiah(75_000), rupiah(1_250_117)] == ["Rp0", "Rp75.000", "Rp1.250.117"]


def test_the_zone_is_always_named() -> None:
    noon = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert clock_time(noon, "Asia/Jakarta") == "12.00\u00a0WIB"
    assert clock_time(noon, "Asia/Jayapura") == "14.00\u00a0WIT"
    assert zone_label("Asia/Kuala_Lumpur") == "Kuala Lumpur"
