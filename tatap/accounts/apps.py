from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tatap.accounts"

    def ready(self) -> None:
        from tatap.accounts import second_factor  # noqa: F401 - listens
