"""The one thing a client can do next for a session."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ENTER_BEFORE = timedelta(minutes=15)
ENTER_AFTER = timedelta(minutes=15)


class Step(StrEnum):
    PAY = "pay"
    AWAIT_CONFIRMATION = "await_confirmation"  # a proof lies with the practice
    PREPARE = "prepare"
    ENTER = "enter"
    WAIT = "wait"  # prepared; the door opens later
    READ_CARD = "read_card"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Facts:
    status: str  # of the appointment
    paid: str  # "paid", "proof" or "due"
    may_enter: bool
    prepared: bool
    has_card: bool
    ended: bool
    starts_at: datetime
    ends_at: datetime


def next_step(facts: Facts, *, now: datetime) -> Step:
    if facts.status in {"cancelled", "released"}:
        return Step.NOTHING
    if facts.ended or facts.status in {"fulfilled", "noshow"} or now >= facts.ends_at + ENTER_AFTER:
        return Step.READ_CARD if facts.has_card else Step.NOTHING
    if not facts.may_enter:
        return Step.AWAIT_CONFIRMATION if facts.paid == "proof" else Step.PAY
    open_now = now >= facts.starts_at - ENTER_BEFORE
    if open_now and (facts.prepared or now >= facts.starts_at):
        return Step.ENTER
    if not facts.prepared:
        return Step.PREPARE
    return Step.WAIT


def path(step: Step) -> list[tuple[str, str]]:
    """The way to the session as (stop, "done" | "here" | "todo")."""
    order = ["booked", "paid", "prepared", "met", "card"]
    here = {
        Step.PAY: 1,
        Step.AWAIT_CONFIRMATION: 1,
        Step.PREPARE: 2,
        Step.WAIT: 3,
        Step.ENTER: 3,
        Step.READ_CARD: 4,
        Step.NOTHING: 5,
    }[step]
    return [(stop, "done" if i < here else "here" if i == here else "todo") for i, stop in enumerate(order)]
