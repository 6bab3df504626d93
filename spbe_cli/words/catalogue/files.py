"""Problems of a file as such: it cannot be had, or its bytes are no text."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "file-not-found": Explanation(
        title=Both("A file does not exist", "Berkas tidak ada"),
        message=Both("there is no such file", "berkas ini tidak ada"),
        hint=Both(
            "check the spelling and the folder you are in",
            "periksa ejaan nama berkas dan folder tempat Anda berada",
        ),
        why=Both(
            "Nothing was found under the name that was given.",
            "Tidak ada apa pun dengan nama yang diberikan.",
        ),
        example="spbe score hasl.yaml",
    ),
    "file-is-directory": Explanation(
        title=Both(
            "A folder was given in place of a file", "Folder diberikan sebagai pengganti berkas"
        ),
        message=Both("this is a folder, not a file", "ini folder, bukan berkas"),
        hint=Both(
            "name the score sheets in it, for example FOLDER/*.yaml",
            "sebutkan lembar nilai di dalamnya, misalnya FOLDER/*.yaml",
        ),
        why=Both(
            "`spbe score` reads score sheets one by one, each named.",
            "`spbe score` membaca lembar nilai satu per satu, masing-masing disebut namanya.",
        ),
        example="spbe score examples/",
    ),
    "file-no-permission": Explanation(
        title=Both("A file may not be read", "Berkas tidak boleh dibaca"),
        message=Both(
            "you have no permission to read this file", "Anda tidak berhak membaca berkas ini"
        ),
        hint=Both(
            "ask its owner for the right to read it, or copy it to a folder of yours",
            "minta hak baca kepada pemiliknya, atau salin ke folder Anda",
        ),
        why=Both(
            "The operating system keeps the file from this user.",
            "Sistem operasi tidak membuka berkas ini bagi pengguna ini.",
        ),
        example="spbe score rahasia.yaml",
    ),
    "file-unreadable": Explanation(
        title=Both("A file cannot be read", "Berkas tidak dapat dibaca"),
        message=Both("the file cannot be read: {reason}", "berkas tidak dapat dibaca: {reason}"),
        hint=Both(
            "check the drive or network folder, then try again",
            "periksa cakram atau folder jaringan, lalu coba lagi",
        ),
        why=Both(
            "The operating system reported an error while the file was read.",
            "Sistem operasi melaporkan galat ketika berkas dibaca.",
        ),
        example="spbe score /mnt/share/nilai.yaml",
    ),
    "file-too-large": Explanation(
        title=Both(
            "A file is larger than a score sheet can be",
            "Berkas lebih besar dari lembar nilai yang wajar",
        ),
        message=Both(
            "the file has {size}; at most {limit} are read",
            "ukuran berkas {size}; yang dibaca paling banyak {limit}",
        ),
        hint=Both(
            "remove other sheets, pictures and data from it, or split it by institution",
            "buang lembar lain, gambar, dan data lain, atau bagi per instansi",
        ),
        why=Both(
            "A table of all 621 institutions takes about 100 kB. A much larger file is something else.",
            "Tabel seluruh 621 instansi hanya sekitar 100 kB. Berkas yang jauh lebih besar pasti berisi hal lain.",
        ),
        example="spbe score cadangan-basis-data.csv",
    ),
    "file-empty": Explanation(
        title=Both("A file is empty", "Berkas kosong"),
        message=Both("the file is empty", "berkas ini kosong"),
        hint=Both(
            "check that the right file was saved; examples/ shows a full one",
            "pastikan berkas yang benar sudah disimpan; lihat contoh di examples/",
        ),
        why=Both(
            "An empty input is never taken as a passed check.",
            "Masukan kosong tidak pernah dianggap lulus pemeriksaan.",
        ),
        example="(0 bytes)",
    ),
    "file-binary": Explanation(
        title=Both("A file is not text", "Berkas bukan teks"),
        message=Both(
            "the file is neither text nor an Excel workbook",
            "berkas ini bukan teks dan bukan buku kerja Excel",
        ),
        hint=Both(
            "save the score sheet as YAML, CSV or XLSX",
            "simpan lembar nilai sebagai YAML, CSV, atau XLSX",
        ),
        why=Both(
            "Its bytes are those of a picture, a program or another binary format.",
            "Isinya seperti gambar, program, atau format biner lain.",
        ),
        example="spbe score foto.png",
    ),
    "control-character": Explanation(
        title=Both("A text holds a control character", "Teks memuat karakter kendali"),
        message=Both(
            "the invisible character {character} stands here",
            "ada karakter tak terlihat {character} di sini",
        ),
        hint=Both("delete it and save again", "hapus karakter itu lalu simpan lagi"),
        why=Both(
            "Such characters come from broken transfers; guessing what was meant could change a level.",
            "Karakter ini berasal dari pemindahan berkas yang rusak; menebak maksudnya dapat mengubah nilai.",
        ),
        example="12: 3\\x00",
    ),
    "encoding-wrong": Explanation(
        title=Both(
            "The bytes fit no known text encoding",
            "Isi berkas tidak cocok dengan penyandian teks mana pun",
        ),
        message=Both(
            "the byte 0x{byte} does not belong in {encoding} text",
            "bita 0x{byte} bukan bagian dari teks {encoding}",
        ),
        hint=Both(
            'save the file again as "CSV UTF-8" or as XLSX',
            'simpan ulang berkas sebagai "CSV UTF-8" atau XLSX',
        ),
        why=Both(
            "UTF-8, UTF-16 and Windows-1252 are read; this file is none of them, or is damaged.",
            "UTF-8, UTF-16, dan Windows-1252 dapat dibaca; berkas ini bukan salah satunya, atau rusak.",
        ),
        example="nama;\\x81",
    ),
    "encoding-guessed": Explanation(
        title=Both("A text was read as Windows-1252", "Teks dibaca sebagai Windows-1252"),
        message=Both(
            "the file is not UTF-8 and was read as {encoding}",
            "berkas ini bukan UTF-8 dan dibaca sebagai {encoding}",
        ),
        hint=Both(
            'check the names in the result; "CSV UTF-8" in Excel avoids the question',
            'periksa nama dalam hasil; pilihan "CSV UTF-8" di Excel menghindari keraguan ini',
        ),
        why=Both(
            "Older spreadsheets write Windows-1252 without saying so. Levels are safe, names may not be.",
            "Lembar kerja lama menulis Windows-1252 tanpa tanda. Nilai tetap aman, nama mungkin tidak.",
        ),
        example="Pemerintah Kota Caf\\xe9",
    ),
}
