"""Where the page about nothing stands (the quick exit's goal), by language."""

ADDRESSES = {"id": "/waktu/", "en": "/time/"}


def address(language: str) -> str:
    return ADDRESSES.get(language, ADDRESSES["id"])
