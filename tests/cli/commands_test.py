"""Each command on ordinary files, as a user types it."""
import csv
import hashlib
import io
import json
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, ENVIRONMENT, INCOMPLETE, USAGE, make_demo, safelight


class Commands(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        make_demo(self.pictures)
        self.picture = sorted(self.pictures.rglob("*.jpg"))[0]

    def test_help_of_every_command_names_its_options(self):
        for words in (["scan"], ["case", "init"], ["case", "verify"], ["case", "key"], ["case", "sign"], ["audit", "verify"], ["audit", "sign"], ["audit", "show"], ["case", "export"], ["case", "rematch"],
                      ["case", "estimate"], ["list", "import"], ["list", "show"], ["list", "recall"], ["list", "drop"], ["hash"],
                      ["compare"], ["inspect"], ["match"], ["triage"], ["report"], ["stats"], ["doctor"]):
            self.assertIn(b"Usage", safelight(*words, "--help", check=DONE).stdout, words)
        self.assertIn(b"Exit status", safelight("--help", check=DONE).stdout)
        safelight("no-such-command", check=USAGE)

    def test_hash_agrees_with_hashlib_in_every_format(self):
        data = self.picture.read_bytes()
        md5, sha1, sha256 = (hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256"))
        line = json.loads(safelight("hash", "--format", "json", self.picture, check=DONE).stdout)
        self.assertEqual((line["md5"], line["sha1"], line["sha256"], line["size"]), (md5, sha1, sha256, len(data)))
        self.assertRegex(line["fingerprints"][0]["pdq"], "^[0-9a-f]{64}$")
        rows = list(csv.DictReader(io.StringIO(
            safelight("hash", "--format", "csv", "--pdq", "reference,full", self.picture, check=DONE).stdout.decode())))
        self.assertEqual(rows[0]["sha256"], sha256)
        self.assertEqual(rows[0]["pdq_reference"], line["fingerprints"][0]["pdq"])
        self.assertEqual(len(rows[0]["pdq_full"]), 64)
        deep = safelight("hash", "--format", "hashdeep", self.picture, check=DONE).stdout.decode()
        self.assertTrue(deep.startswith("%%%% HASHDEEP-1.0"))
        self.assertIn(f"{len(data)},{md5},{sha1},{sha256},{self.picture}", deep)

    def test_hash_goes_on_after_a_file_that_is_not_there(self):
        done = safelight("hash", self.folder / "absent", self.picture, check=INCOMPLETE)
        self.assertIn(b"absent", done.stderr)
        self.assertIn(b"SHA-256", done.stdout)

    def test_compare_finds_a_picture_like_itself(self):
        result = json.loads(safelight("compare", self.picture, self.picture, "--json", check=DONE).stdout)
        self.assertTrue(result["same_bytes"])
        self.assertEqual(result["pdq"]["reference"]["distance"]["original"], 0)
        self.assertEqual(len(result["pdq"]["reference"]["distance"]), 8)

    def test_inspect_says_all_that_is_known(self):
        result = json.loads(safelight("inspect", "--json", self.picture, check=DONE).stdout)
        self.assertEqual([f["mode"] for f in result["fingerprints"]], ["reference", "full"])
        self.assertEqual(result["format"], "jpeg")

    def test_match_answers_digests_and_fingerprints(self):
        line = json.loads(safelight("hash", "--format", "json", self.picture, check=DONE).stdout)
        listed = self.folder / "list.csv"
        listed.write_text(f"{line['md5']},1\n")
        prints = self.folder / "prints.txt"
        prints.write_text(line["fingerprints"][0]["pdq"] + "\n")
        safelight("list", "import", "digests", listed, "--map", "1=known", check=DONE)
        safelight("list", "import", "prints", prints, "--sixty-four-hex", "pdq", check=DONE)
        near = int(line["fingerprints"][0]["pdq"], 16) ^ 0b111
        asked = f"{line['md5'].upper()}\n{near:064x}\n{'0' * 32}\nrubbish\n".encode()
        done = safelight("match", "--json", "--list", "digests", "--list", "prints", input=asked, check=INCOMPLETE)
        answers = [json.loads(answer) for answer in done.stdout.splitlines()]
        self.assertEqual([len(a["hits"]) for a in answers], [1, 1, 0])
        self.assertEqual(answers[0]["hits"][0]["disposition"], "known")
        self.assertEqual((answers[1]["hits"][0]["distance"], answers[1]["hits"][0]["match"]), (3, "pdq"))
        self.assertIn(b"line 4", done.stderr)

    def test_lists_are_kept_shown_checked_and_dropped(self):
        prints = self.folder / "prints.txt"
        prints.write_text("".join(f"{hashlib.sha256(bytes([n])).hexdigest()}\n" for n in range(200)))
        safelight("list", "import", "prints", prints, check=USAGE)
        safelight("list", "import", "prints", prints, "--sixty-four-hex", "pdq", check=DONE)
        self.assertIn(b"PDQ 200", safelight("list", "show", "prints", check=DONE).stdout)
        self.assertIn(b"prints", safelight("list", "show", check=DONE).stdout)
        self.assertIn(b"found", safelight("list", "recall", "prints", "--sample", 50, check=DONE).stdout)
        self.assertIn(b"0 not as the log says", safelight("list", "verify", check=DONE).stdout)
        compiled, = (self.folder / "lists").glob("prints.*.segment")
        compiled.write_bytes(compiled.read_bytes()[:-1] + b"?")
        self.assertIn(b"prints", safelight("list", "verify", check=INCOMPLETE).stdout)
        safelight("list", "drop", "prints", check=DONE)
        safelight("list", "show", "prints", check=USAGE)
        log = safelight("list", "log", check=DONE).stdout
        self.assertIn(b"import", log)
        self.assertIn(b"drop", log)

    def test_a_list_is_read_by_a_process_that_is_confined_before_its_first_byte(self):
        line = hashlib.sha256(b"x").hexdigest().encode() + b"\n"
        arguments = ["list", "add", "prints", "-", "--json", "--or-build", "--sixty-four-hex", "sha256"]
        with subprocess.Popen([programs.PROGRAMS / "safelight", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            self.addCleanup(process.kill)

            def state(name):
                status = Path(f"/proc/{process.pid}/status").read_text()
                return next(row.split()[1] for row in status.splitlines() if row.startswith(name + ":"))

            give_up = time.monotonic() + 60
            while state("Seccomp") != "2":
                self.assertIsNone(process.poll(), "it ended without a list")
                self.assertLess(time.monotonic(), give_up, "it waits for its list and is not confined")
                time.sleep(0.01)
            self.assertEqual(state("NoNewPrivs"), "1")
            self.assertEqual(int(state("CapEff"), 16), 0)
            answer, _ = process.communicate(line)
        self.assertEqual(json.loads(answer)["added"], 1)

    def test_a_list_is_changed_in_a_store_and_by_a_file_that_are_named_from_the_working_folder(self):
        prints = self.folder / "prints.csv"
        prints.write_text("md5\n" + hashlib.md5(b"x").hexdigest() + "\n")
        store = self.folder / "relative"
        for command in ("add --or-build", "remove"):
            words = command.split()
            done = subprocess.run([programs.PROGRAMS / "safelight", "--list-store", store.name, "list", words[0], "prints", prints.name,
                                   "--json", *words[1:]], cwd=self.folder, capture_output=True, check=True)
            answer = json.loads(done.stdout)
            self.assertEqual(answer["added" if words[0] == "add" else "removed"], 1)

    def test_a_report_of_each_format(self):
        case = self.folder / "case"
        self.scan(self.pictures, "--list", self.pictures / "known.csv")
        html = self.folder / "report.html"
        safelight("report", case, "--format", "html", "--output", html, check=DONE)
        text = html.read_text()
        self.assertNotIn("http://", text.replace("http://www.w3.org", ""))
        self.assertNotIn("<img", text)
        self.assertEqual(html.stat().st_mode & 0o077, 0)
        safelight("report", case, "--format", "csv", "--output", self.folder / "report.csv", check=DONE)
        rows = list(csv.DictReader(io.StringIO((self.folder / "report.csv").read_text())))
        items = programs.canonical(case)
        self.assertEqual(len(rows), len(items))
        safelight("report", case, "--format", "json", "--output", self.folder / "report.json", check=DONE)
        report = json.loads((self.folder / "report.json").read_text())
        order = sorted(rows, key=lambda row: int(row["rank"]))
        self.assertEqual([int(row["rank"]) for row in order], list(range(1, len(items) + 1)))
        self.assertIn(order[0]["rank_class"], ("resembles_known", "review"))
        self.assertEqual({row["item_id"]: row["reason"] for row in rows},
                         {item["item_id"]: item["reason"] for item in report["items"]})

    def test_a_report_groups_in_the_mode_that_the_case_holds(self):
        case = self.folder / "case"
        self.scan(self.pictures, "--pdq", "full")
        safelight("report", case, "--format", "json", "--output", self.folder / "report.json", check=DONE)
        report = json.loads((self.folder / "report.json").read_text())
        modes = {group["mode"] for group in report["groups"] if group["kind"] == "near"}
        self.assertEqual(modes, {"full"})
        self.assertTrue(any("near_group_full" in item for item in report["items"]))

    def test_doctor_says_what_enforces_each_property(self):
        done = safelight("doctor", check=DONE).stdout.decode()
        for words in ("no network", "no exec", "no file system", "kernels in use", "SQLite"):
            self.assertIn(words, done)

    def test_verify_notices_a_changed_case(self):
        import sqlite3
        case = self.folder / "case"
        self.scan(self.pictures)
        head = safelight("case", "verify", case, check=DONE).stdout.decode().split("Head: ")[1].strip()
        safelight("case", "verify", case, "--head", head, check=DONE)
        with sqlite3.connect(case / "case.db") as database:
            database.execute("UPDATE items SET size_bytes = size_bytes + 1 WHERE id = 3")
        database.close()
        found = safelight("case", "verify", case, check=INCOMPLETE).stdout
        self.assertRegex(found, rb"MISMATCH in items, rows \d+ to \d+ \(record \d+\)")

    def test_verify_holds_a_case_against_signed_heads(self):
        import sqlite3
        case, key, heads = self.folder / "case", self.folder / "key", self.folder / "elsewhere"
        made = safelight("case", "key", key, check=DONE).stdout.decode()
        public = (self.folder / "key.pub").read_text()
        self.assertIn("BEGIN PUBLIC KEY", public)
        self.assertEqual(key.stat().st_mode & 0o077, 0)
        safelight("case", "key", key, check=ENVIRONMENT)
        self.scan(self.pictures)
        alone = safelight("case", "verify", case, check=DONE).stdout.decode()
        self.assertIn("cannot be excluded", alone)
        safelight("case", "sign", case, "--key", key, "--heads", heads, check=DONE)
        size = int(heads.read_text().split()[2])
        self.scan(self.pictures)
        against = ("case", "verify", case, "--heads", heads, "--key")
        done = safelight(*against, key.with_suffix(".pub"), check=DONE).stdout.decode()
        self.assertIn(f"1 head from elsewhere fits, the last of them {size} of", done)
        safelight("case", "sign", case, "--key", key, "--heads", heads, "--heads", self.folder / "second", check=DONE)
        public_hex = made.split(".pub, ")[1].split(" ")[0]
        done = safelight(*against, public_hex, check=DONE).stdout.decode()
        self.assertIn("2 heads from elsewhere fit, the last of them all records", done)
        unchecked = safelight("case", "verify", case, "--heads", heads, check=DONE)
        self.assertIn(b"signatures of the heads were not checked", unchecked.stderr)

        safelight("case", "key", self.folder / "other", check=DONE)
        foreign = safelight(*against, self.folder / "other.pub", check=INCOMPLETE)
        self.assertIn(b"signed with another key", foreign.stderr)
        self.assertIn(b"no usable head", foreign.stdout)
        self.assertIn(b"cannot be excluded", foreign.stdout)
        forged = self.folder / "forged"
        lines = heads.read_text().splitlines()
        fields = lines[0].split()
        forged.write_text(" ".join([*fields[:3], "0" * 64, *fields[4:]]) + "\n" + lines[1] + "\n")
        wrong = safelight("case", "verify", case, "--heads", forged, "--key", public_hex, check=INCOMPLETE)
        self.assertIn(b"line 1 has a signature that does not fit", wrong.stderr)
        safelight("case", "verify", case, "--heads", self.folder / "absent", check=USAGE)
        safelight("case", "verify", case, "--heads", heads, "--key", "00", check=USAGE)
        safelight("case", "verify", case, "--key", public_hex, check=USAGE)

        last = int(lines[1].split()[2])
        with sqlite3.connect(case / "case.db") as database:
            database.execute("DELETE FROM audit WHERE sequence >= ?", (last - 1,))
            for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'audit'").fetchall():
                database.execute(f"DELETE FROM {table} WHERE commit_seq >= ?", (last - 1,))
        database.close()
        self.assertIn(b"cannot be excluded", safelight("case", "verify", case, check=DONE).stdout)
        cut = safelight(*against, public_hex, check=INCOMPLETE).stdout.decode()
        self.assertIn(f"record {last - 1} is missing", cut)
        self.assertIn(f"(line 2) held {last}", cut)
        refused = safelight("case", "sign", case, "--key", key, "--heads", heads, check=INCOMPLETE).stdout
        self.assertIn(b"Nothing was signed", refused)
        self.assertEqual(heads.read_text().splitlines(), lines)

    def test_a_scan_signs_the_heads_of_its_case(self):
        case, key, heads = self.folder / "case", self.folder / "key", self.folder / "heads"
        safelight("case", "key", key, check=DONE)
        self.scan(self.pictures, "--heads", heads, "--sign-key", key)
        sizes = [int(line.split()[2]) for line in heads.read_text().splitlines()]
        self.assertEqual(len(sizes), 2)
        self.assertLess(sizes[0], sizes[1])
        done = safelight("case", "verify", case, "--heads", heads, "--key", self.folder / "key.pub", check=DONE)
        self.assertIn(b"2 heads from elsewhere fit, the last of them all records", done.stdout)
        lost = safelight("scan", self.pictures, "--case", case, "--heads", self.folder / "absent/heads", "--sign-key", key,
                         check=INCOMPLETE)
        self.assertIn(b"absent/heads", lost.stderr)
        safelight("scan", self.pictures, "--case", case, "--heads", heads, check=USAGE)

    def test_an_audit_log_without_a_case_is_shown_signed_and_verified(self):
        sample = Path(__file__).resolve().parents[2] / "testdata/corrupt/audit_log_file_fuzz/three_records"
        log, key, heads = self.folder / "audit.log", self.folder / "key", self.folder / "heads"
        log.write_bytes(sample.read_bytes())
        shown = safelight("audit", "show", log, check=DONE).stdout.decode().splitlines()
        self.assertEqual(shown[1], '1 2023-11-14T22:13:21Z login.failed {"from":"10.0.0.7","person":"ada"}')
        self.assertIn(b"cannot be excluded", safelight("audit", "verify", log, check=DONE).stdout)
        safelight("case", "key", key, check=DONE)
        safelight("audit", "sign", log, "--key", key, "--heads", heads, check=DONE)
        against = ("audit", "verify", log, "--heads", heads, "--key", self.folder / "key.pub")
        self.assertIn(b"all records", safelight(*against, check=DONE).stdout)
        whole = log.read_bytes()
        last = whole.rindex(b"SLA1") - 4
        log.write_bytes(whole[:last])
        safelight("audit", "verify", log, check=DONE)
        self.assertIn(b"record 2 is missing", safelight(*against, check=INCOMPLETE).stdout)
        log.write_bytes(whole[:-1])
        self.assertIn(b"no whole record", safelight("audit", "verify", log, check=INCOMPLETE).stdout)
        log.write_bytes(whole.replace(b"login.failed", b"login.passed"))
        self.assertIn(b"MISMATCH: record 1 is not as it was written",
                      safelight("audit", "verify", log, check=INCOMPLETE).stdout)
        refused = safelight("audit", "sign", log, "--key", key, "--heads", heads, check=INCOMPLETE).stdout
        self.assertIn(b"Nothing was signed", refused)
        safelight("audit", "verify", self.picture, check=USAGE)


if __name__ == "__main__":
    unittest.main()
