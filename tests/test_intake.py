"""`kit import`: a folder of files as people send them, made by friends, by chance and by enemies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from kit import intake, sealed, transfer
from kit.errors import BatchBuiltUpon, FileRefused, TooManyFiles
from kit.exercise import exercise
from kit.results import reveal
from kit.session import Mode, Plan, Sector, Session, State, card_words, new_code, new_id
from kit.store import Store
from kit.store.imports import Outcome
from kit.texts import card_list, languages
from kit.transfer import AnswersFile
from tests.support.calling import kit as called

LENSES = tuple(lens.id for lens in exercise("pulse").structure.lenses)
PLANS = (Plan("pulse", LENSES, State.OPEN),)
CORE = Plan("pulse", exercise("pulse").options(("core",)))
NEWER = (b'"version": 1', b'"version": 2')
DAMAGES = 400


def answered(seed: int) -> dict:
    return dict(exercise("pulse").rehearse(Random(seed), Sector.COMMUNITY, "fr", LENSES))


def rose() -> dict:
    """What a room of twelve can be told about when all of them say it: less before, more now."""
    return {"before_contacts": "little", "now_contacts": "much"}


def scenario() -> dict:
    return dict(exercise("scenarios").rehearse(Random(1), Sector.COMMUNITY, "fr"))


def document(seed: int = 1, **changed) -> AnswersFile:
    made = AnswersFile(edition=1, lang="fr", exercises={"pulse": answered(seed)}, sector=Sector.COMMUNITY)
    return replace(made, **changed)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def session(store):
    return make(store)


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def make(store: Store, **changed) -> Session:
    made = Session(new_id(), new_code(), "Tuesday", "fr", Mode.ANONYMOUS, 5, PLANS, secret=new_id())
    return store.sessions.add(replace(made, **changed), "-")


def put(inbox: Path, name: str, made: AnswersFile, public: str | None = None) -> Path:
    data = transfer.write(made)
    (inbox / name).write_bytes(sealed.seal(data, public) if public else data)
    return inbox / name


def plan(store: Store, session: Session, *places: Path, **defaults) -> dict[str, intake.Entry]:
    entries = intake.plan(store, session, intake.gather(places), intake.Defaults(**defaults))
    return {entry.candidate.path.name: entry for entry in entries}


def why(entry: intake.Entry) -> str:
    assert isinstance(entry.problem, FileRefused), entry.problem
    for lang in languages():
        assert transfer.problem(entry.problem, lang).replace("\u00a0", " ").isprintable()
    return str(entry.problem.details["why"])


def take(store: Store, session: Session, *places: Path) -> str:
    return intake.take(store, session, list(plan(store, session, *places).values()))[0]


def test_a_folder_of_sealed_files_becomes_a_group(store, session, inbox):
    public = store.keys.public(session.id)
    for number in range(12):
        put(inbox, f"notes-{number}.age", document(exercises={"pulse": rose()}), public)
    entries = plan(store, session, inbox)
    assert {entry.outcome for entry in entries.values()} == {Outcome.NEW}
    assert store.seats.people(session.id) == [], "a plan writes nothing"
    told = []
    batch, done = intake.take(store, session, list(entries.values()), lambda n, of: told.append((n, of)))
    assert told == [(n, 12) for n in range(1, 13)]
    assert {entry.outcome for entry in done} == {Outcome.NEW}
    assert len(store.answers.responses(session.id, "pulse")) == 12
    assert [(one.id, one.people) for one in store.imports.batches(session.id)] == [(batch, 12)]
    assert reveal(store, session, "pulse").news


def test_those_who_came_and_those_who_sent_are_one_group(store, session, inbox):
    """Six and six are twelve: neither part alone would be told."""
    public = store.keys.public(session.id)
    for number in range(6):
        person, _ = store.seats.take(session, Sector.COMMUNITY, None, "fr")
        for item, value in rose().items():
            store.answers.save(person.id, "pulse", item, value, 1)
        put(inbox, f"{number}.age", document(exercises={"pulse": rose()}), public)
    assert not reveal(store, session, "pulse").news
    take(store, session, inbox)
    assert reveal(store, session, "pulse").news


def test_what_is_wrong_with_one_file_keeps_no_other_out(store, session, inbox):
    public = store.keys.public(session.id)
    other = make(store, plans=(CORE,))
    good = put(inbox, "good.age", document(), public).read_bytes()
    put(inbox, "plain.json", document(2))
    put(inbox, "stranger.age", document(3), sealed.new_key()[0])
    put(inbox, "elsewhere.age", document(4), store.keys.public(other.id))
    put(inbox, "beside.json", AnswersFile(exercises={"scenarios": scenario()}))
    put(inbox, "odd.json", document(exercises={"pulse": {"\x1b[31m": "half"}}))
    put(inbox, "nothing.json", document(exercises={}))
    put(inbox, "words.age", document(5, card="un deux trois quatre"), public)
    damaged = bytearray(good)
    damaged[-9] ^= 1
    (inbox / "changed.age").write_bytes(damaged)
    (inbox / "cut.age").write_bytes(good[:-30])
    (inbox / "header.age").write_bytes(b"age-encryption.org/v1\n")
    (inbox / "many.age").write_bytes(b"age-encryption.org/v1" + b"\n-> X25519 AAAA\nAAAA" * 10_000)
    (inbox / "junk.age").write_bytes(sealed.seal(b"junk", public))
    (inbox / "newer.age").write_bytes(sealed.seal(transfer.write(document()).replace(*NEWER), public))
    (inbox / "large.age").write_bytes(b"age-encryption.org/v1\n" + bytes(intake.LARGEST_SEALED))
    (inbox / "large.json").write_bytes(bytes(transfer.LARGEST + 1))
    (inbox / "deep.json").write_bytes(b"[" * 1_000_000)
    (inbox / "empty").write_bytes(b"")
    (inbox / "folder.age").mkdir()
    (inbox / ".DS_Store").write_bytes(b"x")
    entries = plan(store, session, inbox)
    assert {name for name, entry in entries.items() if entry.problem is None} == {"good.age", "plain.json"}
    assert {name: why(entry) for name, entry in entries.items() if entry.problem} == {
        "stranger.age": "sealed_other", "elsewhere.age": "other_session", "nothing.json": "nothing",
        "words.age": "card", "changed.age": "changed", "cut.age": "changed", "header.age": "changed",
        "many.age": "changed", "junk.age": "other", "newer.age": "newer", "large.age": "large", "large.json": "large",
        "deep.json": "other", "empty": "empty", "beside.json": "beside", "odd.json": "answer",
    }  # fmt: skip
    assert other.code in str(entries["elsewhere.age"].problem)
    take(store, session, inbox)
    assert len(store.answers.responses(session.id, "pulse")) == 2


def test_names_lead_nowhere(store, session, inbox, tmp_path):
    outside = put(tmp_path, "outside.json", document())
    (inbox / "link.json").symlink_to(outside)
    (inbox / "loop").symlink_to(inbox)
    (inbox / "nowhere.json").symlink_to(tmp_path / "missing")
    os.mkfifo(inbox / "pipe")
    (inbox / "one\x1b[31m\nline").write_bytes(b"x")
    entries = plan(store, session, inbox, tmp_path / "missing", Path("/dev/zero"))
    refused = {name: why(entry) for name, entry in entries.items()}
    assert refused == {
        "link.json": "link", "loop": "link", "nowhere.json": "link", "pipe": "no_file", "one\x1b[31m\nline": "other",
        "missing": "missing", "zero": "no_file",
    }  # fmt: skip
    # Whoever names a link means the file.
    assert plan(store, session, inbox / "link.json")["link.json"].outcome is Outcome.NEW


def test_an_answer_that_could_not_be_given_live_keeps_its_whole_file_out(store, session, inbox):
    public = store.keys.public(session.id)
    put(inbox, "bad.age", document(exercises={"pulse": {**answered(1), "now_contacts": "very"}}), public)
    assert why(plan(store, session, inbox)["bad.age"]) == "answer"
    assert take(store, session, inbox)
    assert store.seats.people(session.id) == []
    assert store.imports.batches(session.id) == []


def test_each_person_once_and_the_latest_wins(store, session, inbox):
    public = store.keys.public(session.id)
    first = document(1)
    put(inbox, "a.age", first, public)
    put(inbox, "b.age", replace(first, edition=3, exercises={"pulse": answered(2)}), public)
    put(inbox, "c.age", replace(first, edition=2, exercises={"pulse": answered(3)}), public)
    put(inbox, "d.age", replace(first, edition=3, exercises={"pulse": answered(2)}), public)
    put(inbox, "e.age", replace(first, edition=3, exercises={"pulse": answered(4)}), public)
    entries = plan(store, session, inbox)
    outcomes = {name: entry.outcome for name, entry in entries.items()}
    assert outcomes == {
        "a.age": Outcome.OLDER, "b.age": Outcome.NEW, "c.age": Outcome.OLDER, "d.age": Outcome.SAME, "e.age": None,
    }  # fmt: skip
    assert why(entries["e.age"]) == "twin"
    assert entries["a.age"].later == inbox / "b.age"
    take(store, session, inbox)
    assert [one.answers for one in store.answers.responses(session.id, "pulse")] == [answered(2)]
    assert {entry.outcome for entry in plan(store, session, inbox).values()} == {Outcome.SAME, Outcome.OLDER, None}


def test_a_file_without_a_number_counts_once_for_what_it_says(store, session, inbox):
    for name in ("a.json", "b.json"):
        put(inbox, name, document(person="", edition=0, sector=None))
    put(inbox, "c.json", document(2, person="", edition=0, sector=None))
    take(store, session, inbox)
    assert [one.sector for one in store.seats.people(session.id)] == [Sector.OTHER] * 2
    assert {one.outcome for one in plan(store, session, inbox, sector=Sector.MUNICIPAL).values()} == {Outcome.SAME}


def test_an_empty_later_file_takes_back_what_was_sent(store, session, inbox):
    public = store.keys.public(session.id)
    first = document()
    take(store, session, put(inbox, "a.age", first, public))
    take(store, session, put(inbox, "b.age", replace(first, edition=2, exercises={}), public))
    assert store.answers.responses(session.id, "pulse") == []


def test_the_card_of_someone_who_came_pairs_them_in_either_language(store, session, inbox):
    person, _ = store.seats.take(session, Sector.COMMUNITY, None, "fr")
    words = card_words(session.secret, person.id, card_list("en")).upper()
    entry = plan(store, session, put(inbox, "a.json", document(card=words)))["a.json"]
    assert entry.outcome is Outcome.PAIRED
    take(store, session, inbox)
    assert [one.key for one in store.answers.responses(session.id, "pulse")] == [person.id]


def test_partners_are_found_however_they_are_written(store, inbox):
    session = make(store, mode=Mode.ATTRIBUTED, partners=("Maison  de l'Étoile", "Ville"))
    put(inbox, "a.json", document(partner=" maison de l'étoile "))
    put(inbox, "b.json", document(2))
    put(inbox, "c.json", document(3, partner="Nobody"))
    entries = plan(store, session, inbox)
    assert {name: entry.problem is None for name, entry in entries.items()} == {
        "a.json": True, "b.json": False, "c.json": False,
    }  # fmt: skip
    assert plan(store, session, inbox, partner="Ville")["b.json"].outcome is Outcome.NEW


def test_a_partner_in_an_anonymous_workshop_is_left_behind(store, session, inbox):
    take(store, session, put(inbox, "a.json", document(partner="Maison")))
    assert [one.partner for one in store.seats.people(session.id)] == [None]


def test_what_was_taken_back_meanwhile_is_told(store, session, inbox, monkeypatch):
    """A plan grows old: what is true when a file is taken in counts."""
    entries = list(plan(store, session, put(inbox, "a.json", document())).values())
    take(store, session, inbox)
    _, done = intake.take(store, session, entries)
    assert [entry.outcome for entry in done] == [Outcome.SAME]


def test_a_lost_key_breaks_nothing_else(store, session, inbox):
    other = sealed.new_key()[0]
    put(inbox, "sealed.age", document(), other)
    put(inbox, "plain.json", document(2))
    entries = plan(store, session, inbox)
    assert why(entries["sealed.age"]) == "no_key"
    assert entries["plain.json"].outcome is Outcome.NEW


def test_too_many_files_are_one_sentence(inbox, monkeypatch):
    monkeypatch.setattr(intake, "MOST_FILES", 3)
    for number in range(4):
        (inbox / str(number)).write_bytes(b"")
    with pytest.raises(TooManyFiles):
        intake.gather([inbox])


def test_a_damaged_file_is_always_a_refusal(store, session, inbox):
    """Bits and ends anywhere, over and over: one reason each, never an error of another kind."""
    good = sealed.seal(transfer.write(document()), store.keys.public(session.id))
    rng = Random(7)
    for number in range(DAMAGES):
        damaged = bytearray(good)
        for _ in range(rng.randint(1, 3)):
            damaged[rng.randrange(len(damaged) if rng.random() < 0.5 else 200)] ^= 1 << rng.randrange(8)
        (inbox / f"{number}").write_bytes(damaged[: rng.choice([len(good), rng.randrange(len(good))])])
    assert {why(entry) for entry in plan(store, session, inbox).values()} <= {
        "changed",
        "other",
        "sealed_other",
        "empty",
    }


# The command


def kit(store: Store, *words: object, lang: str = "en") -> subprocess.CompletedProcess[str]:
    return called(*words, env=environment(store, lang))


def environment(store: Store, lang: str) -> dict[str, str]:
    return {**os.environ, "KIT_STORE": store.where, "KIT_LANG": lang}


@pytest.mark.parametrize("lang", languages())
def test_the_command_asks_takes_lists_and_takes_back(store, session, inbox, lang):
    public = store.keys.public(session.id)
    for seed in range(2):
        put(inbox, f"{seed}.age", document(seed), public)
    (inbox / "marie.age").write_bytes(b"")
    looked = kit(store, "import", inbox, "--session", session.code, "--dry-run", lang=lang)
    assert looked.returncode == 1  # one file is refused
    assert "marie.age" in looked.stderr
    assert "marie" not in looked.stdout, "the summary has counts only"
    assert kit(store, "import", inbox, "--session", session.code, lang=lang).returncode == 1
    assert store.imports.batches(session.id) == []
    taken = kit(store, "import", inbox, "--session", session.code, "--yes", lang=lang)
    batch = store.imports.batches(session.id)[0]
    assert batch.people == 2
    assert batch.id in taken.stdout
    assert batch.id in kit(store, "import", "--session", session.code, lang=lang).stdout
    undone = kit(store, "import", "--session", session.code, "--undo", batch.id.lower(), lang=lang)
    assert undone.returncode == 0, undone.stderr
    assert store.seats.people(session.id) == []


def test_the_command_speaks_json(store, session, inbox):
    put(inbox, "a.json", document())
    (inbox / "b").write_bytes(b"")
    # The one that is a process of its own.
    call = [sys.executable, "-m", "kit", "import", inbox, "--session", session.code, "--json", "--yes"]
    env = environment(store, "en")
    done = subprocess.run(call, capture_output=True, env=env, stdin=subprocess.DEVNULL, check=False)
    told = json.loads(done.stdout)
    assert told["sources"] == {str(inbox): {"files": 2, "plain": 1, "new": 1, "refused": 1}}
    assert told["batch"] == store.imports.batches(session.id)[0].id
    assert [Path(one["file"]).name for one in told["refused"]] == ["b"]
    listed = json.loads(kit(store, "import", "--session", session.code, "--json").stdout)
    assert listed[0]["people"] == 1
    assert json.loads(kit(store, "import", "--session", session.code, "--undo", told["batch"], "--json").stdout) == {
        "undone": told["batch"],
        "people": 1,
    }


def test_a_purged_workshop_takes_nothing(store, session, inbox):
    put(inbox, "a.json", document())
    store.sessions.purge(session.id)
    answer = kit(store, "import", inbox, "--session", session.code, "--yes")
    assert answer.returncode == 1
    assert session.code in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_key_goes_into_a_file_for_its_owner_and_comes_back(store, session, inbox, tmp_path):
    file = tmp_path / "key.txt"
    assert kit(store, "session", "key", session.code, "--out", file).returncode == 0
    assert sys.platform == "win32" or file.stat().st_mode & 0o777 == 0o600
    assert kit(store, "session", "key", session.code, "--out", file).returncode == 1, "no key is written over"
    public = store.keys.public(session.id)
    put(inbox, "a.age", document(), public)
    copy = Session(session.id, session.code, "Copy", "fr", Mode.ANONYMOUS, 5, PLANS, secret=new_id())
    with Store.open(tmp_path / "another.db") as another:
        another.sessions.add(copy, "-")
        assert kit(another, "import", inbox, "--session", session.code, "--yes").returncode == 1
        assert kit(another, "session", "key", session.code, "--bring-back", file).returncode == 0
        assert kit(another, "import", inbox, "--session", session.code, "--yes").returncode == 0
        wrong = kit(another, "session", "key", session.code, "--bring-back", inbox / "a.age")
        assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)


def test_batches_are_taken_back_in_order(store, session, inbox):
    public = store.keys.public(session.id)
    first = document()
    one = take(store, session, put(inbox, "a.age", first, public))
    two = take(store, session, put(inbox, "b.age", replace(first, edition=2, exercises={"pulse": answered(5)}), public))
    with pytest.raises(BatchBuiltUpon):
        store.imports.undo(session.id, one)
    answer = kit(store, "import", "--session", session.code, "--undo", one)
    assert two in answer.stderr
    store.imports.undo(session.id, two)
    store.imports.undo(session.id, one)
    assert store.seats.people(session.id) == []
