"""What is said of batch scoring."""

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {
    "Scored: {scored}": "Dinilai: {scored}",
    "Scored: {scored}; rejected: {rejected}": "Dinilai: {scored}; ditolak: {rejected}",
    "{instrument}: mean index {mean}; {predicates}": "{instrument}: rata-rata indeks {mean}; {predicates}",
    "Gates: {met} rows meet them, {unmet} do not": "Syarat: {met} baris memenuhi, {unmet} tidak",
    "Score every institution in tables of any size or in folders of score sheets.": "Menilai setiap instansi dalam tabel sebesar apa pun atau dalam folder lembar nilai.",
    "\b\nWithout --rejects or --skip-invalid a bad row ends the run with exit code 3,\nand nothing is written.": "\b\nTanpa --rejects atau --skip-invalid, satu baris yang salah mengakhiri proses dengan\nkode 3 dan tidak ada yang ditulis.",
    "Tables (CSV, TSV, XLSX, Parquet), score sheets, or folders of them; - is standard input.": "Tabel (CSV, TSV, XLSX, Parquet), lembar nilai, atau folder berisi keduanya; - berarti masukan standar.",
    "The file to write, by its ending .csv, .jsonl or .parquet; - is standard output, as CSV.": "Berkas yang ditulis, menurut akhirannya .csv, .jsonl, atau .parquet; - berarti keluaran standar, sebagai CSV.",
    "Write what is wrong with bad rows to this CSV file, and score the others.": "Tulis kesalahan baris yang salah ke berkas CSV ini, dan nilai baris lainnya.",
    "Score the good rows even if others are bad.": "Nilai baris yang benar walaupun ada yang salah.",
    "Write every value exactly, not rounded.": "Tulis setiap nilai secara eksak, tanpa pembulatan.",
    "Write names as they are, even what a spreadsheet would run.": "Tulis nama apa adanya, termasuk yang akan dijalankan lembar kerja.",
}
