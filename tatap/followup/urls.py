from django.urls import path

from tatap.followup import views

app_name = "followup"
urlpatterns = [
    path("tugas/", views.tasks, name="tasks"),
    path("tugas/<uuid:task_id>/", views.tick, name="tick"),
    path("sesi/<str:code>/tugas-lalu/", views.opening, name="opening"),
]
