"""``tatap messages``: compiles the translations, without any system tool."""

import sys
from pathlib import Path

import polib


def main(arguments: list[str]) -> None:
    count = 0
    for source in sorted(Path(__file__).resolve().parents[2].rglob("*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            count += 1
    sys.stdout.write(f"{count} translation files compiled.\n")
