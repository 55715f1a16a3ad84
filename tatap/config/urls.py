"""Every path of the house. Neutral words: a path on somebody's screen says nothing of why they are here."""

from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from tatap.config import pages

handler500 = "tatap.config.trouble.on_error"
urlpatterns = [
    path("", pages.front, name="front"),
    path("bantuan/", pages.help_now, name="help"),
    path("sw.js", pages.service_worker, name="service_worker"),
    path("privasi/", pages.privacy, name="privacy"),
    path("bahasa/", require_POST(set_language), name="set_language"),
    path("akun/", include("allauth.urls")),
    path("", include("tatap.accounts.urls")),
    path("", include("tatap.counsellors.urls")),
    path("", include("tatap.bookings.urls")),
    path("", include("tatap.payments.urls")),
    path("", include("tatap.preparation.urls")),
    path("", include("tatap.callroom.urls")),
    path("", include("tatap.closing.urls")),
    path("", include("tatap.followup.urls")),
    path("", include("tatap.journey.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("gallery/", include("tatap.config.gallery"))]
if settings.DEMO:
    urlpatterns += [path("demo/", include("tatap.config.demo_page"))]
