"""Every part of the pages in one place; only while TATAP_DEBUG is set."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery.html")


urlpatterns = [path("", gallery, name="gallery")]
