from django.urls import path

from tatap.journey import practice_views, views

app_name = "journey"
urlpatterns = [
    path("pesan/<slug:slug>/", views.book, name="book"),
    path("sesi/", views.sessions, name="sessions"),
    path("sesi/<str:code>/", views.appointment, name="appointment"),
    path("sesi/<str:code>/pindah/", views.move, name="move"),
    path("sesi/<str:code>/batal/", views.cancel, name="cancel"),
    path("sesi/<str:code>/uang-kembali/", views.late_refund, name="late_refund"),
    path("t/<str:token>/", views.signed, name="signed"),
    path("saya/jejak/", views.who_looked, name="who_looked"),
    path("praktik/", practice_views.day, name="day"),
    path("praktik/ringkasan/", practice_views.overview, name="overview"),
    path("praktik/ringkasan/<str:code>/", practice_views.absence, name="absence"),
    path("praktik/ringkasan.csv", practice_views.overview_csv, name="overview_csv"),
]
