from collections.abc import Iterable

from tatap.notifications.models import Message


def fates(keys: Iterable[str]) -> dict[str, str]:
    """What became of letters, by key: "sent", "failed" (given up), "waiting"."""
    rows = Message.objects.filter(key__in=list(keys)).values_list("key", "done_at", "failed_at")
    return {key: "failed" if failed else "sent" if done else "waiting" for key, done, failed in rows}
