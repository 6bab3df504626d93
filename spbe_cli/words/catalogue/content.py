"""Problems of what a score sheet says: keys, levels, indicators, stages, the year."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "not-a-score-sheet": Explanation(
        title=Both("The file is not a score sheet", "Berkas bukan lembar nilai"),
        message=Both(
            "a score sheet begins with keys such as institution: and levels:",
            "lembar nilai diawali kunci seperti institution: dan levels:",
        ),
        hint=Both(
            "begin with levels: and write one line for each indicator, such as 12: 3; examples/ shows full ones",
            "mulai dengan levels: lalu tulis satu baris untuk tiap indikator, misalnya 12: 3; lihat contoh lengkap di examples/",
        ),
        why=Both(
            "The file holds a list or a bare text, which does not say which level belongs to which indicator.",
            "Berkas berisi daftar atau teks lepas, sehingga tidak jelas nilai mana milik indikator mana.",
        ),
        example="- 3\n- 4",
    ),
    "unknown-key": Explanation(
        title=Both("A key is unknown", "Kunci tidak dikenal"),
        message=Both('the key "{key}" is unknown', 'kunci "{key}" tidak dikenal'),
        hint=Both("the keys here are: {known}", "kunci yang dapat dipakai di sini: {known}"),
        near=Both('did you mean "{nearest}"?', 'apakah maksudnya "{nearest}"?'),
        why=Both(
            "A mistyped key would otherwise be passed over in silence, with all that it says.",
            "Kalau tidak, kunci yang salah ketik akan terlewat begitu saja beserta isinya.",
        ),
        example="institusion: Kota Jambi",
    ),
    "unknown-choice": Explanation(
        title=Both("A word is none of the choices", "Kata di luar pilihan"),
        message=Both('"{found}" is not one of the choices', '"{found}" tidak ada dalam pilihan'),
        hint=Both("choose one of: {choices}", "pilih salah satu: {choices}"),
        near=Both(
            'did you mean "{nearest}"? The choices are: {choices}',
            'apakah maksudnya "{nearest}"? Pilihannya: {choices}',
        ),
        why=Both(
            "Only these words have a meaning here.", "Hanya kata-kata itu yang bermakna di sini."
        ),
        example="stage: finall",
    ),
    "missing-key": Explanation(
        title=Both("A key is missing", "Kunci belum ada"),
        message=Both('the key "{key}" is missing here', 'kunci "{key}" belum ada di sini'),
        hint=Both('add a line "{key}:"', 'tambahkan baris "{key}:"'),
        why=Both(
            "Without it the rest cannot be understood, and nothing is guessed.",
            "Tanpa kunci itu, isi lainnya tidak dapat dipahami, dan tidak ada yang ditebak.",
        ),
        example="- {code: A1, weight: 13}   # no name",
    ),
    "not-a-mapping": Explanation(
        title=Both("Keys and values are expected", "Seharusnya pasangan kunci dan nilai"),
        message=Both(
            'below "{key}" there should be keys with values',
            'di bawah "{key}" seharusnya ada kunci beserta nilainya',
        ),
        hint=Both(
            "write one line for each, such as 12: 3",
            "tulis satu baris untuk masing-masing, misalnya 12: 3",
        ),
        why=Both(
            "A bare value or a list does not say what each of its parts is.",
            "Nilai lepas atau daftar tidak menjelaskan arti tiap bagiannya.",
        ),
        example="levels: [3, 4, 2]",
    ),
    "not-a-list": Explanation(
        title=Both("A list is expected", "Seharusnya daftar"),
        message=Both('"{key}" should be a list', '"{key}" seharusnya berupa daftar'),
        hint=Both(
            "write each item on a line of its own that begins with a dash",
            "tulis tiap butir pada baris tersendiri yang diawali tanda hubung",
        ),
        why=Both(
            "Several items may stand here, and their order matters.",
            "Di sini boleh ada beberapa butir, dan urutannya penting.",
        ),
        example="evidence: {a: SK Wali Kota}",
    ),
    "list-empty": Explanation(
        title=Both("A list is empty", "Daftar kosong"),
        message=Both('the list "{key}" is empty', 'daftar "{key}" kosong'),
        hint=Both("give it at least one item", "isi paling sedikit satu butir"),
        why=Both(
            "At least one item is needed to compute anything.",
            "Paling sedikit satu butir diperlukan untuk menghitung.",
        ),
        example="predicates: []",
    ),
    "not-text": Explanation(
        title=Both("A plain value is expected", "Seharusnya satu nilai"),
        message=Both(
            '"{key}" should be a single word, text or number',
            '"{key}" seharusnya satu kata, teks, atau angka',
        ),
        hint=Both(
            "write one value, and put a text that holds a colon or brackets in quotes",
            "tulis satu nilai saja; apit teks yang memuat titik dua atau tanda kurung dengan tanda kutip",
        ),
        why=Both(
            "A list, keys or nothing at all stands where one value belongs.",
            "Di tempat satu nilai justru ada daftar, kunci, atau kosong.",
        ),
        example="institution: [Kota Jambi]",
    ),
    "text-empty": Explanation(
        title=Both("A text is empty", "Teks kosong"),
        message=Both('"{key}" is empty', '"{key}" kosong'),
        hint=Both("fill it in, or delete the whole line", "isi, atau hapus barisnya"),
        why=Both(
            "An empty name is more often forgotten than meant.",
            "Nama yang kosong biasanya terlupa, bukan disengaja.",
        ),
        example='institution: ""',
    ),
    "text-too-long": Explanation(
        title=Both("A name is too long", "Nama terlalu panjang"),
        message=Both(
            '"{key}" is longer than a name can be', '"{key}" terlalu panjang untuk sebuah nama'
        ),
        hint=Both(
            "shorten it; longer texts belong under note:",
            "persingkat; teks panjang tempatnya di note:",
        ),
        why=Both(
            "More than 1,000 characters are no name. Usually a closing quote is missing.",
            "Lebih dari 1.000 karakter bukan lagi nama. Biasanya tanda kutip penutup terlupa.",
        ),
        example="institution: (a whole report)",
    ),
    "not-a-whole-number": Explanation(
        title=Both("A whole number is expected", "Seharusnya bilangan bulat"),
        message=Both('"{key}" should be a whole number', '"{key}" seharusnya bilangan bulat'),
        hint=Both("write digits only, such as 2024", "tulis dengan angka saja, misalnya 2024"),
        why=Both(
            "The year decides which instrument and which rule for the predicate apply, so it must be certain.",
            "Tahun menentukan instrumen dan aturan predikat yang berlaku, jadi harus pasti.",
        ),
        example="year: 2023/2024",
    ),
    "number-too-small": Explanation(
        title=Both("A number is too small", "Bilangan terlalu kecil"),
        message=Both(
            '"{key}" is {found}, and must be at least {limit}',
            '"{key}" bernilai {found}, padahal paling kecil {limit}',
        ),
        hint=Both("check the digits", "periksa angkanya"),
        why=Both(
            "Most likely a digit is wrong: nothing was assessed before that.",
            "Kemungkinan besar ada angka yang salah: sebelum itu belum ada penilaian.",
        ),
        example="year: 1023",
    ),
    "number-too-large": Explanation(
        title=Both("A number is too large", "Bilangan terlalu besar"),
        message=Both(
            '"{key}" is {found}, and must be at most {limit}',
            '"{key}" bernilai {found}, padahal paling besar {limit}',
        ),
        hint=Both("check the digits", "periksa angkanya"),
        why=Both(
            "Most likely a digit is wrong or stands there twice.",
            "Kemungkinan besar ada angka yang salah atau tertulis dua kali.",
        ),
        example="year: 20233",
    ),
    "value-wrong": Explanation(
        title=Both("A value cannot be used", "Nilai tidak dapat dipakai"),
        message=Both('"{key}" cannot have this value', '"{key}" tidak dapat bernilai ini'),
        hint=Both(
            "compare it with the score sheets in examples/",
            "bandingkan dengan lembar nilai di examples/",
        ),
        why=Both(
            "The value has another form than this key needs.",
            "Bentuk nilai berbeda dari yang diperlukan kunci ini.",
        ),
        example="year: ?",
    ),
    "indicator-unknown": Explanation(
        title=Both("An indicator is unknown", "Indikator tidak dikenal"),
        message=Both(
            'the instrument has no indicator "{found}"; its indicators are {known}',
            'instrumen ini tidak memiliki indikator "{found}"; indikatornya {known}',
        ),
        hint=Both(
            "check the number, and whether year and instrument are the right ones",
            "periksa nomornya, juga apakah tahun dan instrumennya benar",
        ),
        near=Both(
            "did you mean {nearest}? Check also whether year and instrument are the right ones",
            "apakah maksudnya {nearest}? Periksa juga apakah tahun dan instrumennya benar",
        ),
        why=Both(
            "Each instrument has its own indicators: 37 rows until 2020, 47 from 2021 to 2025, 20 from 2026.",
            "Setiap instrumen memiliki indikator sendiri: 37 baris sampai 2020, 47 pada 2021-2025, 20 mulai 2026.",
        ),
        example="year: 2023\nlevels:\n  48: 3",
    ),
    "duplicate-indicator": Explanation(
        title=Both("An indicator stands twice", "Indikator tertulis dua kali"),
        message=Both(
            "indicator {indicator} already has a level, in line or cell {first}",
            "indikator {indicator} sudah memiliki nilai, pada baris atau sel {first}",
        ),
        hint=Both(
            "keep the right one and delete the other",
            "simpan yang benar dan hapus yang lain",
        ),
        why=Both(
            "Which of two levels holds is for the assessors to say, not for a program.",
            "Mana dari dua nilai yang berlaku ditentukan asesor, bukan program.",
        ),
        example="levels:\n  12: 3\n  Indikator 12: 4",
    ),
    "level-not-number": Explanation(
        title=Both("A level is not a number", "Tingkat kematangan bukan angka"),
        message=Both(
            'the level of indicator {indicator} is "{found}", which is not a number',
            'tingkat kematangan indikator {indicator} tertulis "{found}", bukan angka',
        ),
        hint=Both(
            "write the level as a number on the scale {scale}",
            "tulis tingkat kematangan dengan angka pada skala {scale}",
        ),
        near=Both("write {nearest}", "tulis {nearest}"),
        why=Both(
            "Words, dates and formulas are never turned into levels: a wrong guess would change the index.",
            "Kata, tanggal, dan rumus tidak pernah diubah menjadi nilai: tebakan yang salah mengubah indeks.",
        ),
        example="12: tiga",
    ),
    "level-off-scale": Explanation(
        title=Both("A level is off the scale", "Tingkat kematangan di luar skala"),
        message=Both(
            "the level of indicator {indicator} is {found}; the scale is {scale}",
            "tingkat kematangan indikator {indicator} tertulis {found}; skalanya {scale}",
        ),
        hint=Both(
            "correct the level; leave it empty if it is not known yet",
            "perbaiki nilainya; kosongkan jika memang belum ada",
        ),
        near=Both(
            "check the level (the nearest on the scale is {nearest}); leave it empty if it is not known yet",
            "periksa nilainya (yang terdekat pada skala adalah {nearest}); kosongkan jika memang belum ada",
        ),
        why=Both(
            "SPBE levels are 1 to 5 since 2021. A 0 is not a level there, and a missing level is never counted as 0.",
            "Tingkat kematangan SPBE sejak 2021 adalah 1 sampai 5. Nilai 0 tidak ada, dan nilai yang belum ada tidak pernah dihitung 0.",
        ),
        example="12: 6",
    ),
    "level-off-step": Explanation(
        title=Both("A level lies between two levels", "Nilai di antara dua tingkat"),
        message=Both(
            "the level of indicator {indicator} is {found}; on the scale {scale} the step is {step}",
            "tingkat kematangan indikator {indicator} tertulis {found}; pada skala {scale} jarak antartingkat {step}",
        ),
        hint=Both(
            "take the level whose criteria are met in full, the lower of the two",
            "ambil tingkat yang kriterianya terpenuhi seluruhnya, yaitu yang lebih rendah",
        ),
        why=Both(
            "An indicator has a whole maturity level. Averages arise only above it, in aspects and domains.",
            "Satu indikator memiliki satu tingkat kematangan bulat. Rata-rata hanya ada di atasnya, pada aspek dan domain.",
        ),
        example="12: 2.5",
    ),
    "level-missing": Explanation(
        title=Both("Levels are missing", "Tingkat kematangan belum lengkap"),
        message=Both(
            "{count} without a level: indicator {indicators}",
            "{count} belum bernilai: indikator {indicators}",
        ),
        hint=Both(
            "fill them in, or ask for the possible range with --missing bounds",
            "lengkapi nilainya, atau minta rentang yang mungkin dengan --missing bounds",
        ),
        why=Both(
            "All indicators apply to every institution. A missing level is not 0, and leaving it out would change every weight.",
            "Semua indikator berlaku bagi setiap instansi. Nilai yang belum ada bukan 0, dan mengabaikannya mengubah semua bobot.",
        ),
        example="levels:\n  1: 3\n  2:",
    ),
    "levels-absent": Explanation(
        title=Both("A score sheet has no levels", "Lembar nilai tanpa nilai"),
        message=Both("there is no levels: here", "di sini tidak ada levels:"),
        hint=Both(
            "add levels: and below it a line for each indicator, such as 12: 3",
            "tambahkan levels: dan di bawahnya satu baris untuk tiap indikator, misalnya 12: 3",
        ),
        why=Both(
            "Without levels there is nothing to compute. Of several stages each stands under stages:.",
            "Tanpa nilai tidak ada yang dapat dihitung. Jika ada beberapa tahap, masing-masing ditulis di bawah stages:.",
        ),
        example="institution: Kota Jambi\nyear: 2023",
    ),
    "levels-and-stages": Explanation(
        title=Both("Both levels and stages are given", "Ada levels sekaligus stages"),
        message=Both(
            "levels: and stages: cannot stand side by side",
            "levels: dan stages: tidak dapat dipakai bersamaan",
        ),
        hint=Both(
            "move the levels below the stage that they belong to, such as stages: self:",
            "pindahkan nilainya ke bawah tahap yang sesuai, misalnya stages: self:",
        ),
        why=Both(
            "It would not be clear which of the levels count. Only a target may stand beside them.",
            "Tidak jelas nilai mana yang berlaku. Hanya target yang boleh berdampingan dengannya.",
        ),
        example="levels: {1: 3}\nstages:\n  self: {1: 4}",
    ),
    "duplicate-stage": Explanation(
        title=Both("A stage stands twice", "Tahap tertulis dua kali"),
        message=Both(
            "the stage {stage} already stands in line {first}, under another name",
            "tahap {stage} sudah ada pada baris {first} dengan nama lain",
        ),
        hint=Both("keep one of the two", "simpan salah satu saja"),
        why=Both(
            "Stages may be named in either language: mandiri and self are the same one.",
            "Tahap boleh ditulis dalam dua bahasa: mandiri dan self adalah tahap yang sama.",
        ),
        example="stages:\n  self: {1: 3}\n  mandiri: {1: 4}",
    ),
    "stage-absent": Explanation(
        title=Both("The stage asked for has no levels", "Tahap yang diminta belum bernilai"),
        message=Both(
            "there are no levels of the stage {stage}; stages with levels: {found}",
            "tahap {stage} belum bernilai; tahap yang sudah bernilai: {found}",
        ),
        hint=Both(
            "choose another --stage, or leave it out to take the last one",
            "pilih --stage lain, atau hilangkan untuk memakai tahap terakhir",
        ),
        why=Both(
            "Levels of another stage are never passed off as those that were asked for.",
            "Nilai tahap lain tidak pernah diberikan seolah-olah nilai yang diminta.",
        ),
        example="spbe score nilai.yaml --stage final",
    ),
    "sheets-of-other-stages": Explanation(
        title=Both(
            "Score sheets of other stages are left out", "Lembar nilai tahap lain tidak dipakai"
        ),
        message=Both(
            "left out because they are not of the stage {stage}: {count} of the score sheets in this file",
            "tidak dipakai karena bukan dari tahap {stage}: {count} lembar nilai dalam berkas ini",
        ),
        hint=Both(
            "choose another --stage for those; write stage: where a score sheet names none",
            "pilih --stage lain untuk memakainya; tulis stage: pada lembar nilai yang belum menyebut tahap",
        ),
        why=Both(
            "One file may hold score sheets of several stages. With --stage only those that name it are used.",
            "Satu berkas dapat memuat lembar nilai dari beberapa tahap. Dengan --stage, yang dipakai hanya lembar yang menyebut tahap itu.",
        ),
        example="spbe score nilai.yaml --stage self\n\nstage: final\nlevels: {1: 3}\n---\nstage: self\nlevels: {1: 4}",
    ),
    "stage-chosen": Explanation(
        title=Both("Of several stages the last was taken", "Tahap terakhir yang dipakai"),
        message=Both(
            "the stage {stage} was taken; the file has {found}",
            "yang dipakai tahap {stage}; berkas memuat {found}",
        ),
        hint=Both("--stage takes another one", "gunakan --stage untuk memilih yang lain"),
        why=Both(
            "Self-assessment and external result differ often, so it is said which one the index is of.",
            "Hasil penilaian mandiri dan eksternal sering berbeda, jadi disebutkan indeks ini dari tahap mana.",
        ),
        example="stages:\n  self: {1: 3}\n  external: {1: 2}",
    ),
    "level-kept": Explanation(
        title=Both(
            "Levels were kept from the stage before", "Nilai dipertahankan dari tahap sebelumnya"
        ),
        message=Both(
            "empty at stage {stage}, so the level of {earlier} is kept: indicator {indicators}",
            "kosong pada tahap {stage}, maka dipakai nilai tahap {earlier}: indikator {indicators}",
        ),
        hint=Both(
            "fill in the level if the stage did change it",
            "isi nilainya jika tahap itu memang mengubahnya",
        ),
        why=Both(
            "An indicator that a stage leaves untouched keeps the level of the stage before.",
            "Indikator yang tidak disentuh pada suatu tahap tetap memakai nilai tahap sebelumnya.",
        ),
        example="stages:\n  self: {1: 3, 2: 4}\n  external: {1: 2}",
    ),
    "year-without-instrument": Explanation(
        title=Both("No instrument belongs to the year", "Tidak ada instrumen untuk tahun ini"),
        message=Both(
            "no instrument is known for {year}; there are {known}",
            "belum ada instrumen untuk tahun {year}; yang tersedia {known}",
        ),
        hint=Both(
            "check the year, or choose an instrument with --instrument",
            "periksa tahunnya, atau pilih instrumen dengan --instrument",
        ),
        why=Both(
            "Assessments of a year follow the instrument that was then in force; SPBE was first assessed in 2018.",
            "Penilaian suatu tahun mengikuti instrumen yang berlaku saat itu; SPBE pertama kali dinilai pada 2018.",
        ),
        example="year: 2015",
    ),
    "year-absent": Explanation(
        title=Both("The year is not given", "Tahun tidak disebutkan"),
        message=Both(
            "without a year, {instrument} and its latest rule for the predicate are used",
            "tanpa tahun, dipakai {instrument} dan aturan predikatnya yang terbaru",
        ),
        hint=Both(
            "add year: to the file, or give --year",
            "tambahkan year: pada berkas, atau beri --year",
        ),
        why=Both(
            "Up to 2023 the rounded index decided the predicate, from 2024 on the exact one.",
            "Sampai 2023 predikat ditentukan oleh indeks yang dibulatkan, sejak 2024 oleh indeks sebenarnya.",
        ),
        example="institution: Kota Jambi\nlevels: {1: 3}",
    ),
}
