"""What workbooks and forms to fill in say."""

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {
    # the report as a workbook
    "Criterion": "Kriteria",
    "Evidence": "Data dukung",
    "Next level": "Tingkat berikutnya",
    "Target": "Target",
    "The scale is {scale}": "Skalanya {scale}",
    "The first line follows the levels on the sheet {name}: change them to see what becomes of the index. Everything below is as assessed.": "Baris pertama mengikuti tingkat kematangan pada lembar {name}: ubahlah untuk melihat akibatnya pada indeks. Semua di bawahnya sesuai penilaian.",
    # forms
    "Write a form with every indicator, to be filled in and scored.": "Menulis formulir berisi semua indikator, untuk diisi lalu dinilai.",
    '\b\nThe Excel form has drop-downs, the criteria of every level and a live index; it needs\na library that pip install "spbe-cli[xlsx]" installs.': '\b\nFormulir Excel memiliki pilihan tingkat, kriteria setiap tingkat, dan indeks yang langsung\ndihitung; untuk itu dibutuhkan pustaka dari pip install "spbe-cli[xlsx]".',
    "The form to write: .yaml, .csv or .xlsx.": "Formulir yang ditulis: .yaml, .csv, atau .xlsx.",
    "The institution that is assessed.": "Instansi yang dinilai.",
    "{file} has {count} indicators to fill in; then: spbe score {file}": "{file} memuat {count} indikator untuk diisi; lalu: spbe score {file}",
    "Score sheet": "Lembar nilai",
    "Score sheet, instrument {id}": "Lembar nilai, instrumen {id}",
    "Score sheet, instrument {id} ({basis})": "Lembar nilai, instrumen {id} ({basis})",
    "Fill in a level ({scale}) after each colon; then: spbe score {name}": "Isi tingkat kematangan ({scale}) setelah setiap titik dua; lalu: spbe score {name}",
    "With a note, evidence and who is responsible: {example}": "Dengan catatan, data dukung, dan penanggung jawab: {example}",
    "Fill in the yellow cells; then: spbe score FILE. The scale is {scale}.": "Isi sel berwarna kuning; lalu: spbe score BERKAS. Skalanya {scale}.",
    "Name of the indicator": "Nama indikator",
    "Criterion, level {level}": "Kriteria tingkat {level}",
    "of {count} levels": "dari {count} tingkat terisi",
}
