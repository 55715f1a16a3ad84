from django.urls import path

from tatap.accounts import practice_views, views

app_name = "accounts"
urlpatterns = [
    path("saya/", views.settings_page, name="settings"),
    path("saya/persetujuan/", views.consent, name="consent"),
    path("saya/keluar-semua/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("praktik/orang/", views.people, name="people"),
    path("praktik/orang.csv", views.people_csv, name="people_csv"),
    path("praktik/undangan/", practice_views.invite, name="invite"),
    path("praktik/sambungan/", views.connection, name="connection"),
    path("undangan/<uuid:token>/", views.invitation, name="invitation"),
]
