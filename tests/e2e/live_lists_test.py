"""Lists that are changed while they are used."""
import hashlib
import json
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, INCOMPLETE, canonical, make_demo, safelight


def md5(data):
    return hashlib.md5(data).hexdigest()


class LiveLists(programs.CaseTest):
    def add(self, name, *values):
        return safelight("list", "add", name, "-", input="".join(f"{v}\n" for v in values).encode(), check=DONE)

    def build(self, name, *values):
        return safelight("list", "build", name, "-", input="".join(f"{v}\n" for v in values).encode(), check=DONE)

    def test_an_entry_that_is_added_during_a_scan_is_found_in_every_item(self):
        self.build("known", md5(b"none of the files"))
        pictures = self.folder / "pictures"
        make_demo(pictures)
        originals = sorted(p for p in pictures.rglob("*") if p.suffix in (".jpg", ".png"))
        for copy in range(4):
            for number, path in enumerate(originals):
                (pictures / f"{copy:02}-{number:03}{path.suffix}").write_bytes(path.read_bytes() + bytes([copy]))
        case = self.folder / "case"
        scan = subprocess.Popen(
            [programs.PROGRAMS / "safelight", "scan", pictures, "--case", case, "--list", "known", "--jobs", "1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Until it has recorded something, and while it has still to look at the most.
        while scan.poll() is None and safelight("case", "export", case, "--canonical").stdout.count(b"\n") < 2:
            time.sleep(0.005)
        scan.send_signal(signal.SIGSTOP)
        self.assertIsNone(scan.poll(), "the scan was over before the list could change")
        wanted = [*pictures.glob("00-000.*"), *pictures.glob("03-005.*"), originals[0], originals[-1]]
        self.add("known", *[md5(path.read_bytes()) for path in wanted])
        scan.send_signal(signal.SIGCONT)
        self.assertIn(scan.wait(), (DONE, INCOMPLETE))
        items = canonical(case)
        for path in wanted:
            self.assertTrue(items[str(path.relative_to(pictures))]["content"].get("hits"), path)
        self.assertEqual(len(wanted), 4)
        safelight("case", "verify", case, check=DONE)

    def test_what_the_limit_on_hits_leaves_out_is_told_in_the_case(self):
        pictures = self.folder / "pictures"
        make_demo(pictures)
        hashed = (json.loads(line) for line in safelight(
            "hash", "--format", "json", *sorted(pictures.rglob("*.jpg"))).stdout.splitlines())
        path, fingerprint = next(
            (line["file"], int(line["fingerprints"][0]["pdq"], 16)) for line in hashed
            if line["fingerprints"] and line["fingerprints"][0]["quality"] >= 50)
        near = [f"{fingerprint ^ 1 << bit:064x}" for bit in range(150)]
        (self.folder / "near.csv").write_text("\n".join(["pdq", *near]) + "\n")
        safelight("list", "build", "near", self.folder / "near.csv", check=DONE)
        self.scan(path, "--list", "near")
        case = self.folder / "case"

        def told():
            [item] = canonical(case).values()
            return [finding["fields"] for finding in item["content"]["examination"]["findings"]
                    if finding["kind"] == "further_matches"], len(item["content"].get("hits", []))

        self.assertEqual(told(), ([[["list", "near"], ["count", "50"]]], 100))
        safelight("list", "remove", "near", "-", input="\n".join(near[:30]).encode(), check=DONE)
        safelight("case", "rematch", case, "--list", "near", check=DONE)
        self.assertEqual(told(), ([[["list", "near"], ["count", "20"]]], 100))
        safelight("case", "rematch", case, "--withdraw", "near", check=DONE)
        self.assertEqual(told(), ([], 0))
        safelight("case", "verify", case, check=DONE)

    def test_a_running_match_answers_by_what_the_list_has_by_then(self):
        first, second = md5(b"1"), md5(b"2")
        self.build("known", first)
        match = subprocess.Popen([programs.PROGRAMS / "safelight", "match", "--json", "--list", "known"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def is_hit(value):
            match.stdin.write(value.encode() + b"\n")
            match.stdin.flush()
            return b'"entry"' in match.stdout.readline()

        def wait_until(condition):
            end = time.monotonic() + 60
            while not condition():
                self.assertLess(time.monotonic(), end)
                time.sleep(0.05)

        self.assertTrue(is_hit(first))
        self.assertFalse(is_hit(second))
        self.add("known", second)
        wait_until(lambda: is_hit(second))
        self.assertTrue(is_hit(first))
        safelight("list", "remove", "known", "-", input=first.encode(), check=DONE)
        wait_until(lambda: not is_hit(first))
        safelight("list", "merge", "known", check=DONE)
        self.assertTrue(is_hit(second))
        match.stdin.close()
        self.assertEqual(match.wait(), DONE)
        match.stdout.close()

    def test_changing_a_list_and_what_it_says(self):
        self.build("known", md5(b"1"), md5(b"2"))
        self.assertIn(b"Added 1 entries; the list held 1 already", self.add("known", md5(b"2"), md5(b"3")).stdout)
        removed = safelight("list", "remove", "known", "-", input=f"{md5(b'1')}\n{md5(b'9')}\n".encode(), check=DONE)
        self.assertIn(b"Removed 1 entries; of 2 values or ids, 1 are in no entry", removed.stdout)
        safelight("list", "remove", "known", "--entry", "line 7", check=DONE)
        safelight("list", "remove", "known", check=programs.USAGE)
        safelight("list", "add", "absent", "-", input=b"", check=programs.USAGE)
        self.assertIn(b"entries: 2 ", safelight("list", "show", "known", check=DONE).stdout)
        safelight("list", "merge", "known", check=DONE)
        self.assertIn(b"1 segment,", safelight("list", "show", "known", check=DONE).stdout)
        self.assertIn(b"0 not as the log says", safelight("list", "verify", "known", check=DONE).stdout)


if __name__ == "__main__":
    unittest.main()
