"""What must hold of the house as a whole."""

import re
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from tatap.config.worker import PERIODIC, WORK

ROOT = Path(__file__).resolve().parents[2]
ORDER = [
    "journey", "followup", "closing", "casenotes", "callroom", "payments", "preparation", "bookings", "counsellors",
    "accounts", "notifications", "meetings", "audit",
]
SOURCES = [
    path
    for kind in ("tatap/**/*.py", "browser/**/*.ts", "browser/**/*.css", "tatap/**/*.html", "tests/**/*.py", "bench/**/*.py")
    for path in ROOT.glob(kind)
    if "migrations" not in path.parts and "dist" not in path.parts
]
TEMPLATES = [path for path in SOURCES if path.suffix == ".html"]
CATALOGUES = sorted(ROOT.glob("tatap/**/locale/id/LC_MESSAGES/django.po"))


def test_foreign_keys_run_downwards() -> None:
    wrong = []
    for model in apps.get_models():
        here = model._meta.app_label
        for field in model._meta.get_fields():
            there = getattr(getattr(field, "remote_field", None), "model", None)
            if here in ORDER and not field.auto_created and there is not None and there._meta.app_label in ORDER:
                same_house = {here, there._meta.app_label} == {"closing", "casenotes"}
                if ORDER.index(there._meta.app_label) < ORDER.index(here) and not same_house:
                    wrong.append(f"{model._meta.label}.{field.name} -> {there._meta.label}")
    assert wrong == []


def test_no_file_is_longer_than_the_wall() -> None:
    assert [str(p.relative_to(ROOT)) for p in SOURCES if len(p.read_text().splitlines()) > 500] == []


def test_every_setting_is_in_the_manual() -> None:
    manual = (ROOT / "docs/self-hosting.md").read_text()
    read = {name for path in ROOT.glob("tatap/**/*.py") for name in re.findall(r"\bTATAP_[A-Z_]+\b", path.read_text())}
    assert sorted(name for name in read if f"`{name}`" not in manual and not name.endswith("_")) == []


@pytest.mark.parametrize("path", [kind.handler for kind in WORK] + [kind.model for kind in WORK] + [row[0] for row in PERIODIC])
def test_the_worker_finds_its_work(path: str) -> None:
    assert callable(import_string(path))


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-5])
def test_indonesian_is_complete(catalogue: Path) -> None:
    entries = [entry for entry in polib.pofile(str(catalogue)) if not entry.obsolete]
    assert [entry.msgid for entry in entries if entry.fuzzy or not entry.translated()] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_inline_script_or_style_and_no_foreign_origin(template: Path) -> None:
    text = template.read_text()
    inline = re.findall(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:src=|application/json))", text)
    foreign = re.findall(r"(?:src|action)=[\"']?https?://", text)
    assert inline + foreign == []


def test_the_licence_is_named_where_people_and_tools_look() -> None:
    """In these places, and so in no file's head."""
    said = {name: (ROOT / name).read_text() for name in ("LICENSE", "pyproject.toml", "package.json", "README.md")}
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in said.pop("LICENSE")
    assert [name for name, text in said.items() if "AGPL-3.0-or-later" not in text] == []
