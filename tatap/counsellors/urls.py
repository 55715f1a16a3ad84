from django.urls import URLPattern

app_name = "counsellors"
urlpatterns: list[URLPattern] = []
