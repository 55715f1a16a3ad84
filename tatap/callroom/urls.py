from django.urls import path

from tatap.callroom import views

app_name = "callroom"
urlpatterns = [
    path("sesi/<str:code>/ruang/", views.room, name="room"),
    path("sesi/<str:code>/ruang/tiket", views.ticket, name="ticket"),
    path("sesi/<str:code>/ruang/jalur", views.ice, name="ice"),
    path("ruang/luring/", views.offline, name="offline"),
    path("sesi/<str:code>/ruang/hilang", views.line, name="line"),
    path("sesi/<str:code>/ruang/tingkat", views.held, name="held"),
    path("sesi/<str:code>/ruang/tambah", views.extend, name="extend"),
]
