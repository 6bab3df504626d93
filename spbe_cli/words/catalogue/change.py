"""Problems of what-if and comparison: scenarios, what is saved, what is compared."""

from spbe_cli.words.catalogue.entry import Both, Explanation

__all__ = ["PROBLEMS"]

PROBLEMS = {
    "gate-not-comparable": Explanation(
        title=Both(
            "A gate compares what is not comparable", "Ambang membandingkan yang tak sebanding"
        ),
        message=Both(
            "{found} of {before} and of {after} are not the same thing",
            "{found} pada {before} dan pada {after} bukan hal yang sama",
        ),
        hint=Both(
            "between different instruments only the index compares: --max-drop 0.1",
            "antarinstrumen yang berbeda hanya indeks yang sebanding: --max-drop 0.1",
        ),
        why=Both(
            "The instruments differ in indicators, weights or scale below the index.",
            "Di bawah indeks, indikator, bobot, atau skala kedua instrumen berbeda.",
        ),
        example="spbe compare 2020.yaml 2021.yaml --max-drop D1=0.1",
    ),
    "drop-wrong": Explanation(
        title=Both("A drop cannot be understood", "Batas penurunan tidak dapat dipahami"),
        message=Both(
            '"{found}" is not the most that may be lost',
            '"{found}" bukan batas penurunan',
        ),
        hint=Both(
            "write --max-drop 0.05 for the index, or --max-drop D3=0.1 for a domain or aspect",
            "tulis --max-drop 0.05 untuk indeks, atau --max-drop D3=0.1 untuk domain atau aspek",
        ),
        why=Both(
            "A gate that is misread could pass what it should stop.",
            "Ambang yang salah dibaca dapat meluluskan yang seharusnya tertahan.",
        ),
        example="spbe compare 2022.yaml 2023.yaml --max-drop D3",
    ),
    "compare-one-file": Explanation(
        title=Both(
            "A comparison needs two score sheets", "Perbandingan memerlukan dua lembar nilai"
        ),
        message=Both("{found} alone compares with nothing", "{found} saja tidak ada pembandingnya"),
        hint=Both(
            "name a second score sheet, or two stages of this one: --stages self final",
            "sebutkan lembar nilai kedua, atau dua tahap lembar ini: --stages self final",
        ),
        why=Both(
            "The change is that from the first score sheet to the last.",
            "Perubahan dihitung dari lembar nilai pertama sampai yang terakhir.",
        ),
        example="spbe compare 2023.yaml",
    ),
    "compare-stages": Explanation(
        title=Both("Two stages do not fit the request", "Dua tahap tidak sesuai permintaan"),
        message=Both(
            "two stages go with one or two score sheets, and not with --stage",
            "dua tahap hanya untuk satu atau dua lembar nilai, dan tidak bersama --stage",
        ),
        hint=Both(
            "write --stages self final with one score sheet, or --stage final with several",
            "tulis --stages self final untuk satu lembar, atau --stage final untuk beberapa",
        ),
        why=Both(
            "The first stage is that of the sheet before, the second that of the sheet after.",
            "Tahap pertama untuk lembar sebelum, tahap kedua untuk lembar sesudah.",
        ),
        example="spbe compare 2021.yaml 2022.yaml 2023.yaml --stages self final",
    ),
    "compare-other-institution": Explanation(
        title=Both("Two institutions are compared", "Dua instansi dibandingkan"),
        message=Both(
            "these are different institutions: {institutions}",
            "ini instansi yang berbeda: {institutions}",
        ),
        hint=Both(
            "nothing is to be done if that is meant; else name other files",
            "tidak perlu tindakan jika memang dimaksud; jika tidak, sebutkan berkas lain",
        ),
        why=Both(
            "One score sheet in each file is compared whatever the institution is called.",
            "Satu lembar nilai di tiap berkas dibandingkan, apa pun nama instansinya.",
        ),
        example="spbe compare kota-a.yaml kota-b.yaml",
    ),
    "compare-unmatched": Explanation(
        title=Both("Institutions have no match", "Instansi tanpa pasangan"),
        message=Both(
            "{count} not in this file: {institutions}",
            "{count} tidak ada di berkas ini: {institutions}",
        ),
        hint=Both(
            "check the spelling; names match without regard to capitals and spaces",
            "periksa ejaannya; huruf besar dan spasi tidak dibedakan",
        ),
        why=Both(
            "Files with several institutions are matched by the institution's name.",
            "Berkas dengan beberapa instansi dipasangkan menurut nama instansi.",
        ),
        example="spbe compare 2022.csv 2023.csv",
    ),
    "compare-repeated": Explanation(
        title=Both("An institution appears twice", "Instansi muncul dua kali"),
        message=Both(
            '"{institution}" has several score sheets in this file',
            '"{institution}" mempunyai beberapa lembar nilai di berkas ini',
        ),
        hint=Both(
            "pick one with --stage, or put each period into a file of its own",
            "pilih satu dengan --stage, atau pisahkan tiap periode ke berkas sendiri",
        ),
        why=Both(
            "Which of them is meant would be a guess.",
            "Memilih salah satunya berarti menebak.",
        ),
        example="spbe compare semua-tahun.csv 2023.csv",
    ),
    "compare-no-match": Explanation(
        title=Both("No institution is in two files", "Tidak ada instansi di dua berkas"),
        message=Both(
            "no institution stands in more than one of the files",
            "tidak ada instansi yang tercantum di lebih dari satu berkas",
        ),
        hint=Both(
            "give the institutions the same name in both files",
            "samakan nama instansi di kedua berkas",
        ),
        why=Both("There is nothing to compare.", "Tidak ada yang dapat dibandingkan."),
        example="spbe compare provinsi-2022.csv kota-2023.csv",
    ),
    "whatif-nothing": Explanation(
        title=Both("No change was asked for", "Tidak ada perubahan yang diminta"),
        message=Both("nothing is said of what changes", "belum disebutkan apa yang berubah"),
        hint=Both(
            "write --set 12=4, --set A3=+1 or --scenario skenario.yaml",
            "tulis --set 12=4, --set A3=+1, atau --scenario skenario.yaml",
        ),
        why=Both(
            "A what-if is a score before and after some change.",
            "Pengandaian membandingkan skor sebelum dan sesudah suatu perubahan.",
        ),
        example="spbe whatif nilai.yaml",
    ),
    "scenario-empty": Explanation(
        title=Both("A scenario changes nothing", "Skenario tidak mengubah apa pun"),
        message=Both('the scenario "{name}" is empty', 'skenario "{name}" kosong'),
        hint=Both(
            "give it changes, such as set: [12=4, A3=+1]",
            "isi perubahannya, misalnya set: [12=4, A3=+1]",
        ),
        why=Both(
            "It would look like a scenario that gains nothing.",
            "Skenario itu akan tampak seperti skenario tanpa hasil.",
        ),
        example="scenarios: [{name: Layanan, set: {}}]",
    ),
    "scenario-repeated": Explanation(
        title=Both("Two scenarios have one name", "Dua skenario bernama sama"),
        message=Both(
            'the scenario "{name}" is there already, in line {first}',
            'skenario "{name}" sudah ada di baris {first}',
        ),
        hint=Both("give each its own name", "beri nama yang berbeda"),
        why=Both(
            "Side by side they could not be told apart.",
            "Jika berdampingan, keduanya tidak dapat dibedakan.",
        ),
        example="scenarios: [{name: A, set: {12: 4}}, {name: A, set: {13: 4}}]",
    ),
    "save-in-use": Explanation(
        title=Both("The file to save to is in use", "Berkas tujuan sedang dipakai"),
        message=Both(
            "{found} is read or written by this command already",
            "{found} sudah dibaca atau ditulis oleh perintah ini",
        ),
        hint=Both(
            "choose another name, such as --save rencana.yaml",
            "pilih nama lain, misalnya --save rencana.yaml",
        ),
        why=Both(
            "The levels that were assessed would be lost under those that were imagined.",
            "Nilai hasil penilaian akan hilang tertimpa nilai pengandaian.",
        ),
        example="spbe whatif nilai.yaml --set 12=4 --save nilai.yaml",
    ),
    "save-not-one": Explanation(
        title=Both(
            "There are several score sheets to save", "Ada beberapa lembar nilai untuk disimpan"
        ),
        message=Both(
            "there are {count} changed score sheets, and one file to save to",
            "ada {count} lembar nilai yang diubah, dan satu berkas tujuan",
        ),
        hint=Both(
            "save one score sheet with one scenario at a time",
            "simpan satu lembar nilai dengan satu skenario setiap kali",
        ),
        why=Both(
            "A saved score sheet holds one assessment.",
            "Lembar nilai yang disimpan memuat satu penilaian.",
        ),
        example="spbe whatif 2022.yaml 2023.yaml --set 12=4 --save rencana.yaml",
    ),
}
