"""Every row of the golden tables: fingerprint and quality, in all orientations, through the real workers."""
import csv
import json
import sys
import unittest
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs

ORIENTATIONS = ["original", "rotate90", "rotate180", "rotate270", "flip_x", "flip_y", "flip_plus1", "flip_minus1"]


def golden(name):
    rows = defaultdict(dict)
    with open(programs.CONFORMANCE / "pdq" / name, newline="") as table:
        for row in csv.DictReader(table):
            rows[row["file"]][row["orientation"]] = (row["fingerprint"], int(row["quality"]))
    return rows


class PdqGolden(unittest.TestCase):
    def compare(self, table, mode):
        rows = golden(table)
        files = sorted(rows)
        self.assertGreater(len(files), 20)
        done = programs.safelight("hash", "--format", "json", "--pdq", mode,
                                  *(programs.CONFORMANCE / "pdq" / file for file in files),
                                  check=(programs.DONE, programs.INCOMPLETE))
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(lines), len(files))
        for file, line in zip(files, lines):
            hashes = next(f for f in line["fingerprints"] if f["mode"] == mode)
            for name in rows[file]:
                with self.subTest(file=file, orientation=name):
                    self.assertIn(name, ORIENTATIONS)
                    self.assertEqual((hashes["orientations"][name], hashes["quality"]), rows[file][name])

    def test_reference_mode_agrees_with_metas_reference(self):
        self.compare("golden.csv", "reference")

    def test_full_mode_agrees_with_the_wheel(self):
        self.compare("golden-full.csv", "full")


if __name__ == "__main__":
    programs.skip_without(programs.CONFORMANCE / "pdq" / "golden.csv")
    unittest.main()
