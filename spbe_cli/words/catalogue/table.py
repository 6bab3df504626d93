"""Problems of a table's form: quotes, header, rows, and what a workbook's cells hold."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "no-header": Explanation(
        title=Both(
            "No row names the needed columns", "Tidak ada baris judul kolom yang diperlukan"
        ),
        message=Both(
            "no header row has the needed columns; missing here: {missing} (found: {found})",
            "tidak ada baris judul dengan kolom yang diperlukan; yang kurang di sini: {missing} (yang ada: {found})",
        ),
        hint=Both(
            'name the columns "indicator" and "level" in one row among the first 30',
            'beri judul kolom "indikator" dan "nilai" pada salah satu dari 30 baris pertama',
        ),
        near=Both('did you mean "{nearest}"?', 'apakah maksudnya "{nearest}"?'),
        why=Both(
            "Columns are found by name, not by position: a moved column must not change a level. A table has an indicator and a level column (or one for each stage), or a column for each indicator.",
            "Kolom dicari menurut judulnya, bukan urutannya: kolom yang bergeser tidak boleh mengubah nilai. Tabel memuat kolom indikator dan kolom nilai (atau satu kolom tiap tahap), atau satu kolom untuk setiap indikator.",
        ),
        example="indikator;levle\n1;3",
    ),
    "duplicate-column": Explanation(
        title=Both("Two columns hold the same", "Dua kolom berisi hal yang sama"),
        message=Both(
            'column {at} "{column}" says the same as column {first_at} "{first}"',
            'kolom {at} "{column}" sama artinya dengan kolom {first_at} "{first}"',
        ),
        hint=Both(
            "keep one, or name the stage of each: Mandiri, Eksternal, Akhir",
            "simpan satu saja, atau tulis tahap masing-masing: Mandiri, Eksternal, Akhir",
        ),
        why=Both(
            "Where two columns give a level, it would be a guess which of them counts.",
            "Jika dua kolom memberi nilai, memilih salah satunya hanya tebakan.",
        ),
        example="no;nilai;level\n1;3;4",
    ),
    "table-empty": Explanation(
        title=Both("A table holds no data", "Tabel tidak berisi data"),
        message=Both("there is no data in this table", "tabel ini tidak berisi data"),
        hint=Both(
            "fill in one row for each indicator below the header",
            "isi satu baris untuk setiap indikator di bawah judul kolom",
        ),
        why=Both(
            "An empty input is never taken as a passed check.",
            "Masukan kosong tidak pernah dianggap lulus pemeriksaan.",
        ),
        example="indikator;nilai",
    ),
    "table-too-large": Explanation(
        title=Both(
            "A table is larger than a score sheet can be",
            "Tabel lebih besar dari lembar nilai yang wajar",
        ),
        message=Both(
            "the table reaches beyond {cells} cells or {columns} columns",
            "tabel ini melewati {cells} sel atau {columns} kolom",
        ),
        hint=Both(
            "delete the empty rows below and the empty columns beside the scores, then save again",
            "hapus baris kosong di bawah dan kolom kosong di samping nilai, lalu simpan lagi",
        ),
        why=Both(
            "A single cell far away makes a spreadsheet save every row and column up to it.",
            "Satu sel yang letaknya jauh membuat lembar kerja menyimpan semua baris dan kolom sampai ke sana.",
        ),
        example="XFD1048576: x",
    ),
    "row-too-short": Explanation(
        title=Both("A row ends too early", "Baris berakhir terlalu awal"),
        message=Both(
            "the row has {cells} cells; {needed} are needed to reach the last level",
            "baris ini hanya {cells} sel; perlu {needed} sel sampai nilai terakhir",
        ),
        hint=Both(
            "add the missing cells; a level that is not known yet is an empty cell",
            "tambahkan sel yang kurang; nilai yang belum ada ditulis sebagai sel kosong",
        ),
        why=Both(
            "A row cut off in a transfer looks the same as a missing level, and must not pass as one.",
            "Baris yang terpotong tampak seperti nilai yang kosong, padahal berbeda.",
        ),
        example="no;indikator;nilai\n1;Arsitektur SPBE",
    ),
    "row-too-long": Explanation(
        title=Both("A row is longer than the header", "Baris lebih panjang dari judul kolom"),
        message=Both(
            "the row has {cells} cells, but the header names only {width} columns",
            "baris ini berisi {cells} sel, padahal judul kolom hanya {width}",
        ),
        hint=Both(
            'put text or numbers that hold the delimiter in quotes, "3,0", or save with ; between the cells',
            'beri tanda kutip pada teks atau angka yang memuat pemisah, "3,0", atau simpan dengan pemisah ;',
        ),
        why=Both(
            "A comma in a decimal number or a name splits the cell, and all cells after it move by one column.",
            "Koma dalam angka desimal atau nama memecah sel, sehingga semua sel sesudahnya bergeser satu kolom.",
        ),
        example="no,nilai\n1,3,0",
    ),
    "row-not-read": Explanation(
        title=Both("A row of totals is left out", "Baris jumlah atau rata-rata dilewati"),
        message=Both(
            'the row "{found}" is taken for a total or a mean and left out',
            'baris "{found}" dianggap jumlah atau rata-rata, sehingga dilewati',
        ),
        hint=Both(
            "if it is an institution, write its full name and whole levels",
            "jika ini instansi, tulis nama lengkapnya dan tingkat kematangan yang bulat",
        ),
        why=Both(
            "A total below the institutions is no institution. What is left out and holds values is always said.",
            "Baris jumlah di bawah daftar instansi bukan instansi. Baris berisi yang dilewati selalu disebutkan.",
        ),
        example="Instansi;1;2;3\nKota Jambi;3;4;2\nRata-rata;2,9;3,1;2,4",
    ),
    "sheets-not-read": Explanation(
        title=Both(
            "A workbook holds more than one score sheet",
            "Buku kerja memuat lebih dari satu lembar nilai",
        ),
        message=Both(
            "the sheet {sheet} was read; these hold levels as well and were not: {others}",
            "yang dibaca lembar {sheet}; lembar lain yang juga berisi nilai tidak dibaca: {others}",
        ),
        hint=Both(
            "to read another sheet, move it to the front, hide the ones before it or save it as a file of its own",
            "untuk membaca lembar lain, pindahkan ke depan, sembunyikan lembar sebelumnya, atau simpan sebagai berkas tersendiri",
        ),
        why=Both(
            "The first visible sheet with the needed columns is read. Two years or stages side by side are easily mixed up.",
            "Yang dibaca adalah lembar pertama yang tampak dan memuat kolom yang diperlukan. Dua tahun atau tahap yang berdampingan mudah tertukar.",
        ),
        example="nilai.xlsx: [2022] [2023]",
    ),
    "indicator-missing": Explanation(
        title=Both("A level has no indicator", "Nilai tanpa indikator"),
        message=Both(
            "this row gives a level, but not of which indicator",
            "baris ini berisi nilai, tetapi tidak menyebut indikatornya",
        ),
        hint=Both(
            "write the indicator's number, or delete the row",
            "tulis nomor indikatornya, atau hapus barisnya",
        ),
        why=Both(
            "Levels belong to indicators by their code, never by their order.",
            "Nilai dipasangkan dengan indikator menurut kodenya, bukan urutannya.",
        ),
        example="no;nilai\n1;3\n;4",
    ),
    "quote-unclosed": Explanation(
        title=Both("A quotation mark is not closed", "Tanda kutip tidak ditutup"),
        message=Both(
            "the quotation mark that opens here is not closed where the cell ends",
            "tanda kutip yang dibuka di sini tidak ditutup di akhir sel",
        ),
        hint=Both(
            'close it, or delete it; a quotation mark inside a quoted cell is written twice: ""',
            'tutup atau hapus; tanda kutip di dalam sel berkutip ditulis dua kali: ""',
        ),
        why=Both(
            "An open quotation mark swallows the rows after it.",
            "Tanda kutip yang terbuka menelan baris-baris sesudahnya.",
        ),
        example='1;"Arsitektur SPBE;3',
    ),
    "quote-stray": Explanation(
        title=Both("Text follows a closing quotation mark", "Ada teks setelah tanda kutip penutup"),
        message=Both(
            'the cell ended with its quotation mark, but "{found}" follows',
            'sel ini sudah ditutup tanda kutip, tetapi masih diikuti "{found}"',
        ),
        hint=Both(
            'write a quotation mark inside a quoted cell twice: ""',
            'tulis tanda kutip di dalam sel berkutip dua kali: ""',
        ),
        why=Both(
            "Where a cell ends would be a guess, and a wrong one moves the level to another column.",
            "Akhir sel hanya bisa ditebak, dan tebakan yang salah memindahkan nilai ke kolom lain.",
        ),
        example='1;"Arsitektur "SPBE"";3',
    ),
    "field-too-long": Explanation(
        title=Both("A cell is too long", "Isi sel terlalu panjang"),
        message=Both(
            "the cell that begins here has more than {limit} characters",
            "sel yang dimulai di sini lebih dari {limit} karakter",
        ),
        hint=Both(
            "check the delimiter and the quotation marks, and move long texts to a file of their own",
            "periksa pemisah dan tanda kutip, dan pindahkan teks panjang ke berkas tersendiri",
        ),
        why=Both(
            "Not even a long note takes as much; mostly a delimiter or a quotation mark is missing.",
            "Catatan yang panjang pun tidak sebesar itu; biasanya ada pemisah atau tanda kutip yang hilang.",
        ),
        example="1;aaaaaaaa...",
    ),
    "cell-error": Explanation(
        title=Both("A cell holds an error", "Sel berisi galat"),
        message=Both("the cell shows {found}", "sel ini menampilkan {found}"),
        hint=Both(
            "correct the formula, or type the value itself",
            "perbaiki rumusnya, atau ketik langsung nilainya",
        ),
        why=Both(
            "A formula that fails gives no value; it is never read as an empty cell or as 0.",
            "Rumus yang gagal tidak memberi nilai; galat tidak pernah dibaca sebagai sel kosong atau 0.",
        ),
        example="B2: =1/0  ->  #DIV/0!",
    ),
    "cell-not-calculated": Explanation(
        title=Both("A formula was never calculated", "Rumus belum pernah dihitung"),
        message=Both(
            "the formula {found} has no saved result",
            "rumus {found} belum mempunyai hasil yang tersimpan",
        ),
        hint=Both(
            "open the workbook in Excel or LibreOffice, save it, and try again",
            "buka buku kerja di Excel atau LibreOffice, simpan, lalu coba lagi",
        ),
        why=Both(
            "A program wrote this workbook without computing its formulas. Their empty result is not a level, and not 0.",
            "Buku kerja ini ditulis program tanpa menghitung rumusnya. Hasil yang kosong bukan nilai dan bukan 0.",
        ),
        example="B2: =AVERAGE(C2:E2)",
    ),
    "cell-is-date": Explanation(
        title=Both("A cell holds a date", "Sel berisi tanggal"),
        message=Both(
            "the cell holds the date {found}, where a level or an indicator is expected",
            "sel ini berisi tanggal {found}, padahal seharusnya nilai atau indikator",
        ),
        hint=Both(
            "format the cell as a number and type the value again",
            "ubah format sel menjadi angka, lalu ketik ulang nilainya",
        ),
        near=Both(
            "Excel turns 3.5 into a date: format the cell as a number and type the value again (was it {nearest}?)",
            "Excel mengubah 3.5 menjadi tanggal: ubah format sel menjadi angka, lalu ketik ulang (apakah {nearest}?)",
        ),
        why=Both(
            "A spreadsheet that takes 3.5 for the third of May saves only the date. What was typed is lost, so it must be asked for.",
            "Lembar kerja yang menganggap 3.5 sebagai 3 Mei hanya menyimpan tanggalnya. Ketikan aslinya hilang, jadi harus ditanyakan.",
        ),
        example="B2: 3-May",
    ),
    "workbook-encrypted": Explanation(
        title=Both("A workbook is protected by a password", "Buku kerja dilindungi kata sandi"),
        message=Both(
            "the workbook is encrypted with a password", "buku kerja ini dikunci dengan kata sandi"
        ),
        hint=Both(
            "save a copy without a password (File > Info > Protect Workbook)",
            "simpan salinan tanpa kata sandi (File > Info > Protect Workbook)",
        ),
        why=Both(
            "Nothing in it can be read without the password, and no password is ever asked for here.",
            "Isinya tidak dapat dibaca tanpa kata sandi, dan kata sandi tidak pernah diminta di sini.",
        ),
        example="spbe score rahasia.xlsx",
    ),
    "workbook-damaged": Explanation(
        title=Both("A workbook is damaged", "Buku kerja rusak"),
        message=Both(
            "the workbook is damaged and cannot be read",
            "buku kerja ini rusak dan tidak dapat dibaca",
        ),
        hint=Both(
            "open it in Excel or LibreOffice and save it again as XLSX, or send it again",
            "buka di Excel atau LibreOffice dan simpan ulang sebagai XLSX, atau kirim ulang berkasnya",
        ),
        why=Both(
            "A part of the file is missing or changed, often by a download that broke off.",
            "Sebagian isi berkas hilang atau berubah, sering karena unduhan terputus.",
        ),
        example="spbe score terpotong.xlsx",
    ),
    "workbook-not-xlsx": Explanation(
        title=Both("A file is no XLSX workbook", "Berkas bukan buku kerja XLSX"),
        message=Both(
            "this is not an XLSX workbook but another format (.xls, .xlsb, .ods, .docx or a zip)",
            "ini bukan buku kerja XLSX, melainkan format lain (.xls, .xlsb, .ods, .docx, atau zip)",
        ),
        hint=Both(
            "open it in Excel or LibreOffice and save it as XLSX or CSV",
            "buka di Excel atau LibreOffice, lalu simpan sebagai XLSX atau CSV",
        ),
        why=Both(
            "Of the workbook formats only XLSX is read, in which every cell can be named in a message.",
            "Dari format buku kerja, hanya XLSX yang dibaca; di dalamnya setiap sel dapat ditunjuk.",
        ),
        example="spbe score nilai.xls",
    ),
    "workbook-doctype": Explanation(
        title=Both("A workbook declares a document type", "Buku kerja memuat deklarasi DOCTYPE"),
        message=Both(
            "the workbook holds a DOCTYPE, which no spreadsheet writes",
            "buku kerja ini memuat DOCTYPE, yang tidak pernah ditulis lembar kerja",
        ),
        hint=Both(
            "ask where the file comes from, and save it again with Excel or LibreOffice",
            "tanyakan asal berkas ini, dan simpan ulang dengan Excel atau LibreOffice",
        ),
        why=Both(
            "Entities in a document type can read other files or fill the memory, so they are refused.",
            "Entitas dalam DOCTYPE dapat membaca berkas lain atau memenuhi memori, jadi ditolak.",
        ),
        example="<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    ),
    "workbook-too-large": Explanation(
        title=Both(
            "A workbook unpacks to far too much", "Isi buku kerja terlalu besar setelah dibuka"
        ),
        message=Both(
            "{part} in the workbook unpacks to {size}; at most {limit} are read",
            "{part} di dalam buku kerja menjadi {size}; yang dibaca paling banyak {limit}",
        ),
        hint=Both(
            "copy the score sheet alone to a new workbook",
            "salin lembar nilainya saja ke buku kerja baru",
        ),
        why=Both(
            "A small file that unpacks to a huge one can stop the computer. A score sheet takes well under 1 MiB.",
            "Berkas kecil yang membesar luar biasa saat dibuka dapat menghentikan komputer. Lembar nilai jauh di bawah 1 MiB.",
        ),
        example="xl/worksheets/sheet1.xml: 4096 MiB",
    ),
}
