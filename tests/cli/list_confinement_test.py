"""Whoever a list file is from, it is read by a process that has the list store and that file alone."""
import contextlib
import fcntl
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, ENVIRONMENT, INCOMPLETE, USAGE, safelight


@contextlib.contextmanager
def held(store):
    """Keeps changes of a list store waiting, each of which reads its file after it has the lock."""
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(store / "lists.log", "ab") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        yield


def state(pid, name):
    status = Path(f"/proc/{pid}/status").read_text()
    return next(row.split()[1] for row in status.splitlines() if row.startswith(name + ":"))


def child_of(pid):
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            with contextlib.suppress(OSError):
                # Not one that has its program still to load.
                if Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0").count(b"build") == 1:
                    return int(child)
    return None


class ListConfinement(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.store = self.folder / "lists"
        self.evidence = self.folder / "evidence"
        self.evidence.mkdir()
        (self.evidence / "note.txt").write_text("an ordinary note\n")
        self.digest = hashlib.md5((self.evidence / "note.txt").read_bytes()).hexdigest()
        self.listed = self.folder / "listed.csv"
        self.listed.write_text(f"md5\n{self.digest}\n")

    def start(self, *arguments, stdin=subprocess.DEVNULL, **options):
        process = subprocess.Popen([programs.PROGRAMS / "safelight", *map(str, arguments)], stdin=stdin,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_until_confined(self, process, find=None):
        """Gives the process that `find` finds, once it is confined."""
        give_up = time.monotonic() + 60
        while True:
            self.assertIsNone(process.poll(), "it ended, and was to wait")
            self.assertLess(time.monotonic(), give_up, "nothing is confined")
            pid = find(process.pid) if find else process.pid
            if pid and state(pid, "Seccomp") == "2":
                break
            time.sleep(0.01)
        self.assertEqual(state(pid, "NoNewPrivs"), "1")
        self.assertEqual(int(state(pid, "CapEff"), 16), 0)
        return pid

    def finish(self, process, input=None):
        out, err = process.communicate(input, timeout=120)
        self.assertIn(process.returncode, (DONE, INCOMPLETE), err)
        return out

    def test_a_list_is_built_by_a_process_that_is_confined_before_its_first_byte(self):
        process = self.start("list", "build", "known", "-", self.listed, stdin=subprocess.PIPE)
        self.wait_until_confined(process)
        out = self.finish(process, hashlib.md5(b"x").hexdigest().encode() + b"\n")
        self.assertIn(b"entries: 2", out)

    def test_entries_are_removed_by_a_process_that_is_confined(self):
        safelight("list", "build", "known", self.listed, check=DONE)
        hit, = json.loads(safelight("match", "--json", "--list", "known", input=self.digest.encode(), check=DONE).stdout)["hits"]
        with held(self.store):
            process = self.start("list", "remove", "known", "--json", "--entry", hit["entry"])
            self.wait_until_confined(process)
        self.assertEqual(json.loads(self.finish(process))["removed"], 1)

    def check_child(self, store, *arguments, **options):
        """Gives the output of a command to which a list file is named."""
        with held(store):
            process = self.start(*arguments, "--list", self.listed, **options)
            child = self.wait_until_confined(process, child_of)
            self.assertEqual(state(process.pid, "Seccomp"), "0", "the command itself has still to open files")
            with contextlib.suppress(PermissionError):
                open_files = {os.readlink(entry.path) for entry in os.scandir(f"/proc/{child}/fd")}
                others = {name for name in open_files
                          if not name.startswith(("pipe:", "/dev/null", str(self.listed), str(store)))}
                self.assertEqual(others, set())
        return process

    def test_a_list_file_that_is_named_to_a_scan_is_read_by_a_confined_process(self):
        case = self.folder / "case"
        safelight("case", "init", case, check=DONE)
        self.finish(self.check_child(case / "lists", "scan", self.evidence, "--case", case))
        items = programs.canonical(case)
        self.assertTrue(items["note.txt"]["content"]["hits"])

    def test_a_list_file_that_is_named_to_a_rematch_is_read_by_a_confined_process(self):
        case = self.folder / "case"
        self.scan(self.evidence, case=case)
        out = self.finish(self.check_child(case / "lists", "case", "rematch", case))
        self.assertRegex(out, rb"[1-9]\d* hits added")

    def test_a_list_file_that_is_named_to_match_is_read_by_a_confined_process(self):
        process = self.check_child(self.store / ".files", "match", "--json", stdin=subprocess.PIPE)
        out = self.finish(process, self.digest.encode() + b"\n")
        self.assertEqual(len(json.loads(out)["hits"]), 1)

    def test_a_list_file_that_is_named_to_inspect_is_read_by_a_confined_process(self):
        out = self.finish(self.check_child(self.store / ".files", "inspect", "--json", self.evidence / "note.txt"))
        self.assertIn(b'"listed"', out)

    def match(self, *arguments, check=DONE, **options):
        return safelight("match", "--json", *arguments, input=self.digest.encode(), check=check, **options)

    def test_a_database_is_read_in_confinement_and_nothing_is_made_beside_it(self):
        folder = self.folder / "rds"
        folder.mkdir()
        with sqlite3.connect(folder / "rds.db") as database:
            database.execute("CREATE TABLE FILE(sha256 TEXT, sha1 TEXT, md5 TEXT)")
            database.execute("INSERT INTO FILE VALUES(?, ?, ?)", ("a" * 64, "b" * 40, self.digest))
        database.close()
        safelight("list", "build", "rds", folder / "rds.db", check=DONE)
        for name in ("rds", folder / "rds.db"):
            self.assertEqual(len(json.loads(self.match("--list", name).stdout)["hits"]), 1)
        self.assertEqual([path.name for path in folder.iterdir()], ["rds.db"])

    def test_a_database_that_the_owner_of_the_store_may_not_read_is_refused_by_its_own_rule(self):
        if os.geteuid() != 0:
            self.skipTest("only root gives a file away")
        path = self.folder / "rds.db"
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE FILE(md5 TEXT)")
        database.close()
        path.chmod(0o600)
        os.chown(path, 54321, 54321)
        done = safelight("list", "build", "rds", path, check=USAGE)
        self.assertIn(b"unreadable (sqlite.open)", done.stderr)

    def test_a_named_list_file_is_refused_as_list_build_refuses_it(self):
        broken = self.folder / "broken.json"
        broken.write_text('{"value": [{"MD5": "')
        digits = self.folder / "digits.txt"
        digits.write_text("1" * 64 + "\n")
        for path in (broken, digits, self.folder):
            built = safelight("list", "build", "x", path, check=USAGE).stderr
            self.assertRegex(built, rb"^safelight: list .*: [a-z]+ \(")
            self.assertEqual(self.match("--list", path, check=USAGE).stderr, built)
        self.assertIn(b"at byte", self.match("--list", broken, check=USAGE).stderr)
        self.assertIn(b"--sixty-four-hex", self.match("--list", digits, check=USAGE).stderr)
        fine = safelight("match", "--list", digits, "--sixty-four-hex", "sha256", input=b"1" * 64, check=DONE).stdout
        self.assertIn(b"sha256", fine)

    def test_what_a_list_calls_its_entries_cannot_write_to_the_terminal(self):
        self.listed.write_text(f"md5,category,id\n{self.digest},a\x1b[31mb,c\x1b]0;d\x07\n")
        built = safelight("list", "build", "known", self.listed, check=DONE).stdout
        shown = safelight("list", "show", "known", check=DONE).stdout
        matched = safelight("match", "--list", "known", input=self.digest.encode(), check=DONE).stdout
        inspected = safelight("inspect", self.evidence / "note.txt", "--list", "known").stdout
        for said in (shown, matched, inspected):
            self.assertIn(b"a\\x1b[31mb", said)
        self.assertNotIn(b"\x1b", built + shown + matched + inspected)

    def test_lines_of_a_named_list_file_that_were_refused_are_counted(self):
        self.listed.write_text(f"md5\n{self.digest}\nrubbish\n")
        self.assertIn(b"1 lines or values were refused", self.match("--list", self.listed).stderr)

    def test_a_store_that_cannot_be_used_is_told_as_the_process_that_read_the_file_told_it(self):
        (self.store / ".files/lists.log").mkdir(parents=True)
        done = self.match("--list", self.listed, check=ENVIRONMENT)
        self.assertRegex(done.stderr, rb"^safelight: cannot open .*lists\.log: ")

    def test_a_named_list_file_is_kept_encrypted_where_a_key_is_named(self):
        key = self.folder / "key"
        safelight("list", "key", key, check=DONE)
        done = self.match("--list-key", key, "--list", self.listed)
        self.assertEqual(len(json.loads(done.stdout)["hits"]), 1)
        kept = ("--list-store", self.store / ".files", "list", "show", "listed")
        self.assertIn(b"encrypted", safelight("--list-key", key, *kept, check=DONE).stdout)
        safelight(*kept, check=USAGE)

    def test_a_list_file_is_named_from_the_working_folder_even_as_standard_input_is(self):
        (self.folder / "-").write_text(f"md5\n{self.digest}\n")
        for name in ("listed.csv", "-"):
            done = subprocess.run([programs.PROGRAMS / "safelight", "--list-store", "relative", "match", "--json", "--list", name],
                                  cwd=self.folder, input=self.digest.encode(), capture_output=True, check=True)
            self.assertEqual(len(json.loads(done.stdout)["hits"]), 1)

    def test_ctrl_c_while_a_list_file_is_read_ends_a_scan_that_then_goes_on(self):
        case = self.folder / "case"
        safelight("case", "init", case, check=DONE)
        with held(case / "lists"):
            process = self.start("scan", self.evidence, "--case", case, "--list", self.listed, start_new_session=True)
            self.wait_until_confined(process, child_of)
            os.killpg(process.pid, signal.SIGINT)
            _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INCOMPLETE)
        self.assertIn(b"interrupted while it was read", err)
        self.scan(self.evidence, "--list", self.listed, case=case)
        self.assertTrue(programs.canonical(case)["note.txt"]["content"]["hits"])


if __name__ == "__main__":
    unittest.main()
