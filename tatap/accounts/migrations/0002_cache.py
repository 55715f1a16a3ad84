"""The cache that all processes share lives in the database; this makes its table."""

from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE TABLE shared_cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, "
            "expires timestamp with time zone NOT NULL); CREATE INDEX shared_cache_expires ON shared_cache (expires);",
            "DROP TABLE shared_cache;",
        )
    ]
