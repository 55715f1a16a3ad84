from django.urls import path

from tatap.payments import views

app_name = "payments"
urlpatterns = [
    path("sesi/<str:code>/bayar/", views.pay, name="pay"),
    path("sesi/<str:code>/kuitansi/", views.receipt, name="receipt"),
    path("sesi/<str:code>/kuitansi.pdf", views.receipt_pdf, name="receipt_pdf"),
    path("praktik/transfer/", views.transfers, name="transfers"),
    path("praktik/transfer.csv", views.transfers_csv, name="transfers_csv"),
    path("praktik/transfer/<uuid:proof_id>/bukti", views.proof, name="proof"),
]
