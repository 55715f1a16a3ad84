"""The people of the demo. Names are made up; the fields, zones and prices are those of the country."""

from dataclasses import dataclass

PASSWORD = "teduh-sore-2026"


@dataclass(frozen=True)
class Member:
    slug: str
    name: str
    short: str
    profession: str
    gender: str
    town: str
    zone: str
    years: int
    tariff: int
    specialisations: tuple[str, ...]
    languages: tuple[str, ...]
    approaches: tuple[str, ...]
    hours: tuple[tuple[int, int], ...]  # (start, end) on every day worked
    days: tuple[int, ...]
    says_id: str
    says_en: str
    faith: str = ""


WEEK = (0, 1, 2, 3, 4, 5, 6)
WORKDAYS = (0, 1, 2, 3, 4)

COUNSELLORS = (
    Member(
        "andi-nurhayati", "Andi Nurhayati, M.Psi., Psikolog", "Bu Nur", "clinical_psychologist", "female",
        "Makassar", "Asia/Makassar", 11, 200_000, ("sleep", "anxiety", "grief"), ("indonesian", "bugis"),
        ("cbt", "act"), ((9, 12), (13, 22)), WEEK,
        "Banyak yang datang ke saya karena malam terasa terlalu panjang. Kita mulai dari situ, pelan-pelan.",
        "Many come to me because the night feels too long. We start there, slowly.",
    ),
    Member(
        "vincent-tanujaya", "Vincent Tanujaya, M.Psi., Psikolog", "Pak Vincent", "psychologist", "male",
        "Surabaya", "Asia/Jakarta", 8, 250_000, ("work", "heartbreak", "self-esteem"),
        ("indonesian", "javanese", "english"), ("solution-focused",), ((16, 22),), WEEK,
        "Lelah bekerja sering bukan soal kurang kuat. Kita cari dulu apa yang menguras.",
        "Being worn out by work is seldom a lack of strength. First we look for what drains you.",
    ),
    Member(
        "fadhlan-chaniago", "Fadhlan Chaniago, S.Psi.", "Bang Fadhlan", "trainee", "male", "Padang",
        "Asia/Jakarta", 1, 50_000, ("study", "loneliness", "young-adult"), ("indonesian", "minang"),
        ("person-centred",), ((8, 11), (18, 21)), WEEK,
        "Saya juga pernah merantau sendirian. Tidak harus rapi ceritanya.",
        "I once lived far from home too. Your story does not need to be tidy.",
    ),
    Member(
        "siti-maimunah", "Siti Maimunah, M.Pd., Kons.", "Bu Maimun", "counsellor", "female", "Sungai Penuh",
        "Asia/Jakarta", 15, 100_000, ("family", "marriage", "faith"), ("indonesian", "kerinci", "minang"),
        ("islamic", "family-therapy"), ((8, 16),), WORKDAYS,
        "Kita duduk berdua dulu. Solusinya belakangan.", "First the two of us sit down. Solutions come later.",
        "Islami",
    ),
    Member(
        "yohana-wanggai", "Yohana Wanggai, M.Psi., Psikolog", "Kak Yohana", "clinical_psychologist", "female",
        "Jayapura", "Asia/Jayapura", 9, 150_000, ("trauma", "domestic-violence", "grief"),
        ("indonesian", "papuan-malay"), ("trauma-focused", "emdr"), ((9, 17),), WEEK,
        "Anda yang menentukan seberapa jauh kita melangkah hari ini.", "You decide how far we go today.",
        "Kristiani",
    ),
    Member(
        "made-suardana", "I Made Suardana, M.Psi., Psikolog", "Pak Made", "psychologist", "male", "Denpasar",
        "Asia/Makassar", 18, 300_000, ("marriage", "anger", "addiction"), ("indonesian", "balinese", "english"),
        ("act", "mindfulness"), ((10, 18),), (1, 2, 3, 4, 5),
        "Marah biasanya menjaga sesuatu. Mari kita lihat apa.", "Anger usually guards something. Let us see what.",
    ),
    Member(
        "rina-sihombing", "Rina Sihombing, S.Pd., Gr.", "Bu Rina", "school_counsellor", "female", "Medan",
        "Asia/Jakarta", 12, 0, ("study", "child", "bullying"), ("indonesian", "batak"), ("solution-focused",),
        ((8, 15),), WORKDAYS,
        "Nilai turun itu kabar, bukan vonis.", "Falling grades are news, not a verdict.", "Kristiani",
    ),
    Member(
        "dewi-lestariningsih", "Dewi Lestariningsih, M.Psi., Psikolog", "Bu Dewi", "clinical_psychologist",
        "female", "Yogyakarta", "Asia/Jakarta", 14, 225_000, ("depression", "anxiety", "postpartum"),
        ("indonesian", "javanese"), ("cbt", "schema"), ((17, 22),), WEEK,
        "Kalau bangun pagi pun terasa berat, kita mulai dari pagi itu.",
        "If even getting up is heavy, we start with that morning.",
    ),
    Member(
        "arif-rahman", "Arif Rahman, M.Psi., Psikolog", "Pak Arif", "psychologist", "male", "Banda Aceh",
        "Asia/Jakarta", 7, 150_000, ("faith", "young-adult", "anxiety"), ("indonesian", "acehnese"),
        ("islamic", "cbt"), ((13, 17), (20, 22)), WEEK,
        "Ragu tidak membuat Anda jauh. Boleh dibicarakan.", "Doubt does not put you far away. It may be spoken of.",
        "Islami",
    ),
    Member(
        "maria-goreti", "Maria Goreti Uran, M.Psi., Psikolog", "Ibu Goreti", "psychologist", "female", "Kupang",
        "Asia/Makassar", 6, 120_000, ("migration", "family", "domestic-violence"), ("indonesian", "english"),
        ("narrative",), ((9, 15),), WEEK,
        "Jauh dari rumah punya beratnya sendiri.", "Being far from home has a weight of its own.", "Katolik",
    ),
    Member(
        "bagus-prakoso", "Bagus Prakoso, S.Psi.", "Mas Bagus", "trainee", "male", "Semarang", "Asia/Jakarta", 1,
        0, ("self-esteem", "loneliness", "heartbreak"), ("indonesian", "javanese"), ("person-centred",),
        ((15, 20),), WEEK,
        "Cerita yang setengah jadi juga boleh.", "A half-finished story is welcome too.",
    ),
    Member(
        "lia-kusumawati", "Lia Kusumawati, M.Psi., Psikolog", "Bu Lia", "clinical_psychologist", "female",
        "Bandung", "Asia/Jakarta", 10, 275_000, ("eating", "body-image", "self-esteem"),
        ("indonesian", "sundanese", "english"), ("dbt", "cbt"), ((12, 19),), (0, 2, 4, 5),
        "Tubuh Anda bukan tugas yang harus diselesaikan.", "Your body is not a task to be finished.",
    ),
)

CLIENTS = (
    ("kirana@tatap.example", "Kirana", "Asia/Jakarta"),
    ("samudra@tatap.example", "Samudra", "Asia/Jakarta"),
    ("pelangi@tatap.example", "Pelangi", "Asia/Makassar"),
    ("dermaga@tatap.example", "Dermaga", "Asia/Makassar"),
)
MANAGER = ("manajer@tatap.example", "Bu Ratna")
