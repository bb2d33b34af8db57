"""Counts of cases without any name, and how they pool."""
import csv
import io
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, USAGE, canonical, make_demo, safelight


def read(text):
    """The counts of a file as ranges, by the rules of docs/formats/statistics_csv.md."""
    rows = list(csv.DictReader(io.StringIO(text)))
    form = {row["group"]: int(row["count"]) for row in rows if row["measure"] == "format"}
    assert form["version"] == 1
    under = form["suppress_under"]
    counts = {}
    for row in rows:
        if row["measure"] == "format":
            continue
        count = row["count"]
        most = counts[row["measure"], "all", ""][1] if row["group"] != "all" else None
        if count.startswith("<"):
            found = (1, under - 1)
        elif count.startswith(">="):
            found = (under, most)
        elif count == "withheld":
            found = (0, most)
        else:
            found = (int(count), int(count))
        counts[row["measure"], row["group"], row["value"]] = found
    return counts


def pooled(*files):
    sums = {}
    for key in set().union(*files):
        withheld = (key[0], key[1], "")
        found = [counts.get(key, counts.get(withheld, (0, 0))) for counts in files]
        sums[key] = (sum(low for low, _ in found), sum(high for _, high in found))
    return sums


class Stats(programs.CaseTest):
    def setUp(self):
        super().setUp()
        demo = self.folder / "pictures-of-somebody"
        make_demo(demo)
        for number, path in enumerate(sorted(demo.rglob("*"))):
            if path.is_file():
                os.utime(path, (0, 1_700_000_000 + number % 3 * 40 * 86400))
        self.cases = [self.folder / "case-one", self.folder / "case-two"]
        self.scan(demo, case=self.cases[0])
        self.scan(demo / "charts", case=self.cases[1])

    def stats(self, *cases, under=1):
        return safelight("stats", *cases, "--suppress-under", under, check=DONE).stdout.decode()

    def test_two_cases_pool_to_what_both_hold(self):
        one, two = (read(self.stats(case)) for case in self.cases)
        self.assertEqual(pooled(one, two), read(self.stats(*self.cases)))
        items = [item for item in canonical(self.cases[0]).values() if item["kind"] == "file"]
        self.assertEqual(one["files", "all", ""], (len(items), len(items)))
        for measure in ("files", "distinct_files"):
            for group in ("searched", "camera_evidence", "synthesis_evidence", "month"):
                total = sum(low for (m, g, _), (low, _) in one.items() if (m, g) == (measure, group))
                self.assertEqual(total, one[measure, "all", ""][0], (measure, group))

    def test_pooled_ranges_hold_the_true_sums(self):
        for under in (3, 10, 40):
            ranges = pooled(*(read(self.stats(case, under=under)) for case in self.cases))
            for key, (true, _) in read(self.stats(*self.cases)).items():
                low, high = ranges[key if key in ranges else (key[0], key[1], "")]
                self.assertTrue(low <= true <= high, (under, key, true, low, high))

    def test_the_file_names_nothing_and_the_case_notes_it(self):
        out = self.folder / "figures.csv"
        safelight("stats", *self.cases, "--output", out, check=DONE)
        self.assertEqual(out.stat().st_mode & 0o077, 0)
        text = out.read_text()
        for word in ("case-one", "pictures", "charts", "jpg", "S1"):
            self.assertNotIn(word, text)
        self.assertNotRegex(text, "[0-9a-f]{32}")
        self.assertIn(b"The case is as it was written", safelight("case", "verify", self.cases[0], check=DONE).stdout)

    def test_a_count_of_one_cannot_be_asked_for_as_hidden(self):
        safelight("stats", self.cases[0], "--suppress-under", "2", check=USAGE)
        safelight("stats", self.cases[0], "--suppress-under", "0", check=USAGE)
        safelight("stats", self.folder / "no-such-case", check=programs.ENVIRONMENT)


if __name__ == "__main__":
    unittest.main()
