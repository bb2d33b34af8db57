"""From a scan to the order of review, and again after files were added."""
import csv
import hashlib
import io
import json
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, INCOMPLETE, USAGE, make_demo, safelight

EITHER = (DONE, INCOMPLETE)


class Triage(programs.CaseTest):
    def setUp(self):
        super().setUp()
        demo = self.folder / "demo"
        make_demo(demo)
        self.pictures = sorted((demo / "holiday").glob("*.jpg"))[:5]
        self.source = self.folder / "source"
        self.case = self.folder / "case"
        listed, wanted, likened, lone, later = self.pictures
        for name in ("kept", "elsewhere", "copies"):
            (self.source / name).mkdir(parents=True)
        shutil.copy(listed, self.source / "kept" / "listed.jpg")
        shutil.copy(lone, self.source / "kept" / "beside.jpg")
        shutil.copy(wanted, self.source / "elsewhere" / "wanted.jpg")
        # Other bytes, the same picture.
        self.alike(likened, "copies/likened.jpg", 1)
        self.alike(listed, "elsewhere/near.jpg", 1)
        shutil.copy(sorted((demo / "charts").glob("*.png"))[0], self.source / "copies" / "chart.png")
        (self.source / "copies" / "text.txt").write_text("nothing")
        (self.source / "copies" / "again.txt").write_text("nothing")
        self.listed, self.likened = listed, likened
        lines = ["sha1,pdq,category,victim identified",
                 f"{self.sha1(listed)},,1,True", f"{self.sha1(wanted)},,1,False", f",{self.pdq(likened)},1,"]
        (self.folder / "list.csv").write_text("\n".join(lines) + "\n")
        safelight("list", "import", "authority", self.folder / "list.csv", "--map", "1=known", check=DONE)

    def alike(self, picture, name, more):
        (self.source / name).write_bytes(picture.read_bytes() + bytes(more))

    @staticmethod
    def sha1(path):
        return hashlib.sha1(path.read_bytes()).hexdigest()

    @staticmethod
    def pdq(path):
        lines = safelight("hash", path, "--format", "csv", check=EITHER).stdout.decode()
        row = next(csv.DictReader(io.StringIO(lines)))
        return row[next(name for name in row if name.startswith("pdq"))]

    def scan_source(self):
        self.scan(self.source, "--list", "authority")

    def triage(self, *options):
        return json.loads(safelight("triage", self.case, "--json", *options, check=EITHER).stdout)

    def report(self):
        file = self.folder / "report.json"
        safelight("report", self.case, "--format", "json", "--output", file, check=DONE)
        return json.loads(file.read_text())

    def items(self):
        return {item["path"]: item for item in self.report()["items"]}

    def records(self):
        return int(safelight("case", "verify", self.case, check=DONE).stdout.split()[0])

    def test_the_order_serves_whom_nobody_has_seen_yet(self):
        self.scan_source()
        counts = self.triage("--sample", "0")
        items = self.items()
        classes = {path: item["rank_class"] for path, item in items.items()}
        self.assertEqual(classes["copies/likened.jpg"], "resembles_known")
        self.assertEqual(classes["elsewhere/wanted.jpg"], "review")
        self.assertEqual(classes["kept/beside.jpg"], "beside_known")
        self.assertEqual(classes["elsewhere/near.jpg"], "beside_known")
        self.assertEqual(classes["kept/listed.jpg"], "known")
        self.assertEqual(classes["copies/text.txt"], classes["copies/again.txt"])
        self.assertIn("victim_not_identified", [r["code"] for r in items["elsewhere/wanted.jpg"]["reasons"]])
        self.assertIn("same_folder", [r["code"] for r in items["kept/beside.jpg"]["reasons"]])
        hits = items["elsewhere/wanted.jpg"]["hits"]
        self.assertEqual([hit["victim_identified"] for hit in hits], ["no"])
        ranks = {path: item["rank"] for path, item in items.items()}
        self.assertEqual(ranks["copies/likened.jpg"], 1)
        self.assertEqual(ranks["elsewhere/wanted.jpg"], 2)
        self.assertEqual(ranks["kept/listed.jpg"], len(items))
        whole = counts["all"]
        self.assertEqual(whole["items"], len(items))
        self.assertEqual(whole["known"], 1)
        self.assertEqual(whole["same_bytes"], 1)
        self.assertEqual(whole["to_review"] + whole["need_not_be_opened"], whole["items"])
        self.assertEqual(self.triage("--sample", "1")["by_class"]["known_sample"], 1)

    def test_groups_and_order_follow_additions(self):
        self.scan_source()
        first = self.triage()
        before = self.report()
        group = next(g for g in before["groups"] if g["kind"] == "near")
        for more in range(2, 5):
            self.alike(self.listed, f"copies/more{more}.jpg", more)
        self.alike(self.pictures[4], "elsewhere/new.jpg", 1)
        self.scan_source()
        after = self.triage()
        self.assertEqual(after["new_items"], 4)
        self.assertEqual(after["all"]["items"], first["all"]["items"] + 4)
        self.assertLess(after["reviews_written"], after["all"]["items"])
        report = self.report()
        grown = next(g for g in report["groups"] if g["kind"] == "near")
        self.assertEqual(grown["centre"], group["centre"])
        self.assertEqual(len(grown["members"]), len(group["members"]) + 3)
        places = {item["path"]: item for item in report["items"]}
        self.assertEqual(places["copies/more2.jpg"]["rank_class"], "beside_known")
        self.assertEqual(sorted(item["rank"] for item in report["items"]), list(range(1, len(places) + 1)))
        self.assertEqual(after["new_items"] + first["new_items"], len(places))
        # Made anew, the same pictures are in groups.
        anew = self.triage("--regroup")
        self.assertEqual(anew["near_groups"], after["near_groups"])
        safelight("case", "verify", self.case, check=DONE)

    def test_what_is_current_is_not_stored_again_and_what_is_not_is_brought_up(self):
        self.scan_source()
        self.triage()
        records = self.records()
        self.triage()
        self.assertEqual(self.records(), records)
        self.report()
        self.assertEqual(self.records(), records + 1, "that a report was written")
        safelight("case", "rematch", self.case, "--withdraw", "authority", check=DONE)
        classes = {item["rank_class"] for item in self.items().values()}
        self.assertFalse(classes & {"known", "review", "resembles_known", "beside_known"}, classes)

    def test_a_report_alone_puts_the_case_in_order(self):
        self.scan_source()
        self.assertEqual(self.items()["copies/likened.jpg"]["rank"], 1)

    def test_options_are_kept_for_the_next_time(self):
        self.scan_source()
        self.triage("--device-serial", "X1", "--seized-on", "2026-11-01", "--recent-days", "7", "--sample", "3")
        self.triage()
        kept = self.report()["triage"]
        self.assertEqual((kept["device"]["serial"], kept["seized_on"], kept["recent_days"], kept["sample"]),
                         ("X1", "2026-11-01", 7, 3))
        self.triage("--device-serial", "")
        self.assertEqual(self.report()["triage"]["device"]["serial"], "")
        safelight("triage", self.case, "--seized-on", "2026-02-30", check=USAGE)

    def test_folders_are_counted(self):
        self.scan_source()
        file = self.folder / "folders.csv"
        safelight("report", self.case, "--format", "folders", "--output", file, check=DONE)
        rows = list(csv.DictReader(io.StringIO(file.read_text())))
        whole = next(row for row in rows if row["source"] == "(all)")
        folders = {row["folder"]: row for row in rows if row["folder"] != "(all)"}
        self.assertEqual(set(folders), {"kept", "elsewhere", "copies"})
        self.assertEqual(sum(int(row["to_review"]) for row in folders.values()), int(whole["to_review"]))


if __name__ == "__main__":
    unittest.main()
