"""Problems of what was asked for: commands, options, changes, gates."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "command-unknown": Explanation(
        title=Both("A command is unknown", "Perintah tidak dikenal"),
        message=Both('there is no command "{found}"', 'tidak ada perintah "{found}"'),
        hint=Both(
            "the commands are: {known}; to score a file, write spbe score FILE",
            "perintah yang ada: {known}; untuk menghitung berkas, tulis spbe score BERKAS",
        ),
        near=Both('did you mean "{nearest}"?', 'apakah maksudnya "{nearest}"?'),
        why=Both(
            "The first word after spbe says what to do.",
            "Kata pertama setelah spbe menentukan apa yang dikerjakan.",
        ),
        example="spbe skor nilai.yaml",
    ),
    "option-unknown": Explanation(
        title=Both("An option is unknown", "Opsi tidak dikenal"),
        message=Both("there is no option {found}", "tidak ada opsi {found}"),
        hint=Both(
            "--help after the command lists its options",
            "tambahkan --help setelah perintah untuk melihat daftar opsinya",
        ),
        near=Both("did you mean {nearest}?", "apakah maksudnya {nearest}?"),
        why=Both(
            "An option passed over in silence could be a gate that then never fails.",
            "Opsi yang terlewat begitu saja bisa jadi ambang batas yang akhirnya tidak pernah diperiksa.",
        ),
        example="spbe score nilai.yaml --min-indx 2.6",
    ),
    "option-needs-value": Explanation(
        title=Both("An option lacks its value", "Opsi belum diberi nilai"),
        message=Both("{option} needs a value after it", "{option} memerlukan nilai sesudahnya"),
        hint=Both(
            "write the value after the option; --help shows which",
            "tulis nilainya setelah opsi; lihat --help",
        ),
        why=Both(
            "The option says what is meant, its value how much or which.",
            "Opsi menyebut halnya, nilainya menyebut berapa atau yang mana.",
        ),
        example="spbe score nilai.yaml --min-index",
    ),
    "option-takes-no-value": Explanation(
        title=Both("An option takes no value", "Opsi tidak memakai nilai"),
        message=Both("{option} takes no value", "{option} tidak memakai nilai"),
        hint=Both("write {option} alone", "tulis {option} saja"),
        why=Both(
            "The option is a switch: it is there or it is not.",
            "Opsi ini berupa sakelar: ditulis atau tidak ditulis.",
        ),
        example="spbe score nilai.yaml --exact=3",
    ),
    "option-wrong-value": Explanation(
        title=Both("An option has a wrong value", "Nilai opsi keliru"),
        message=Both('{option} cannot be "{found}"', '{option} tidak dapat bernilai "{found}"'),
        hint=Both("choose one of: {choices}", "pilih salah satu: {choices}"),
        near=Both(
            'did you mean "{nearest}"? The choices are: {choices}',
            'apakah maksudnya "{nearest}"? Pilihannya: {choices}',
        ),
        why=Both("The option knows these values only.", "Opsi ini hanya mengenal nilai-nilai itu."),
        example="spbe score nilai.yaml --format jsn",
    ),
    "argument-missing": Explanation(
        title=Both("Something is missing from the command", "Perintah belum lengkap"),
        message=Both("{argument} is missing", "{argument} belum diberikan"),
        hint=Both(
            "name it after the command; --help shows an example",
            "sebutkan setelah perintah; lihat contoh dengan --help",
        ),
        why=Both(
            "The command does not say what it should work on.",
            "Perintah tidak menyebut apa yang harus dikerjakan.",
        ),
        example="spbe score",
    ),
    "argument-unexpected": Explanation(
        title=Both("A word is too many", "Ada kata yang berlebih"),
        message=Both('"{found}" is one word too many', '"{found}" adalah kata yang berlebih'),
        hint=Both(
            "put a name that holds spaces in quotes, or leave the word out",
            "apit nama yang memuat spasi dengan tanda kutip, atau hapus kata itu",
        ),
        why=Both(
            "The command takes fewer words than were given.",
            "Perintah ini menerima lebih sedikit kata daripada yang diberikan.",
        ),
        example="spbe explain level-missing level-off-scale",
    ),
    "usage-wrong": Explanation(
        title=Both("The command cannot be understood", "Perintah tidak dapat dipahami"),
        message=Both(
            "the command cannot be understood: {reason}",
            "perintah tidak dapat dipahami: {reason}",
        ),
        hint=Both(
            "spbe --help lists the commands, and --help after a command its options",
            "spbe --help memuat daftar perintah, dan --help setelah perintah memuat opsinya",
        ),
        why=Both(
            "Words or options do not fit together in this form.",
            "Kata atau opsi tidak cocok dalam bentuk ini.",
        ),
        example="spbe score nilai.yaml --year dua",
    ),
    "explain-unknown": Explanation(
        title=Both("There is nothing to explain", "Tidak ada yang dapat dijelaskan"),
        message=Both(
            '"{found}" is no problem code, indicator, domain or aspect',
            '"{found}" bukan kode masalah, indikator, domain, atau aspek',
        ),
        hint=Both(
            "give a code such as level-missing, an indicator such as 12, or a group such as D2",
            "beri kode seperti level-missing, indikator seperti 12, atau kelompok seperti D2",
        ),
        near=Both('did you mean "{nearest}"?', 'apakah maksudnya "{nearest}"?'),
        why=Both(
            "Explained are the codes in square brackets and the parts of an instrument.",
            "Yang dijelaskan adalah kode dalam kurung siku dan bagian-bagian instrumen.",
        ),
        example="spbe explain level-mising",
    ),
    "output-unwritable": Explanation(
        title=Both("The answer cannot be written", "Hasil tidak dapat ditulis"),
        message=Both(
            "the answer cannot be written: {reason}", "hasil tidak dapat ditulis: {reason}"
        ),
        hint=Both(
            "choose a folder that exists and that you may write to",
            "pilih folder yang ada dan boleh Anda tulisi",
        ),
        why=Both(
            "The answer is written to a temporary file and then renamed, so a file that was there before is unchanged.",
            "Hasil ditulis dulu ke berkas sementara lalu diganti namanya, jadi berkas lama tidak berubah.",
        ),
        example="spbe score nilai.yaml --output /tidak/ada/hasil.json",
    ),
    "output-is-input": Explanation(
        title=Both("The answer would overwrite an input", "Jawaban akan menimpa masukan"),
        message=Both(
            "this file is read, and would be overwritten by the answer",
            "berkas ini dibaca, dan akan tertimpa oleh jawaban",
        ),
        hint=Both("name another file after --output", "tulis nama berkas lain setelah --output"),
        why=Both(
            "A score sheet that is replaced by its own result cannot be had back.",
            "Lembar nilai yang tertimpa hasilnya sendiri tidak dapat dikembalikan.",
        ),
        example="spbe score nilai.csv --output nilai.csv",
    ),
    "stage-unknown": Explanation(
        title=Both("A stage is unknown", "Tahap tidak dikenal"),
        message=Both('there is no stage "{found}"', 'tidak ada tahap "{found}"'),
        hint=Both("choose one of: {choices}", "pilih salah satu: {choices}"),
        why=Both(
            "Stages bear these names, or their Indonesian ones (mandiri, dokumen, interviu, akhir).",
            "Tahap memakai nama-nama itu, atau nama Indonesianya (mandiri, dokumen, interviu, akhir).",
        ),
        example="spbe score nilai.yaml --stage awal",
    ),
    "change-wrong": Explanation(
        title=Both("A change cannot be understood", "Perubahan tidak dapat dipahami"),
        message=Both('"{found}" is not a change', '"{found}" bukan perubahan'),
        hint=Both(
            "write 12=4 for a level, A3=+1 for one level more, or all=+1 for everything",
            "tulis 12=4 untuk suatu tingkat, A3=+1 untuk naik satu tingkat, atau all=+1 untuk semuanya",
        ),
        why=Both(
            "A change names an indicator or group, an equals sign, and a level or a number of levels.",
            "Perubahan menyebut indikator atau kelompok, tanda sama dengan, lalu tingkat atau jumlah tingkat.",
        ),
        example="spbe score nilai.yaml --set 12",
    ),
    "change-unknown-target": Explanation(
        title=Both("A change aims at nothing known", "Sasaran perubahan tidak dikenal"),
        message=Both(
            '"{target}" in "{found}" is no indicator, domain or aspect',
            '"{target}" pada "{found}" bukan indikator, domain, atau aspek',
        ),
        hint=Both(
            "name an indicator by its number, or one of: {known}",
            "sebutkan nomor indikator, atau salah satu dari: {known}",
        ),
        why=Both(
            "A change that changed nothing would look like one that gains nothing.",
            "Perubahan yang tidak mengubah apa pun akan tampak seperti perubahan tanpa hasil.",
        ),
        example="spbe score nilai.yaml --set A99=4",
    ),
    "change-off-scale": Explanation(
        title=Both("A change leads off the scale", "Perubahan keluar dari skala"),
        message=Both(
            '"{found}" does not lead to a level of the scale {scale}',
            '"{found}" tidak menghasilkan tingkat pada skala {scale}',
        ),
        hint=Both(
            "give a level of the scale, or whole steps such as +1",
            "beri tingkat pada skala, atau langkah utuh seperti +1",
        ),
        why=Both(
            "No assessor could give such a level.", "Tidak ada asesor yang dapat memberi nilai itu."
        ),
        example="spbe score nilai.yaml --set 12=6",
    ),
    "change-held": Explanation(
        title=Both("A change stops at the end of the scale", "Perubahan berhenti di ujung skala"),
        message=Both(
            '"{found}" stops at the end of the scale {scale} for indicator {indicators}',
            '"{found}" berhenti di ujung skala {scale} untuk indikator {indicators}',
        ),
        hint=Both(
            "nothing is to be done; these indicators move less than was asked",
            "tidak perlu tindakan; indikator ini bergerak lebih sedikit dari yang diminta",
        ),
        why=Both(
            "One level more of everything is a fair question, also of an indicator that is at the top.",
            "Naik satu tingkat untuk semua tetap pertanyaan wajar, juga bagi indikator yang sudah di puncak.",
        ),
        example="spbe score nilai.yaml --set all=+1",
    ),
    "change-of-missing": Explanation(
        title=Both("A step from a missing level leads nowhere", "Tidak ada nilai untuk dinaikkan"),
        message=Both(
            '"{found}" does nothing where a level is missing: indicator {indicators}',
            '"{found}" tidak berlaku pada indikator yang belum bernilai: {indicators}',
        ),
        hint=Both(
            "give these indicators a level, such as 12=3",
            "beri indikator itu suatu tingkat, misalnya 12=3",
        ),
        why=Both(
            "Nobody knows from where the step would start, and a missing level is not 0.",
            "Tidak diketahui langkah itu mulai dari mana, dan nilai yang belum ada bukan 0.",
        ),
        example="spbe score nilai.yaml --missing bounds --set all=+1",
    ),
    "gate-wrong": Explanation(
        title=Both("A gate cannot be understood", "Ambang batas tidak dapat dipahami"),
        message=Both('"{found}" is not a gate', '"{found}" bukan ambang batas'),
        hint=Both(
            "write --min-index 2.6, or --min D2=3.0 for a domain or aspect",
            "tulis --min-index 2.6, atau --min D2=3.0 untuk domain atau aspek",
        ),
        why=Both(
            "A gate that is misread could pass what it should stop.",
            "Ambang yang salah dibaca dapat meluluskan yang seharusnya tertahan.",
        ),
        example="spbe score nilai.yaml --min D2",
    ),
    "gate-off-scale": Explanation(
        title=Both("A gate lies off the scale", "Ambang batas di luar skala"),
        message=Both(
            "the gate {found} lies off the scale {scale}",
            "ambang {found} berada di luar skala {scale}",
        ),
        hint=Both("give a value on the scale", "beri nilai di dalam skala"),
        why=Both(
            "It would always pass or never, so most likely the decimal point is wrong.",
            "Ambang itu akan selalu atau tidak pernah tercapai; kemungkinan letak komanya salah.",
        ),
        example="spbe score nilai.yaml --min-index 26",
    ),
    "gate-unknown-node": Explanation(
        title=Both("A gate names no domain or aspect", "Ambang menyebut kelompok tak dikenal"),
        message=Both(
            'the instrument has no domain or aspect "{found}"',
            'instrumen ini tidak memiliki domain atau aspek "{found}"',
        ),
        hint=Both("choose one of: {known}", "pilih salah satu: {known}"),
        why=Both(
            "A gate on nothing would always pass.",
            "Ambang tanpa sasaran akan selalu lulus.",
        ),
        example="spbe score nilai.yaml --min D9=3.0",
    ),
    "predicate-unknown": Explanation(
        title=Both("A predicate is unknown", "Predikat tidak dikenal"),
        message=Both('there is no predicate "{found}"', 'tidak ada predikat "{found}"'),
        hint=Both("choose one of: {known}", "pilih salah satu: {known}"),
        near=Both(
            'did you mean "{nearest}"? The predicates are {known}',
            'apakah maksudnya "{nearest}"? Predikat yang ada: {known}',
        ),
        why=Both(
            "Predicates belong to the instrument and keep their official names.",
            "Predikat ditetapkan instrumen dan memakai nama resminya.",
        ),
        example="spbe score nilai.yaml --min-predicate bagus",
    ),
    "extra-missing": Explanation(
        title=Both(
            "A library that is needed is not installed", "Pustaka yang dibutuhkan belum terpasang"
        ),
        message=Both(
            "{purpose} needs a library that is not installed",
            "{purpose} membutuhkan pustaka yang belum terpasang",
        ),
        hint=Both(
            'install it: python3 -m pip install "spbe-cli[{extra}]"',
            'pasang dengan: python3 -m pip install "spbe-cli[{extra}]"',
        ),
        why=Both(
            "What few people need is not installed with spbe, so that spbe stays small.",
            "Yang jarang dibutuhkan tidak ikut terpasang agar spbe tetap kecil.",
        ),
        example="spbe batch nilai.csv -o hasil.parquet",
    ),
}
