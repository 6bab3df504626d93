"""Problems of tables of published results, and of what is asked about them."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "institution-absent": Explanation(
        title=Both("A row names no institution", "Baris tanpa nama instansi"),
        message=Both("the row names no institution", "baris ini tidak menyebut nama instansi"),
        hint=Both("write its name, or delete the row", "isi namanya, atau hapus barisnya"),
        why=Both(
            "A place in a ranking belongs to somebody; a row without a name may be a leftover.",
            "Peringkat selalu milik sebuah instansi; baris tanpa nama mungkin hanya sisa.",
        ),
        example=";kota;2023;2,60;Baik",
    ),
    "index-absent": Explanation(
        title=Both("An institution has no index", "Instansi tanpa indeks"),
        message=Both(
            "neither the index nor all domain indices of this institution are given",
            "indeks maupun seluruh indeks domain instansi ini tidak tersedia",
        ),
        hint=Both("fill in the index, or delete the row", "isi indeksnya, atau hapus barisnya"),
        why=Both(
            "An institution without an index has no place, and is not counted as 0.",
            "Instansi tanpa indeks tidak memiliki peringkat, dan tidak dihitung sebagai 0.",
        ),
        example="Kota Contoh;kota;2023;;Baik",
    ),
    "institution-repeated": Explanation(
        title=Both("An institution stands there twice", "Instansi muncul dua kali"),
        message=Both(
            '"{institution}" stands for the same year already at {first}',
            '"{institution}" sudah ada untuk tahun yang sama di {first}',
        ),
        hint=Both("delete one of the two rows", "hapus salah satu dari kedua baris"),
        why=Both(
            "Counted twice, an institution would move every mean and every place below it.",
            "Bila dihitung dua kali, instansi menggeser setiap rata-rata dan peringkat di bawahnya.",
        ),
        example="Kota Contoh;2023;2,60 / Kota Contoh;2023;2,61",
    ),
    "published-not-number": Explanation(
        title=Both("A published value is not a number", "Nilai terbitan bukan angka"),
        message=Both(
            '"{found}" in the column "{column}" is not a number',
            '"{found}" di kolom "{column}" bukan angka',
        ),
        hint=Both(
            "write it as 2.60 or 2,60; leave it empty if it is not known",
            "tulis seperti 2.60 atau 2,60; kosongkan bila tidak diketahui",
        ),
        why=Both(
            "A value is read as it stands, never guessed.",
            "Nilai dibaca apa adanya, tidak ditebak.",
        ),
        example="Kota Contoh;2023;dua koma enam",
    ),
    "published-off-scale": Explanation(
        title=Both("A published value is off the scale", "Nilai terbitan di luar skala"),
        message=Both(
            'the value {found} in the column "{column}" is not between 0 and {highest}',
            'nilai {found} di kolom "{column}" tidak berada di antara 0 dan {highest}',
        ),
        hint=Both(
            "check the decimal point and the column",
            "periksa tanda desimal dan kolomnya",
        ),
        why=Both(
            "No index is higher than the highest level; 26 is most likely 2.6.",
            "Indeks tidak mungkin melebihi tingkat tertinggi; 26 kemungkinan besar 2,6.",
        ),
        example="Kota Contoh;2023;26",
    ),
    "published-predicate-unknown": Explanation(
        title=Both("A published predicate is unknown", "Predikat terbitan tidak dikenal"),
        message=Both('there is no predicate "{found}"', 'tidak ada predikat "{found}"'),
        hint=Both("the predicates are: {known}", "predikat yang ada: {known}"),
        near=Both("did you mean {nearest}?", "maksud Anda {nearest}?"),
        why=Both(
            "Predicates are those of the instrument of the year.",
            "Predikat mengikuti instrumen pada tahun tersebut.",
        ),
        example="Kota Contoh;2023;2,60;Bayk",
    ),
    "institution-unknown": Explanation(
        title=Both("No institution has this name", "Tidak ada instansi dengan nama ini"),
        message=Both(
            'no institution has "{found}" in its name',
            'tidak ada instansi yang namanya memuat "{found}"',
        ),
        hint=Both(
            "a part of the name is enough; capitals do not matter",
            "sebagian nama sudah cukup; huruf besar tidak berpengaruh",
        ),
        near=Both("did you mean {nearest}?", "maksud Anda {nearest}?"),
        why=Both(
            "Names are looked for in the table that is ranked.",
            "Nama dicari dalam tabel yang diperingkat.",
        ),
        example='spbe rank nasional.csv --find "Kota Jmabi"',
    ),
    "several-instruments": Explanation(
        title=Both("Institutions of several instruments", "Instansi dari beberapa instrumen"),
        message=Both(
            "the institutions were assessed with different instruments: {instruments}",
            "instansi-instansi ini dinilai dengan instrumen yang berbeda: {instruments}",
        ),
        hint=Both(
            "rank or profile each year by itself",
            "peringkat atau profilkan setiap tahun tersendiri",
        ),
        why=Both(
            "Indices of different instruments have different meanings; their mean has none.",
            "Indeks dari instrumen berbeda memiliki arti berbeda; rata-ratanya tidak bermakna.",
        ),
        example="spbe profile nasional-2019.csv nasional-2023.csv",
    ),
    "several-years": Explanation(
        title=Both("Institutions of several years", "Instansi dari beberapa tahun"),
        message=Both(
            "the institutions were assessed in different years: {years}",
            "instansi-instansi ini dinilai pada tahun yang berbeda: {years}",
        ),
        hint=Both(
            "keep one year in a table; --previous compares with an earlier one",
            "simpan satu tahun dalam satu tabel; --previous membandingkan dengan yang lebih awal",
        ),
        why=Both(
            "An institution would stand there once a year, and take places from the others.",
            "Sebuah instansi akan muncul sekali setiap tahun dan mengambil peringkat yang lain.",
        ),
        example="spbe rank nasional-2022-2023.csv",
    ),
}
