"""The page that ours are measured against: what Django itself costs under the same middleware, for the same
signed-in person and as many rows. One template, Django's own tags and context processors."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, RequestContext
from django.urls import path

from tatap.config.urls import urlpatterns as house
from tatap.counsellors.models import Opening

PAGE = """<!doctype html><html lang="{{ LANGUAGE_CODE }}"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><p>{{ user.email }}</p>{% for message in messages %}<p>{{ message }}</p>{% endfor %}<table>
{% for row in rows %}<tr><td>{{ row.counsellor.name }}</td><td>{{ row.start|date:"j F Y H:i" }}</td>
<td>{{ row.end|date:"j F Y H:i" }}</td><td><a href="/{{ row.pk }}/">{{ row.counsellor.slug }}</a></td></tr>{% endfor %}
</table><form method="post">{% csrf_token %}<button>OK</button></form></body></html>"""
DJANGO = "django.template.context_processors"
ENGINE = Engine(context_processors=[
    f"{DJANGO}.request", "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages", f"{DJANGO}.i18n",
])
TEMPLATE = ENGINE.from_string(PAGE)


@login_required
def bare(request: HttpRequest, count: int) -> HttpResponse:
    rows = Opening.objects.select_related("counsellor")
    context: Context = RequestContext(request, {"title": "Bare", "rows": rows.order_by("start")[:count]})
    return HttpResponse(TEMPLATE.render(context))


urlpatterns = [path("bare/<int:count>/", bare), *house]
