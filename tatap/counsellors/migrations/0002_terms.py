"""The lists a practice begins with; it may edit them."""

from django.db import migrations

SPECIALISATIONS = [
    ("sleep", "Gangguan tidur", "Trouble sleeping", "Susah tidur", "Can't sleep"),
    ("family", "Konflik keluarga", "Family conflict", "Ribut di rumah", "Fights at home"),
    ("anxiety", "Kecemasan", "Anxiety", "Pikiran tidak mau berhenti", "Thoughts won't stop"),
    ("trauma", "Pengalaman traumatis", "Trauma", "Pernah disakiti", "I was hurt"),
    ("heartbreak", "Putus hubungan", "Break-up", "Putus cinta", "A break-up"),
    ("grief", "Kedukaan", "Grief", "Kehilangan seseorang", "Lost someone"),
    ("faith", "Iman dan makna", "Faith and meaning", "Soal iman", "About faith"),
    ("study", "Belajar dan kuliah", "Study", "Kuliah macet", "Stuck at university"),
    ("loneliness", "Kesepian", "Loneliness", "Merasa sendirian", "Feeling alone"),
    ("work", "Pekerjaan dan kelelahan", "Work and exhaustion", "Lelah bekerja", "Worn out by work"),
    ("child", "Anak dan remaja", "Children and teenagers", "Anak dan sekolah", "Child and school"),
    ("depression", "Suasana hati murung", "Low mood", "Tidak ada tenaga", "No energy left"),
    ("marriage", "Pernikahan", "Marriage", "Soal pernikahan", "About marriage"),
    ("self-esteem", "Harga diri", "Self-esteem", "Merasa tidak cukup", "Never good enough"),
    ("young-adult", "Dewasa muda", "Young adulthood", "Bingung arah hidup", "Don't know where to go"),
    ("anger", "Kemarahan", "Anger", "Cepat marah", "Quick to anger"),
    ("addiction", "Kecanduan", "Addiction", "Sulit berhenti", "Hard to stop"),
    ("domestic-violence", "Kekerasan dalam rumah", "Violence at home", "Tidak aman di rumah", "Not safe at home"),
    ("bullying", "Perundungan", "Bullying", "Dirundung", "Being bullied"),
    ("migration", "Merantau dan pindah", "Far from home", "Jauh dari rumah", "Far from home"),
    ("postpartum", "Ibu setelah melahirkan", "After giving birth", "Baru melahirkan", "Just had a baby"),
    ("eating", "Pola makan", "Eating", "Soal makan", "About eating"),
    ("body-image", "Citra tubuh", "Body image", "Tidak suka tubuh sendiri", "Don't like my body"),
    ("panic", "Serangan panik", "Panic", "Tiba-tiba sesak dan takut", "Sudden fear"),
    ("identity", "Jati diri", "Identity", "Mencari siapa saya", "Who am I"),
]
APPROACHES = [
    ("cbt", "Kognitif perilaku (CBT)", "Cognitive behavioural (CBT)"),
    ("act", "Penerimaan dan komitmen (ACT)", "Acceptance and commitment (ACT)"),
    ("person-centred", "Berpusat pada pribadi", "Person-centred"),
    ("solution-focused", "Berfokus solusi", "Solution-focused"),
    ("islamic", "Pendekatan Islami", "Islamic approach"),
    ("family-therapy", "Terapi keluarga", "Family therapy"),
    ("trauma-focused", "Berfokus trauma", "Trauma-focused"),
    ("emdr", "EMDR", "EMDR"),
    ("mindfulness", "Kesadaran penuh", "Mindfulness"),
    ("schema", "Terapi skema", "Schema therapy"),
    ("narrative", "Naratif", "Narrative"),
    ("dbt", "Perilaku dialektis (DBT)", "Dialectical behavioural (DBT)"),
]
LANGUAGES = [
    ("indonesian", "Bahasa Indonesia", "Indonesian"), ("javanese", "Jawa", "Javanese"),
    ("sundanese", "Sunda", "Sundanese"), ("minang", "Minang", "Minang"), ("kerinci", "Kerinci", "Kerinci"),
    ("batak", "Batak", "Batak"), ("acehnese", "Aceh", "Acehnese"), ("bugis", "Bugis", "Bugis"),
    ("balinese", "Bali", "Balinese"), ("papuan-malay", "Melayu Papua", "Papuan Malay"),
    ("english", "Inggris", "English"), ("bisindo", "Bahasa isyarat (BISINDO)", "Sign language (BISINDO)"),
]


def fill(apps, schema_editor):
    specialisation = apps.get_model("counsellors", "Specialisation")
    for position, (slug, name_id, name_en, plain_id, plain_en) in enumerate(SPECIALISATIONS):
        specialisation.objects.create(
            slug=slug, name_id=name_id, name_en=name_en, plain_id=plain_id, plain_en=plain_en, position=position
        )
    for name, rows in (("Approach", APPROACHES), ("Language", LANGUAGES)):
        model = apps.get_model("counsellors", name)
        for position, (slug, name_id, name_en) in enumerate(rows):
            model.objects.create(slug=slug, name_id=name_id, name_en=name_en, position=position)


class Migration(migrations.Migration):
    dependencies = [("counsellors", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
