from django.urls import path

from tatap.counsellors import practice_views, views

app_name = "counsellors"
urlpatterns = [
    path("konselor/", views.directory, name="directory"),
    path("konselor/<slug:slug>/", views.profile, name="profile"),
    path("konselor/<slug:slug>/foto", views.photo, name="photo"),
    path("praktik/profil/", views.edit, name="edit"),
    path("praktik/izin/", views.licences, name="licences"),
    path("praktik/izin.csv", practice_views.licences_csv, name="licences_csv"),
    path("praktik/kata/", practice_views.terms, name="terms"),
]
