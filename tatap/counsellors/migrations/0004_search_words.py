"""Other words by which people look for what they are going through."""

from django.db import migrations

ALSO = {
    "sleep": "insomnia, begadang, terjaga, mimpi buruk, sulit tidur, nightmares, awake",
    "family": "orang tua, mertua, kakak, adik, keluarga ribut, parents, siblings",
    "anxiety": "cemas, khawatir, gelisah, overthinking, takut, deg-degan, worry, nervous",
    "trauma": "trauma, pelecehan, dilecehkan, kenangan buruk, flashback, abuse",
    "heartbreak": "putus, mantan, pacar, patah hati, diselingkuhi, ghosting, breakup, ex",
    "grief": "duka, berduka, meninggal, ditinggal, kehilangan, death, loss",
    "faith": "agama, iman, ragu, ibadah, hijrah, religion, doubt",
    "study": "kuliah, skripsi, sekolah, ujian, nilai, prokrastinasi, menunda, thesis, exam",
    "loneliness": "sepi, kesepian, sendiri, tidak punya teman, lonely, friends",
    "work": "kerja, kantor, burnout, atasan, lembur, phk, capek, boss, job",
    "child": "anak, remaja, pengasuhan, parenting, tantrum, teenager",
    "depression": "depresi, sedih, murung, hampa, malas, putus asa, sad, empty",
    "marriage": "suami, istri, pasangan, cerai, selingkuh, rumah tangga, husband, wife, divorce",
    "self-esteem": "minder, percaya diri, insecure, malu, confidence",
    "young-adult": "quarter life, masa depan, karier, bingung, jurusan, career, future",
    "anger": "marah, emosi, meledak, temper",
    "addiction": "candu, kecanduan, judi, judol, game, gawai, pornografi, gambling, phone",
    "domestic-violence": "kdrt, dipukul, kekerasan, diancam, violence, beaten",
    "bullying": "bully, dirundung, diejek, perundungan, bullied",
    "migration": "rantau, merantau, pindah, kangen rumah, pekerja migran, homesick",
    "postpartum": "melahirkan, baby blues, menyusui, hamil, ibu baru, pregnant, newborn",
    "eating": "makan, diet, muntah, berat badan, binge, weight",
    "body-image": "tubuh, gemuk, kurus, jelek, cermin, body, mirror",
    "panic": "panik, sesak, jantung berdebar, serangan panik, panic attack",
    "identity": "identitas, jati diri, orientasi, gender, identity",
}
MORE_LANGUAGES = [
    ("madurese", "Madura", "Madurese"), ("banjarese", "Banjar", "Banjarese"), ("makassarese", "Makassar", "Makassarese"),
    ("betawi", "Betawi", "Betawi"), ("sasak", "Sasak", "Sasak"), ("ambonese", "Melayu Ambon", "Ambonese Malay"),
    ("mandarin", "Mandarin", "Mandarin"),
]


def fill(apps, schema_editor):
    specialisation = apps.get_model("counsellors", "Specialisation")
    for slug, words in ALSO.items():
        specialisation.objects.filter(slug=slug).update(also=words)
    language = apps.get_model("counsellors", "Language")
    for position, (slug, name_id, name_en) in enumerate(MORE_LANGUAGES, start=50):
        language.objects.get_or_create(
            slug=slug, defaults={"name_id": name_id, "name_en": name_en, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("counsellors", "0003_words_and_small_photos")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
