"""The main job, end to end, on the demo's pictures."""
import json
import os
import shutil
import socket
import sys
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, ENVIRONMENT, INCOMPLETE, USAGE, canonical, make_demo, safelight


class Scan(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.case = self.folder / "case"
        make_demo(self.pictures)

    def test_every_file_of_the_demo_is_an_item_and_known_ones_hit(self):
        done = self.scan(self.pictures, "--list", self.pictures / "known.csv", "--json", check=INCOMPLETE)
        summary = json.loads(done.stdout)
        items = canonical(self.case)
        for path in self.pictures.rglob("*"):
            if path.is_file():
                self.assertIn(programs.shown(path.relative_to(self.pictures)), items)
        self.assertGreater(len(items), sum(1 for p in self.pictures.rglob("*") if p.is_file()))
        self.assertTrue(summary["hits"])
        hits = [i for i in items.values() if i.get("content", {}).get("hits")]
        self.assertTrue(hits)
        for item in items.values():
            if item["coverage"] != "full":
                findings = item["findings"] + item.get("content", {}).get("examination", {}).get("findings", [])
                self.assertTrue(findings, item["path"])
        safelight("case", "verify", self.case, check=DONE)

    def test_a_second_scan_changes_nothing(self):
        self.scan(self.pictures)
        first = safelight("case", "export", self.case, "--canonical", check=DONE).stdout
        again = json.loads(self.scan(self.pictures, "--json").stdout)
        self.assertEqual(safelight("case", "export", self.case, "--canonical", check=DONE).stdout, first)
        self.assertGreater(again["skipped_unchanged"], 0)

    def test_the_number_of_jobs_changes_nothing(self):
        self.scan(self.pictures, "--jobs", 1, case=self.folder / "one")
        self.scan(self.pictures, "--jobs", 5, case=self.folder / "five")
        one, five = (safelight("case", "export", self.folder / name, "--canonical", check=DONE).stdout
                     for name in ("one", "five"))
        self.assertEqual(one, five)

    def test_a_changed_file_is_a_new_revision(self):
        self.scan(self.pictures)
        path = sorted(self.pictures.rglob("*.png"))[0]
        other = sorted(self.pictures.rglob("*.png"))[1]
        shutil.copy(other, path)
        self.scan(self.pictures)
        item = canonical(self.case)[str(path.relative_to(self.pictures))]
        self.assertEqual(item["revision"], 2)

    def test_identical_bytes_stay_items_of_their_own(self):
        source = self.folder / "same"
        source.mkdir()
        picture = sorted(self.pictures.rglob("*.jpg"))[0]
        for name in ("a.jpg", "b.jpg", "c.jpg"):
            shutil.copy(picture, source / name)
        summary = json.loads(self.scan(source, "--json").stdout)
        self.assertEqual((summary["items"], summary["contents"]), (3, 1))

    def test_rematch_adds_and_withdraws_without_the_evidence(self):
        self.scan(self.pictures)
        shutil.move(self.pictures / "known.csv", self.folder / "known.csv")
        shutil.rmtree(self.pictures)
        safelight("case", "rematch", self.case, "--list", self.folder / "known.csv", check=DONE)
        self.assertTrue([i for i in canonical(self.case).values() if i.get("content", {}).get("hits")])
        done = safelight("case", "rematch", self.case, "--withdraw", "known", check=DONE)
        self.assertIn(b"0 hits added", done.stdout)
        self.assertFalse([i for i in canonical(self.case).values() if i.get("content", {}).get("hits")])
        safelight("case", "verify", self.case, check=DONE)

    def test_the_case_is_its_owners_alone(self):
        os.umask(0)
        self.scan(self.pictures, "--list", self.pictures / "known.csv")
        for path in [self.case, *self.case.rglob("*")]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_the_evidence_is_not_touched(self):
        before = {p: (p.stat().st_mtime_ns, p.stat().st_atime_ns) for p in self.pictures.rglob("*")}
        self.scan(self.pictures)
        for path, times in before.items():
            if path.is_file():
                self.assertEqual((path.stat().st_mtime_ns, path.stat().st_atime_ns), times, path)

    def test_odd_entries_are_recorded_and_not_followed(self):
        source = self.folder / "odd"
        source.mkdir()
        (source / "link").symlink_to("/etc/passwd")
        os.mkfifo(source / "fifo")
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(source / "socket"))
        raw = os.fsencode(source) + b"/not-utf8-\xff\xfe.jpg"
        with open(raw, "wb") as file:
            file.write(b"x")
        (source / "empty.png").touch()
        self.scan(source)
        listening.close()
        items = canonical(self.case)
        self.assertEqual(items["link"]["kind"], "symbolic_link")
        self.assertEqual(items["link"]["findings"][0]["kind"], "link")
        self.assertEqual(items["fifo"]["coverage"], "none")
        self.assertEqual(items["socket"]["coverage"], "none")
        self.assertIn("not-utf8-\\xff\\xfe.jpg", items)
        self.assertIn("empty.png", items)

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_an_unreadable_folder_is_said(self):
        source = self.folder / "closed"
        (source / "inner").mkdir(parents=True)
        (source / "inner").chmod(0)
        self.scan(source, check=INCOMPLETE)
        self.assertEqual(canonical(self.case)["inner"]["coverage"], "none")

    def test_archives_in_archives_are_opened_to_a_limit(self):
        picture = sorted(self.pictures.rglob("*.png"))[0].read_bytes()
        inner = self.folder / "inner.zip"
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("deep.png", picture)
        for depth in range(12):
            outer = self.folder / f"outer{depth}.zip"
            with zipfile.ZipFile(outer, "w") as archive:
                archive.write(inner, "in.zip")
            inner = outer
        source = self.folder / "nested"
        source.mkdir()
        shutil.copy(inner, source / "nested.zip")
        self.scan(source, check=INCOMPLETE)
        items = canonical(self.case)
        self.assertGreaterEqual(max(path.count("!") for path in items), 7)
        self.assertIn("max_container_depth", json.dumps(list(items.values())))

    def test_unsafe_member_paths_are_only_names(self):
        source = self.folder / "zips"
        source.mkdir()
        with zipfile.ZipFile(source / "tricks.zip", "w") as archive:
            archive.writestr("../../outside.txt", b"text")
            archive.writestr("/etc/absolute.txt", b"text")
        self.scan(source)
        items = canonical(self.case)
        for name in ("tricks.zip!../../outside.txt", "tricks.zip!/etc/absolute.txt"):
            self.assertIn("unsafe_path", [f["kind"] for f in items[name]["findings"]])
        self.assertFalse((self.folder.parent / "outside.txt").exists())

    def test_two_scans_of_one_case_do_not_meet(self):
        self.scan(self.pictures)
        import fcntl
        held = [path for path in self.case.rglob("*") if "lock" in path.name]
        self.assertTrue(held)
        with open(held[0], "r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.scan(self.pictures, check=(ENVIRONMENT, DONE, INCOMPLETE))

    def test_wrong_use_is_said(self):
        safelight("scan", self.folder / "absent", "--case", self.case, check=USAGE)
        safelight("scan", check=USAGE)
        safelight("scan", self.pictures, "--case", self.case, "--list", "no-such-list", check=USAGE)


if __name__ == "__main__":
    unittest.main()
