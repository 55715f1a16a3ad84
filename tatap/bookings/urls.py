from django.urls import path

from tatap.bookings import views

app_name = "bookings"
urlpatterns = [path("praktik/jam/", views.hours, name="hours")]
