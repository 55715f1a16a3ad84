"""The measuring tools that lie beside this repository (``callbench``, ``netlab``), put on the import path.
``TATAP_SHARED`` names their folder where it is another."""

import os
import sys
from pathlib import Path

FOLDER = Path(os.environ.get("TATAP_SHARED") or Path(__file__).resolve().parents[2] / "shared")

if str(FOLDER) not in sys.path:
    sys.path.append(str(FOLDER))


def missing() -> str:
    """Why calls cannot be measured here, in one sentence; empty where they can."""
    if (FOLDER / "callbench").is_dir() and (FOLDER / "netlab").is_dir():
        return ""
    return f"callbench and netlab are not in {FOLDER}; TATAP_SHARED can name their folder."
