from django.db import migrations, models


def move(apps, schema_editor):
    Counsellor, Photo = apps.get_model("counsellors", "Counsellor"), apps.get_model("counsellors", "Photo")
    for person in Counsellor.objects.exclude(photo=None).iterator():
        Photo.objects.create(counsellor=person, large=person.photo, small=person.photo_small or person.photo)


def back(apps, schema_editor):
    for row in apps.get_model("counsellors", "Photo").objects.select_related("counsellor").iterator():
        row.counsellor.photo, row.counsellor.photo_small = row.large, row.small
        row.counsellor.save(update_fields=["photo", "photo_small"])


class Migration(migrations.Migration):
    dependencies = [("counsellors", "0004_search_words")]

    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("large", models.BinaryField()),
                ("small", models.BinaryField()),
                ("counsellor", models.OneToOneField(
                    on_delete=models.deletion.CASCADE, related_name="picture", to="counsellors.counsellor"
                )),
            ],
        ),
        migrations.RunPython(move, back, elidable=True),
        migrations.RemoveField(model_name="counsellor", name="photo"),
        migrations.RemoveField(model_name="counsellor", name="photo_small"),
    ]
