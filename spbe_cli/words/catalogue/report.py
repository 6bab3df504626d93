"""Problems of reports and forms: where they are written, and what goes into them."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "report-several": Explanation(
        title=Both(
            "Several reports do not go into one file",
            "Beberapa laporan tidak dapat masuk ke satu berkas",
        ),
        message=Both(
            "the input holds {count} assessments, and a report is about one",
            "masukan berisi {count} penilaian, sedangkan satu laporan membahas satu penilaian",
        ),
        hint=Both(
            "write them into a folder: --output-dir laporan",
            "tulis ke sebuah folder: --output-dir laporan",
        ),
        why=Both(
            "Each institution gets a report of its own, and the folder an index page.",
            "Setiap instansi mendapat laporannya sendiri, dan folder itu mendapat halaman daftar isi.",
        ),
        example="spbe report nilai-semua.csv -o laporan.html",
    ),
    "report-two-places": Explanation(
        title=Both("A report is to go to two places", "Laporan diminta ke dua tempat"),
        message=Both(
            "--output and --output-dir exclude each other",
            "--output dan --output-dir tidak dapat dipakai bersama",
        ),
        hint=Both(
            "give --output for one report, --output-dir for a folder of them",
            "pakai --output untuk satu laporan, --output-dir untuk satu folder laporan",
        ),
        why=Both(
            "One run writes one file or one folder.",
            "Sekali jalan hanya menulis satu berkas atau satu folder.",
        ),
        example="spbe report nilai.yaml -o laporan.html --output-dir laporan",
    ),
    "output-exists": Explanation(
        title=Both("A file to be written is there already", "Berkas yang akan ditulis sudah ada"),
        message=Both(
            "this file is there already (files in the way: {count})",
            "berkas ini sudah ada (berkas yang menghalangi: {count})",
        ),
        hint=Both(
            "choose another name, or overwrite with --force",
            "pilih nama lain, atau timpa dengan --force",
        ),
        why=Both(
            "A report or form may have been worked on by hand since: nothing is overwritten unasked.",
            "Laporan atau formulir mungkin sudah disunting: tidak ada yang ditimpa tanpa diminta.",
        ),
        example="spbe init nilai.yaml",
    ),
    "output-binary": Explanation(
        title=Both("A file is to be shown on a terminal", "Berkas diminta tampil di terminal"),
        message=Both(
            "a report as {format} is a file and no text for a terminal",
            "laporan {format} adalah berkas, bukan teks untuk terminal",
        ),
        hint=Both("name a file: -o laporan.{format}", "beri nama berkas: -o laporan.{format}"),
        why=Both(
            "Bytes that are no text can upset a terminal; to a pipe they may go.",
            "Bita yang bukan teks dapat mengacaukan terminal; ke pipa boleh saja.",
        ),
        example="spbe report nilai.yaml --format pdf",
    ),
    "template-without-docx": Explanation(
        title=Both("A letterhead is for Word files only", "Kop surat hanya untuk berkas Word"),
        message=Both(
            "--template goes with a .docx report only",
            "--template hanya untuk laporan .docx",
        ),
        hint=Both("write a .docx file: -o laporan.docx", "tulis berkas .docx: -o laporan.docx"),
        why=Both(
            "The letterhead is a Word document into which the report is written.",
            "Kop surat adalah dokumen Word tempat laporan ditulis.",
        ),
        example="spbe report nilai.yaml -o laporan.pdf --template kop-surat.docx",
    ),
    "template-wrong": Explanation(
        title=Both("A letterhead cannot be used", "Kop surat tidak dapat dipakai"),
        message=Both(
            "this is no Word document that can be filled in: {reason}",
            "ini bukan dokumen Word yang dapat diisi: {reason}",
        ),
        hint=Both(
            "save the letterhead as .docx; known fields: {known}",
            "simpan kop surat sebagai .docx; isian yang dikenal: {known}",
        ),
        why=Both(
            "A letterhead may hold fields such as {{ institution }}; the report stands where {{ report }} is, else at the end.",
            "Kop surat boleh memuat isian seperti {{ institution }}; laporan ditulis di tempat {{ report }}, atau di akhir.",
        ),
        example="spbe report nilai.yaml -o laporan.docx --template kop-surat.pdf",
    ),
    "peers-other-instrument": Explanation(
        title=Both(
            "The table of institutions is of another instrument",
            "Tabel instansi memakai instrumen lain",
        ),
        message=Both(
            "the institutions are of {found}, the report of {instrument}: they are left out",
            "instansi dinilai dengan {found}, laporan dengan {instrument}: perbandingan ditinggalkan",
        ),
        hint=Both(
            "give a table of a year with the same instrument",
            "beri tabel dari tahun dengan instrumen yang sama",
        ),
        why=Both(
            "Indices of different instruments have no common order.",
            "Indeks dari instrumen yang berbeda tidak dapat diurutkan bersama.",
        ),
        example="spbe report denpasar-2018.yaml --peers national-2023.csv",
    ),
}
