from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_plan_and_lost_minutes")]

    operations = [migrations.AddField("rules", "late_refund", models.BooleanField(default=True))]
