from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tatap.accounts.models import User
from tatap.bookings.permissions import appointment_for
from tatap.followup import actions, queries
from tatap.lib import clock

SHOWN = 60  # of each; older ones stay on their cards


@require_safe
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    return _tasks_page(request)


def _tasks_page(request: HttpRequest, *, problem: str = "", about: str = "", typed: str = "") -> HttpResponse:
    assert isinstance(request.user, User)
    if request.user.role != "client":
        raise Http404
    context = {
        "tasks": queries.not_ticked(request.user)[:SHOWN],
        "done": queries.ticked(request.user)[:SHOWN],
        "problem": problem,
        "about": about,
        "typed": typed,
    }
    return render(request, "followup/tasks.html", context, status=422 if problem else 200)


@require_POST
@login_required
def tick(request: HttpRequest, task_id: UUID) -> HttpResponse:
    assert isinstance(request.user, User)
    task = get_object_or_404(queries.tasks_of(request.user), pk=task_id)
    reflection = request.POST.get("reflection", "")
    try:
        actions.tick(
            task=task, by=request.user, done=request.POST.get("done") == "on", reflection=reflection, now=clock.now()
        )
    except actions.ReflectionTooLong:
        return _tasks_page(request, problem=_("At most 500 letters; your text is kept below."), about=str(task.pk), typed=reflection)
    messages.success(request, _("Kept."))
    return redirect(f"{reverse('followup:tasks')}#t-{task.pk}")


@require_safe
@login_required
def opening(request: HttpRequest, code: str) -> HttpResponse:
    """A fragment for the room: what was agreed last time and how it went."""
    appointment = appointment_for(request.user, code)
    return render(request, "followup/_opening.html", {"tasks": queries.last_tasks(appointment)})
