from django.urls import path

from tatap.bookings import practice_views, views

app_name = "bookings"
urlpatterns = [
    path("praktik/jam/", views.hours, name="hours"),
    path("praktik/aturan/", practice_views.rules_page, name="rules"),
]
