"""Whether the encryption keys are those of this practice. Found out at the start: a server with another key would
seal new words with it and show the old ones to nobody."""

from django.apps import apps
from django.db import Error, connection
from django.db.models import Model

from tatap.lib.sealed import ring, sealed_fields

WRONG = (
    "The encryption keys do not open what this practice has kept. Put the right one back (TATAP_ENCRYPTION_KEYS, or the "
    "file encryption-key in the data folder); a new key goes before the old one, with a comma between. Nothing was changed."
)


def fit() -> bool:
    """Looks at one row of each sealed field; an empty or absent database fits every key."""
    try:
        tables = set(connection.introspection.table_names())
        for model in apps.get_models():
            if model._meta.db_table in tables and not all(_fits(model, field.attname) for field in sealed_fields(model)):
                return False
    except Error:
        return True  # it is away; whoever serves says so on every page
    return True


def _fits(model: type[Model], name: str) -> bool:
    kept = model._default_manager.exclude(**{name: None}).values_list(name, flat=True).first()
    return kept is None or ring().knows(bytes(kept))
