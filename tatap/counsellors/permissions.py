"""Who may see a profile, and who may change it."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from tatap.accounts.models import User
from tatap.counsellors import queries
from tatap.counsellors.models import Counsellor


def visible(user: Any, *, now: datetime) -> QuerySet[Counsellor]:
    """What is shown to all, and to a counsellor her own."""
    own = Q(user=user.pk) if user.is_authenticated else Q(pk__in=[])
    return Counsellor.objects.filter(Q(pk__in=queries.shown(now).values("pk")) | own)


def must_be_counsellor(user: Any) -> User:
    if not isinstance(user, User) or user.role != "counsellor":
        raise Http404
    return user
