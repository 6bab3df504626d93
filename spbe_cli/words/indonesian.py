"""The Indonesian sentences, by their English ones."""

__all__ = ["SENTENCES"]

SENTENCES: dict[str, str] = {
    # the score
    "Name": "Nama",
    "Weight": "Bobot",
    "Index": "Indeks",
    "Lowest": "Terendah",
    "Highest": "Tertinggi",
    "Points": "Poin",
    "Predicate": "Predikat",
    "missing": "belum ada",
    "stage target": "target",
    "stage self": "penilaian mandiri",
    "stage verification": "verifikasi internal",
    "stage document": "penilaian dokumen",
    "stage harmonisation": "harmonisasi",
    "stage interview": "penilaian interviu",
    "stage visit": "penilaian visitasi",
    "stage external": "penilaian eksternal",
    "stage final": "hasil akhir",
}
