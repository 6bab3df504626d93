"""Problems of batch scoring: inputs of any size, folders, and what is written."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "row-too-large": Explanation(
        title=Both("A row is too large", "Baris terlalu besar"),
        message=Both(
            "a row that begins here is larger than {limit}",
            "baris yang dimulai di sini lebih besar dari {limit}",
        ),
        hint=Both(
            "check that the file is a table with a line end after every institution",
            "periksa bahwa berkas ini tabel dengan ganti baris setelah setiap instansi",
        ),
        why=Both(
            "A table is read row by row, so that its size does not matter; no row of levels is that long.",
            "Tabel dibaca baris demi baris sehingga ukurannya tidak menjadi soal; tidak ada baris nilai sepanjang itu.",
        ),
        example="a table of one line without an end",
    ),
    "folder-empty": Explanation(
        title=Both("A folder holds no score sheet", "Folder tidak berisi lembar nilai"),
        message=Both(
            "the folder holds no file that can be scored",
            "folder ini tidak berisi berkas yang dapat dinilai",
        ),
        hint=Both(
            "files with these endings are read: {endings}",
            "berkas dengan akhiran ini dibaca: {endings}",
        ),
        why=Both(
            "An empty folder is more likely a wrong path than an empty result.",
            "Folder kosong lebih mungkin berarti alamat yang salah daripada hasil yang kosong.",
        ),
        example="spbe batch kosong/ -o hasil.csv",
    ),
    "output-ending": Explanation(
        title=Both(
            "A file to be written has an unknown ending", "Akhiran berkas keluaran tidak dikenal"
        ),
        message=Both(
            "the ending of the file to be written says no known format",
            "akhiran berkas keluaran tidak menunjukkan format yang dikenal",
        ),
        hint=Both("the endings are: {known}", "akhiran yang ada: {known}"),
        why=Both(
            "The ending of the output decides its format.",
            "Akhiran berkas keluaran menentukan formatnya.",
        ),
        example="spbe batch nilai.csv -o hasil.docx",
    ),
    "parquet-wrong": Explanation(
        title=Both("A Parquet file cannot be read", "Berkas Parquet tidak dapat dibaca"),
        message=Both(
            "the file begins as Parquet and cannot be read as such: {reason}",
            "berkas ini berawal sebagai Parquet tetapi tidak dapat dibaca: {reason}",
        ),
        hint=Both("write the file again", "tulis ulang berkas tersebut"),
        why=Both(
            "A Parquet file that was cut off has lost the description of its columns.",
            "Berkas Parquet yang terpotong kehilangan keterangan kolom-kolomnya.",
        ),
        example="PAR1",
    ),
    "batch-nothing-scored": Explanation(
        title=Both("Nothing was scored", "Tidak ada yang dinilai"),
        message=Both(
            "no institution was scored",
            "tidak ada instansi yang dinilai",
        ),
        hint=Both(
            "check the inputs, and --stage if it is given",
            "periksa masukan, serta --stage bila dipakai",
        ),
        why=Both(
            "An empty result looks like a success and seldom is one.",
            "Hasil kosong tampak seperti berhasil, padahal jarang demikian.",
        ),
        example="spbe batch nilai.csv -o hasil.csv --stage visit",
    ),
    "batch-without-engine": Explanation(
        title=Both("A large table is scored without polars", "Tabel besar dinilai tanpa polars"),
        message=Both(
            "polars is not installed, so this large table takes about fifteen times as long",
            "polars belum terpasang, sehingga tabel besar ini perlu waktu sekitar lima belas kali lebih lama",
        ),
        hint=Both(
            'to speed it up: python3 -m pip install "spbe-cli[batch]"',
            'untuk mempercepat: python3 -m pip install "spbe-cli[batch]"',
        ),
        why=Both(
            "The result is the same; polars reads and writes large tables faster.",
            "Hasilnya sama; polars membaca dan menulis tabel besar lebih cepat.",
        ),
        example="spbe batch satu-juta-baris.csv -o hasil.csv",
    ),
}
