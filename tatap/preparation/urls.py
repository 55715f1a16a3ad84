from django.urls import path

from tatap.preparation import views

app_name = "preparation"
urlpatterns = [
    path("sesi/<str:code>/siapkan/", views.prepare, name="prepare"),
    path("sesi/<str:code>/siapkan/perangkat", views.device, name="device"),
    path("sesi/<str:code>/siapkan/jalur", views.ways, name="ways"),
    path("sesi/<str:code>/siapkan/nomor", views.reach, name="reach"),
    path("sesi/<str:code>/siapkan/terbaca", views.seen, name="seen"),
]
