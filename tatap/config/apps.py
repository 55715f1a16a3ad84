from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "tatap.config"
    label = "house"
