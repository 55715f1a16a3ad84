from django.apps import AppConfig


class CasenotesConfig(AppConfig):
    name = "tatap.closing.casenotes"
    label = "casenotes"
