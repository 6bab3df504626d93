"""Problems of plans and odds: targets, limits, costs, agreements, pairs."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "target-off-scale": Explanation(
        title=Both("A target is off the scale", "Target di luar skala"),
        message=Both(
            "no index can be {found}; the scale is {scale}",
            "indeks tidak mungkin {found}; skalanya {scale}",
        ),
        hint=Both(
            "give an index on the scale, such as --target 3.1, or a predicate, --target baik",
            "tulis indeks pada skala, misalnya --target 3.1, atau predikat, --target baik",
        ),
        why=Both(
            "An index is a weighted mean of levels, so it lies where they lie.",
            "Indeks adalah rata-rata tertimbang tingkat kematangan, jadi berada pada skala yang sama.",
        ),
        example="spbe plan nilai.yaml --target 7",
    ),
    "target-unknown": Explanation(
        title=Both(
            "A code is no indicator and no group", "Kode bukan indikator dan bukan kelompok"
        ),
        message=Both('the instrument has no "{found}"', 'instrumen ini tidak memiliki "{found}"'),
        hint=Both(
            "name an indicator (12), one of {known}, or all",
            "tulis indikator (12), salah satu dari {known}, atau all",
        ),
        why=Both(
            "A limit or a cost that concerns nothing would be passed over in silence.",
            "Batas atau biaya yang tidak mengenai apa pun akan terlewat begitu saja.",
        ),
        example="spbe plan nilai.yaml --lock D9",
    ),
    "limits-contradict": Explanation(
        title=Both("Limits leave nothing to raise", "Batas tidak menyisakan apa pun"),
        message=Both(
            "indicators {indicators} are both locked and the only ones",
            "indikator {indicators} dikunci sekaligus menjadi satu-satunya",
        ),
        hint=Both("take one of --lock and --only back", "batalkan salah satu: --lock atau --only"),
        why=Both(
            "What is locked stays, and nothing else may rise: there is no plan to find.",
            "Yang dikunci tetap, dan yang lain tidak boleh naik: tidak ada rencana yang mungkin.",
        ),
        example="spbe plan nilai.yaml --lock D1 --only D1",
    ),
    "cap-wrong": Explanation(
        title=Both("A cap is no level", "Batas tingkat bukan tingkat kematangan"),
        message=Both(
            '"{found}" is no level on the scale {scale}',
            '"{found}" bukan tingkat pada skala {scale}',
        ),
        hint=Both(
            "write --cap 4 for all, or --cap 12=4, --cap A3=4",
            "tulis --cap 4 untuk semua, atau --cap 12=4, --cap A3=4",
        ),
        why=Both(
            "A cap is the highest level that the plan may ask for.",
            "Batas ini adalah tingkat tertinggi yang boleh diminta rencana.",
        ),
        example="spbe plan nilai.yaml --cap 9",
    ),
    "amount-wrong": Explanation(
        title=Both("An amount is none", "Besaran tidak sah"),
        message=Both(
            '"{found}" is not a number of at least 0', '"{found}" bukan bilangan paling sedikit 0'
        ),
        hint=Both("write a number such as 12 or 2.5", "tulis bilangan, misalnya 12 atau 2.5"),
        why=Both(
            "Effort and levels are counted from 0 upwards.",
            "Upaya dan tingkat dihitung mulai dari 0.",
        ),
        example="spbe plan nilai.yaml --budget -1",
    ),
    "cost-negative": Explanation(
        title=Both("A cost is negative", "Biaya negatif"),
        message=Both("a cost of {found} is less than nothing", "biaya {found} kurang dari nol"),
        hint=Both("write 0 or more", "tulis 0 atau lebih"),
        why=Both(
            "A rise that pays for others would make every plan free.",
            "Kenaikan yang membiayai kenaikan lain akan membuat semua rencana gratis.",
        ),
        example="indicators: {12: -1}",
    ),
    "level-not-reached": Explanation(
        title=Both(
            "A cost is for a level that no rise reaches", "Biaya untuk tingkat yang tak terjangkau"
        ),
        message=Both(
            'no rise ends at level "{found}"',
            'tidak ada kenaikan yang berakhir di tingkat "{found}"',
        ),
        hint=Both(
            "name the level that is reached, above the lowest of the scale",
            "tulis tingkat yang dicapai, di atas tingkat terendah pada skala",
        ),
        why=Both(
            "Costs by level are those of reaching it from the level below.",
            "Biaya per tingkat adalah biaya mencapainya dari tingkat di bawahnya.",
        ),
        example="indicators: {12: {1: 3}}",
    ),
    "agreement-missing": Explanation(
        title=Both(
            "Nothing says how likely levels are confirmed", "Peluang diterima belum disebut"
        ),
        message=Both(
            "nothing says how likely assessors confirm a level",
            "peluang asesor menerima suatu tingkat belum disebut",
        ),
        hint=Both(
            "add --agreement 0.9, or probabilities by indicator (--agreements FILE, its agreement: 0.9 for the others), or estimate it from an earlier year (--calibrate FILE)",
            "tambahkan --agreement 0.9, atau peluang per indikator (--agreements BERKAS, dengan agreement: 0.9 untuk sisanya), atau taksir dari tahun sebelumnya (--calibrate BERKAS)",
        ),
        why=Both(
            "The whole outlook rests on this number, so none is assumed in silence.",
            "Seluruh perkiraan bertumpu pada angka ini, jadi tidak ada nilai bawaan.",
        ),
        example="spbe outlook nilai.yaml",
    ),
    "agreement-twice": Explanation(
        title=Both(
            "The agreement is both given and estimated", "Kesepakatan diberikan sekaligus ditaksir"
        ),
        message=Both(
            "--agreement gives what --calibrate estimates",
            "--agreement memberi angka yang juga ditaksir --calibrate",
        ),
        hint=Both(
            "take one of --agreement and --calibrate back",
            "batalkan salah satu: --agreement atau --calibrate",
        ),
        why=Both(
            "Whichever were taken, the other would be passed over in silence.",
            "Yang mana pun dipakai, yang lain akan terlewat begitu saja.",
        ),
        example="spbe outlook nilai.yaml --agreement 0.9 --calibrate lalu.yaml",
    ),
    "agreement-wrong": Explanation(
        title=Both("An agreement is no probability", "Kesepakatan bukan peluang"),
        message=Both(
            '"{found}" is not a probability from 0 to 1', '"{found}" bukan peluang dari 0 sampai 1'
        ),
        hint=Both(
            "write a number from 0 to 1, such as 0.9 for nine levels in ten",
            "tulis bilangan dari 0 sampai 1, misalnya 0.9 untuk sembilan dari sepuluh tingkat",
        ),
        near=Both("did you mean {nearest}?", "apakah maksudnya {nearest}?"),
        why=Both(
            "It is the share of levels that assessors confirm: 0 none, 1 all.",
            "Angka ini adalah bagian tingkat yang diterima asesor: 0 tidak ada, 1 semua.",
        ),
        example="spbe outlook nilai.yaml --agreement 1.5",
    ),
    "probability-gate-wrong": Explanation(
        title=Both(
            "A gate on a probability cannot be understood", "Ambang peluang tidak dapat dipahami"
        ),
        message=Both(
            '"{found}" is not a predicate with a probability',
            '"{found}" bukan predikat dengan peluangnya',
        ),
        hint=Both(
            "write --min-probability baik=0.9, the probability from 0 to 1",
            "tulis --min-probability baik=0.9, peluangnya dari 0 sampai 1",
        ),
        why=Both(
            "A gate that is misread could pass what it should stop.",
            "Ambang yang salah dibaca dapat meluluskan yang seharusnya tertahan.",
        ),
        example="spbe outlook nilai.yaml --agreement 0.9 --min-probability baik",
    ),
    "pair-incomplete": Explanation(
        title=Both("A claim has nothing to be compared with", "Klaim tidak punya pembanding"),
        message=Both(
            "nothing to compare for {who}: its stages with levels are {found}",
            "tidak ada yang dapat dibandingkan untuk {who}: tahap yang berisi tingkat: {found}",
        ),
        hint=Both(
            "give both the self-assessment (stage self) and what the assessors found (such as stage final), for the same institution and year, in one sheet or with --calibrate again",
            "beri penilaian mandiri (tahap mandiri) dan temuan asesor (misalnya tahap akhir) dari instansi dan tahun yang sama, dalam satu lembar atau dengan --calibrate sekali lagi",
        ),
        why=Both(
            "The agreement is the share of claimed levels that assessors confirmed, so both are needed.",
            "Kesepakatan adalah bagian tingkat klaim yang diterima asesor, jadi keduanya diperlukan.",
        ),
        example="spbe outlook --calibrate mandiri.yaml",
    ),
    "pair-repeated": Explanation(
        title=Both("An assessment is given twice", "Penilaian diberikan dua kali"),
        message=Both(
            "stage {stage} of {who} was read already, from {first}",
            "tahap {stage} dari {who} sudah dibaca, dari {first}",
        ),
        hint=Both(
            "give each institution, year and stage once",
            "beri setiap instansi, tahun, dan tahap satu kali saja",
        ),
        why=Both(
            "Counted twice, it would weigh twice in the estimate.",
            "Bila dihitung dua kali, bobotnya dalam taksiran juga dua kali.",
        ),
        example="spbe outlook --calibrate lalu.yaml --calibrate lalu.yaml",
    ),
}
