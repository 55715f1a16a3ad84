from django.urls import path

from tatap.closing import note_views, views

app_name = "closing"
urlpatterns = [
    path("sesi/<str:code>/kartu/", views.card, name="card"),
    path("sesi/<str:code>/kartu/isi", views.card_state, name="card_state"),
    path("sesi/<str:code>/kartu/simpan", views.card_save, name="card_save"),
    path("sesi/<str:code>/kartu/terima", views.accept, name="accept"),
    path("sesi/<str:code>/kartu/tambah", views.add, name="add"),
    path("sesi/<str:code>/catatan/", note_views.casenotes, name="casenotes"),
    path("sesi/<str:code>/catatan/simpan", note_views.casenotes_save, name="casenotes_save"),
]
