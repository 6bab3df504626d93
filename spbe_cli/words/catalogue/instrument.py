"""Problems of an instrument: which one is meant, and whether its own figures agree."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "instrument-unknown": Explanation(
        title=Both("An instrument is unknown", "Instrumen tidak dikenal"),
        message=Both(
            'there is no instrument "{found}"; there are {known}',
            'tidak ada instrumen "{found}"; yang tersedia {known}',
        ),
        hint=Both(
            "give one of these names, or the path of an instrument file that ends in .yaml",
            "pakai salah satu nama itu, atau letak berkas instrumen yang berakhiran .yaml",
        ),
        near=Both('did you mean "{nearest}"?', 'apakah maksudnya "{nearest}"?'),
        why=Both(
            "Indicators and weights depend on the instrument, so none is guessed.",
            "Indikator dan bobot bergantung pada instrumen, jadi tidak ada yang ditebak.",
        ),
        example="instrument: spbe-2019",
    ),
    "instrument-provisional": Explanation(
        title=Both("The instrument is provisional", "Instrumen masih sementara"),
        message=Both(
            "{instrument} is provisional: its weights may still change",
            "{instrument} masih sementara: bobotnya masih dapat berubah",
        ),
        hint=Both(
            "compare it with the regulation before you rely on the result",
            "cocokkan dengan peraturannya sebelum memakai hasil ini",
        ),
        why=Both(
            "The instrument of 2026 is known from two third-party sources only, and drafts disagree.",
            "Instrumen 2026 baru diketahui dari dua sumber pihak ketiga, dan beberapa rancangannya berbeda.",
        ),
        example="year: 2026",
    ),
    "instrument-other-year": Explanation(
        title=Both(
            "The instrument is not the one of the year", "Instrumen bukan untuk tahun tersebut"
        ),
        message=Both(
            "{instrument} was not used for the assessments of {year}",
            "{instrument} tidak dipakai untuk penilaian tahun {year}",
        ),
        hint=Both(
            "leave the instrument out to take the one of the year, unless you compare on purpose",
            "hilangkan pilihan instrumen agar dipakai instrumen tahun itu, kecuali memang ingin membandingkan",
        ),
        why=Both(
            "The result is right for this instrument, and cannot be held against published ones of that year.",
            "Hasilnya benar menurut instrumen ini, tetapi tidak sebanding dengan hasil resmi tahun itu.",
        ),
        example="year: 2019\ninstrument: spbe-2020",
    ),
    "instrument-not-one": Explanation(
        title=Both("A file does not hold one instrument", "Berkas tidak memuat satu instrumen"),
        message=Both(
            "an instrument file holds exactly one instrument, with keys such as id: and scale:",
            "berkas instrumen memuat tepat satu instrumen, dengan kunci seperti id: dan scale:",
        ),
        hint=Both(
            "write each instrument into a file of its own, without ---; indicators.yaml shows one",
            "tulis tiap instrumen dalam berkas tersendiri, tanpa ---; lihat contoh di indicators.yaml",
        ),
        why=Both(
            "An assessment is computed with one instrument; none or several leave open which.",
            "Satu penilaian dihitung dengan satu instrumen; jika tidak ada atau lebih dari satu, tidak jelas mana yang dipakai.",
        ),
        example="- A1\n- A2",
    ),
    "group-empty": Explanation(
        title=Both("A group holds no indicators", "Kelompok tanpa indikator"),
        message=Both("{node} holds no indicators", "{node} tidak berisi indikator"),
        hint=Both(
            "add aspects: or indicators: below it, or delete the group",
            "tambahkan aspects: atau indicators: di bawahnya, atau hapus kelompok itu",
        ),
        why=Both(
            "Its weight would count, and no level could ever earn it.",
            "Bobotnya akan ikut dihitung, tetapi tidak ada nilai yang dapat mengisinya.",
        ),
        example="- {code: A1, name: Kebijakan, weight: 13}",
    ),
    "group-mixed": Explanation(
        title=Both(
            "A group holds both groups and indicators",
            "Kelompok berisi kelompok sekaligus indikator",
        ),
        message=Both(
            "{node} holds groups and indicators side by side",
            "{node} berisi kelompok dan indikator sekaligus",
        ),
        hint=Both(
            "put the indicators into a group of their own",
            "masukkan indikator itu ke dalam kelompok tersendiri",
        ),
        why=Both(
            "Every indicator belongs to one aspect, so that domains and aspects can be compared.",
            "Setiap indikator masuk ke satu aspek agar domain dan aspek dapat dibandingkan.",
        ),
        example="- code: D1\n  aspects: [...]\n  indicators: [...]",
    ),
    "weights-do-not-add-up": Explanation(
        title=Both("Weights do not add up", "Jumlah bobot tidak sesuai"),
        message=Both(
            "the weights below {node} add up to {sum}, not to {expected} (difference {difference})",
            "jumlah bobot di bawah {node} adalah {sum}, bukan {expected} (selisih {difference})",
        ),
        hint=Both(
            "look for a mistyped weight that is off by {difference}; thirds are written 10/3",
            "cari bobot salah ketik yang meleset {difference}; pecahan ditulis seperti 10/3",
        ),
        why=Both(
            "With weights that do not add up exactly the index can rise above the scale. They are never rescaled in silence.",
            "Jika jumlah bobot tidak tepat, indeks dapat melampaui skala. Bobot tidak pernah disesuaikan diam-diam.",
        ),
        example="weight: 13.00   # ten indicators of 1.3, one typed 1.5",
    ),
    "weight-not-positive": Explanation(
        title=Both("A weight is not above zero", "Bobot tidak lebih dari nol"),
        message=Both("the weight is {found}", "bobotnya {found}"),
        hint=Both(
            "give a weight above 0, or delete the indicator",
            "beri bobot lebih dari 0, atau hapus indikatornya",
        ),
        why=Both(
            "An indicator of weight 0 would be asked and never counted.",
            "Indikator berbobot 0 akan dinilai tetapi tidak pernah dihitung.",
        ),
        example="weight: 0",
    ),
    "code-repeated": Explanation(
        title=Both("A code stands twice", "Kode dipakai dua kali"),
        message=Both(
            'the code "{repeated}" is already used in line {first}',
            'kode "{repeated}" sudah dipakai pada baris {first}',
        ),
        hint=Both(
            "give every domain, aspect and indicator a code of its own",
            "beri setiap domain, aspek, dan indikator kode tersendiri",
        ),
        why=Both(
            "Levels and gates name indicators and groups by their code.",
            "Nilai dan ambang batas menyebut indikator dan kelompok dengan kodenya.",
        ),
        example='- {code: "7", ...}\n- {code: "7", ...}',
    ),
    "not-a-number": Explanation(
        title=Both("A number is expected", "Seharusnya angka"),
        message=Both('"{found}" is not a number', '"{found}" bukan angka'),
        hint=Both(
            "write it like 13, 1.30, 1,30 or 10/3, without a percent sign",
            "tulis seperti 13, 1.30, 1,30, atau 10/3, tanpa tanda persen",
        ),
        why=Both(
            "Weights, thresholds and scale are computed with exactly, so they must be plain numbers or fractions.",
            "Bobot, ambang, dan skala dihitung secara tepat, jadi harus berupa angka atau pecahan biasa.",
        ),
        example="weight: 13%",
    ),
    "scale-wrong": Explanation(
        title=Both("The scale gives no levels", "Skala tidak menghasilkan tingkat"),
        message=Both(
            "the lowest level does not lead to the highest one in whole steps",
            "dari tingkat terendah tidak tercapai tingkat tertinggi dengan langkah utuh",
        ),
        hint=Both(
            "lowest must be below highest, and step must divide what lies between, into at most 1,000 steps",
            "lowest harus di bawah highest, dan step harus membagi habis jaraknya, paling banyak 1.000 langkah",
        ),
        why=Both(
            "The scale says which levels may be given. On this one there are none, or endlessly many.",
            "Skala menentukan nilai yang boleh diberikan. Pada skala ini tidak ada, atau terlalu banyak.",
        ),
        example="scale: {lowest: 5, highest: 1, step: 1}",
    ),
    "scale-level-wrong": Explanation(
        title=Both(
            "A level named in the scale is not on it", "Tingkat yang disebut tidak ada pada skala"
        ),
        message=Both(
            "{found} is not a level of the scale {scale}",
            "{found} bukan tingkat pada skala {scale}",
        ),
        hint=Both(
            "name only levels from lowest to highest",
            "sebut hanya tingkat dari lowest sampai highest",
        ),
        why=Both(
            "A target or a level name that no indicator can reach is a slip of the pen.",
            "Target atau nama tingkat yang tidak dapat dicapai indikator mana pun pasti salah tulis.",
        ),
        example="scale: {lowest: 1, highest: 5, target: 6}",
    ),
    "predicate-repeated": Explanation(
        title=Both("A predicate stands twice", "Predikat tertulis dua kali"),
        message=Both(
            'the predicate "{name}" stands here again', 'predikat "{name}" tertulis lagi di sini'
        ),
        hint=Both("rename it, or delete one of the two", "ganti namanya, atau hapus salah satunya"),
        why=Both(
            "One name for two ranges would say nothing.",
            "Satu nama untuk dua rentang tidak menjelaskan apa pun.",
        ),
        example="- {name: Baik, from: 3.5}\n- {name: Baik, from: 2.6}",
    ),
    "predicates-overlap": Explanation(
        title=Both("Predicates overlap", "Rentang predikat bertumpang tindih"),
        message=Both(
            'the range of "{name}" overlaps with that of another predicate, at {limit}',
            'rentang "{name}" bertumpang tindih dengan predikat lain, pada {limit}',
        ),
        hint=Both(
            "list the predicates from the highest to the lowest, each from: below the one above it",
            "urutkan predikat dari tertinggi ke terendah, dengan from: selalu di bawah yang di atasnya",
        ),
        why=Both(
            "Every index must have exactly one predicate.",
            "Setiap indeks harus memiliki tepat satu predikat.",
        ),
        example="- {name: Baik, from: 2.6}\n- {name: Sangat Baik, from: 3.5}",
    ),
    "predicates-gap": Explanation(
        title=Both("Some indices have no predicate", "Ada indeks tanpa predikat"),
        message=Both(
            "no predicate covers the indices from {start} to {end}",
            "tidak ada predikat untuk indeks dari {start} sampai {end}",
        ),
        hint=Both(
            "close the gap; the lowest predicate needs no from:",
            "tutup celah itu; predikat terendah tidak memerlukan from:",
        ),
        why=Both(
            "Every index must have exactly one predicate.",
            "Setiap indeks harus memiliki tepat satu predikat.",
        ),
        example="- {name: Baik, from: 2.6}\n- {name: Cukup, from: 1.8}   # and below?",
    ),
}
