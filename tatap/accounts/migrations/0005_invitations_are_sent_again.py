from django.db import migrations, models
from django.db.models import F


def one_a_letter(apps, schema_editor):
    """Those from before were written once, when they were made; of several to one address the newest stands."""
    invitations = apps.get_model("accounts", "Invitation").objects
    invitations.update(sent_at=F("created_at"))
    seen = set()
    for row in invitations.filter(accepted_at__isnull=True).order_by("-pk"):
        row.email = row.email.lower()
        if row.email in seen:
            row.withdrawn_at = row.created_at
        seen.add(row.email)
        row.save(update_fields=["email", "withdrawn_at"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_hide_address"),
    ]

    operations = [
        migrations.AlterModelOptions(name="invitation", options={"ordering": ["-sent_at", "-id"]}),
        migrations.AddField(model_name="invitation", name="name", field=models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField(
            model_name="invitation", name="language",
            field=models.CharField(choices=[("id", "Bahasa Indonesia"), ("en", "English")], default="id", max_length=2),
        ),
        migrations.AddField(model_name="invitation", name="letters", field=models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(model_name="invitation", name="sent_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="invitation", name="withdrawn_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(one_a_letter, migrations.RunPython.noop, elidable=True),
    ]
