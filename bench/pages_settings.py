"""The house's settings as it is deployed, with the bare page's address added."""

from tatap.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.pages_bare"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
