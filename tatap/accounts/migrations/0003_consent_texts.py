"""The first version of what people agree to. A practice has a lawyer read it; a changed text is version 2."""

from datetime import UTC, datetime

from django.db import migrations

TEXTS = [
    (
        "service", "Pelayanan konseling", "The counselling service",
        "Sesi berlangsung 15 atau 50 menit dengan konselor yang izinnya sudah diperiksa. Konseling bisa terasa berat, "
        "dan Anda boleh berhenti kapan saja. Yang Anda ceritakan dirahasiakan, kecuali ada bahaya bagi Anda atau orang "
        "lain, kekerasan pada anak, atau perintah pengadilan.",
        "A session lasts 15 or 50 minutes, with a counsellor whose licence was checked. Counselling can feel heavy, and "
        "you may stop at any time. What you tell stays secret, except where you or someone else is in danger, a child is "
        "harmed, or a court orders it.",
    ),
    (
        "data", "Data Anda", "Your data",
        "Kami menyimpan alamat surel, nama samaran, janji temu, dan yang Anda tulis di sini, di server milik tempat "
        "praktik ini. Catatan, percakapan, dan kartu disandikan. Anda bisa melihat siapa yang membukanya, dan menarik "
        "persetujuan ini kapan saja (UU 27/2022).",
        "We keep your e-mail address, alias, appointments and what you write here, on this practice's own server. Notes, "
        "chat and cards are encrypted. You can see who opened them, and withdraw this consent at any time (Law 27/2022).",
    ),
    (
        "online", "Konseling lewat video", "Counselling by video",
        "Tidak ada yang merekam, juga Anda. Sambungan bisa putus; kursi Anda tetap ada. Kalau Anda sedang dalam bahaya "
        "saat ini, hubungi 119 lebih dulu: konseling daring bukan layanan darurat.",
        "Nobody records, and that includes you. The line can break; your seat stays. If you are in danger now, call 119 "
        "first: counselling online is not an emergency service.",
    ),
]


def fill(apps, schema_editor):
    model = apps.get_model("accounts", "ConsentText")
    for kind, title_id, title_en, text_id, text_en in TEXTS:
        model.objects.create(
            kind=kind, version=1, title_id=title_id, title_en=title_en, text_id=text_id, text_en=text_en,
            required=True, published_at=datetime(2026, 11, 24, tzinfo=UTC),
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_cache")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
