"""Problems of a YAML file's form, before anything in it is understood."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "yaml-syntax": Explanation(
        title=Both("The YAML cannot be read", "YAML tidak dapat dibaca"),
        message=Both(
            "the YAML cannot be read from here on: {reason}",
            "YAML tidak terbaca mulai dari sini: {reason}",
        ),
        hint=Both(
            "look for a tab in the indentation, a missing space after a colon, or an unclosed quote, here or just above",
            "cari tab pada indentasi, spasi yang kurang setelah titik dua, atau tanda kutip yang belum ditutup, di sini atau tepat di atasnya",
        ),
        why=Both(
            "Past a mistake of form nobody can tell what belongs to what, so nothing below it is read.",
            "Setelah kesalahan bentuk, susunan isi tidak lagi jelas, sehingga bagian di bawahnya tidak dibaca.",
        ),
        example='institution: "Kota Jambi\nlevels:\n  1: 3',
    ),
    "yaml-too-deep": Explanation(
        title=Both("The YAML is nested too deeply", "YAML bertingkat terlalu dalam"),
        message=Both(
            "more than {limit} levels of lists or mappings stand inside each other",
            "ada lebih dari {limit} lapis daftar atau pasangan kunci yang bersarang",
        ),
        hint=Both(
            "a score sheet needs three levels; check the brackets and the indentation",
            "lembar nilai hanya perlu tiga lapis; periksa tanda kurung dan indentasi",
        ),
        why=Both(
            "No score sheet and no instrument is that deep. Such files are broken, or made to exhaust memory.",
            "Tidak ada lembar nilai atau instrumen sedalam itu. Berkas seperti ini rusak, atau dibuat untuk menghabiskan memori.",
        ),
        example="levels: [[[[[[[[[[[[[[[[[[[[[[3]]]]]]]]]]]]]]]]]]]]]]",
    ),
    "yaml-alias": Explanation(
        title=Both("A YAML alias", "Alias YAML"),
        message=Both(
            "the alias *{name} stands here in place of a value",
            "di sini ada alias *{name}, bukan nilai",
        ),
        hint=Both("write the value itself", "tulis langsung nilainya"),
        why=Both(
            "A level should stand where it is read, for whoever checks the sheet. Aliases can also swell a small file to gigabytes.",
            "Setiap nilai harus tertulis di tempatnya agar mudah diperiksa. Alias juga dapat membuat berkas kecil mengembang menjadi bergiga-giga bita.",
        ),
        example="1: &a 3\n2: *a",
    ),
    "yaml-anchor": Explanation(
        title=Both("A YAML anchor", "Jangkar YAML"),
        message=Both(
            "the anchor &{name} stands before this value",
            "ada jangkar &{name} di depan nilai ini",
        ),
        hint=Both(
            "delete &{name}; if it belongs to the text, put the text in quotes",
            "hapus &{name}; jika memang bagian dari teks, apit teksnya dengan tanda kutip",
        ),
        why=Both(
            "Anchors serve aliases only, and aliases are not read.",
            "Jangkar hanya berguna untuk alias, sedangkan alias tidak dibaca.",
        ),
        example="1: &a 3",
    ),
    "yaml-tag": Explanation(
        title=Both("A YAML tag", "Tag YAML"),
        message=Both(
            "the tag {name} stands before this value", "ada tag {name} di depan nilai ini"
        ),
        hint=Both(
            "delete the tag and leave the plain value; put a text that begins with ! in quotes",
            "hapus tag itu dan sisakan nilainya saja; apit teks yang diawali ! dengan tanda kutip",
        ),
        why=Both(
            "A tag asks a program to turn a value into something else. Here every value is what it looks like.",
            "Tag meminta program mengubah nilai menjadi hal lain. Di sini setiap nilai dibaca apa adanya.",
        ),
        example="1: !!float 3",
    ),
    "yaml-key": Explanation(
        title=Both("A key is not a word", "Kunci bukan kata"),
        message=Both(
            "what stands before the colon is empty, a list or a mapping",
            "bagian sebelum titik dua kosong, berupa daftar, atau berupa pasangan kunci",
        ),
        hint=Both(
            "write one word or number before the colon, such as levels: or 12:",
            "tulis satu kata atau angka sebelum titik dua, misalnya levels: atau 12:",
        ),
        why=Both(
            "Keys name indicators and details. Only plain words and numbers can do that.",
            "Kunci menyebut indikator dan rinciannya. Hanya kata atau angka biasa yang dapat dipakai.",
        ),
        example="levels:\n  [1, 2]: 3",
    ),
    "duplicate-key": Explanation(
        title=Both("A key stands twice", "Kunci tertulis dua kali"),
        message=Both(
            '"{key}" already stands in line {first}', '"{key}" sudah ada pada baris {first}'
        ),
        hint=Both(
            "keep the right one and delete the other",
            "simpan yang benar dan hapus yang lain",
        ),
        why=Both(
            "Many programs silently take the last of the two. With a level that is a wrong index nobody sees.",
            "Banyak program diam-diam memakai yang terakhir. Untuk nilai, akibatnya indeks salah tanpa terlihat.",
        ),
        example="levels:\n  12: 3\n  12: 4",
    ),
    "document-not-one": Explanation(
        title=Both("A file holds more than one document", "Berkas memuat lebih dari satu dokumen"),
        message=Both(
            "a second document begins here, after a line of three hyphens",
            "dokumen kedua dimulai di sini, setelah baris tiga tanda hubung",
        ),
        hint=Both(
            "put it all into one document, or into a file of its own",
            "satukan dalam satu dokumen, atau pindahkan ke berkas tersendiri",
        ),
        why=Both(
            "Only score sheets may stand several in a file; of costs, scenarios, agreements and "
            "criteria the second would be passed over in silence.",
            "Hanya lembar nilai yang boleh lebih dari satu dalam berkas; biaya, skenario, keyakinan, "
            "dan kriteria yang kedua akan terlewat begitu saja.",
        ),
        example="each: 2\n---\neach: 3",
    ),
}
