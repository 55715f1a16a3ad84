from datetime import timedelta

from django.db import migrations, models


def fill(apps, schema_editor):
    Opening = apps.get_model("counsellors", "Opening")
    for row in Opening.objects.iterator():
        Opening.objects.filter(pk=row.pk).update(minutes=(row.end - row.start) // timedelta(minutes=1))


class Migration(migrations.Migration):
    dependencies = [("counsellors", "0005_photos_in_a_table_of_their_own")]

    operations = [
        migrations.AddField("opening", "minutes", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
