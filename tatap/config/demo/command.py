"""``tatap demo [--stage booked|prepared|live|closed]``: starts afresh, fills, serves."""

import argparse
import os
import shutil
import sys
from pathlib import Path

STAGES = ("booked", "prepared", "live", "closed")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="tatap demo", description="A practice to try, on this machine alone.")
    parser.add_argument("--stage", choices=STAGES, default=os.environ.get("STAGE") or "prepared")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--fill-only", action="store_true", help="fill the practice, do not serve it")
    options = parser.parse_args(arguments)
    folder = _own_folder()
    _start_afresh(folder)
    _settings(folder, options.port)

    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)

    from tatap.config.demo.fill import fill
    from tatap.lib import clock

    code = fill(stage=options.stage, now=clock.now())
    _tell(options.port, code, letters=folder / "letters")
    if not options.fill_only:
        from tatap.config.serve import main as serve

        serve(["--host", "127.0.0.1", "--port", str(options.port)])


def _own_folder() -> Path:
    given = os.environ.get("TATAP_DEMO_DIR")
    return Path(given) if given else Path(__file__).resolve().parents[3] / "var" / "demo"


def _start_afresh(folder: Path) -> None:
    """Only what an earlier demo left in its own folder is thrown away."""
    if folder.exists():
        marked = (folder / "is-demo").exists()
        if not marked and any(folder.iterdir()):
            sys.exit(f"{folder} is not empty and was not made by the demo; nothing was touched.")
        shutil.rmtree(folder)
        sys.stdout.write("Starting afresh: what an earlier demo left was thrown away.\n")
    folder.mkdir(parents=True)
    (folder / "is-demo").touch()


def _settings(folder: Path, port: int) -> None:
    for name in [n for n in os.environ if n.startswith("TATAP_") and n != "TATAP_DEMO_DIR"]:
        del os.environ[name]  # the demo never touches a real practice's database, mail or keys
    os.environ.update(
        TATAP_DATA_DIR=str(folder),
        TATAP_DEMO="1",
        TATAP_ORIGIN=f"http://127.0.0.1:{port}",
        TATAP_EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
        DJANGO_SETTINGS_MODULE="tatap.config.settings",
    )


def _tell(port: int, code: str, *, letters: Path) -> None:
    from tatap.config.demo.cast import CLIENTS, COUNSELLORS, MANAGER, PASSWORD

    sys.stdout.write(
        f"""
Tatap is ready:  http://127.0.0.1:{port}/demo/

That page lets you enter with one button each. The ordinary logins (password {PASSWORD}):
  client      {CLIENTS[0][0]}
  counsellor  {COUNSELLORS[0].slug}@tatap.example
  manager     {MANAGER[0]}
The session about to start has the code {code}. Letters, codes for new accounts among them, are written
to {letters}. Stop with Ctrl-C.
"""
    )
    sys.stdout.flush()
