from django.urls import URLPattern

app_name = "callroom"
urlpatterns: list[URLPattern] = []
