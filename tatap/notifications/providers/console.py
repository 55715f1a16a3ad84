import sys

from tatap.notifications.provider import Letter


class Console:
    """Prints that a letter went out, and the letter itself: for trying things on one's own machine."""

    def send(self, letter: Letter) -> None:
        sys.stdout.write(f"--- letter\nTo: {letter.address}\nSubject: {letter.subject}\n\n{letter.text}\n---\n")
