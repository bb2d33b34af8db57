"""Studies of detectors as a laboratory runs them: resumed, with bad input, and as far as a case."""
import html
import json
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import programs
import study_pictures
from programs import DONE, INCOMPLETE, USAGE, safelight
from study_pictures import add_line, clouds, noise, write_manifest


class Study(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.manifest = self.folder / "manifest.csv"
        self.lines = []

    def add(self, name, label, source, data=None):
        add_line(self.lines, self.folder, name, label, source, data)

    def add_classes(self, per_source=2, side=256):
        """Noise as camera pictures, clouds as generated ones, of two sources each."""
        for source in range(2):
            for i in range(per_source):
                seed = 100 * source + i
                self.add(f"camera/{seed}.png", "camera", f"phone {source}", noise(seed, side, side))
                self.add(f"made/{seed}.png", "generated", f"lab {source}", clouds(seed, side, side))

    def command(self, study, *options, program="evaluate", jobs=2):
        return [program, self.manifest, "--folder", study, "--replicates", "100", "--jobs", jobs, *options]

    def evaluate(self, *options, study="study", check=DONE, **how):
        write_manifest(self.manifest, self.lines)
        return safelight(*self.command(self.folder / study, *options, **how), check=check)

    def results(self, study="study"):
        return [(self.folder / study / name).read_bytes() for name in ("evaluation.json", "evaluation.html")]

    def json(self, study="study"):
        return json.loads(self.results(study)[0])

    def start(self, study):
        with open(self.folder / "evaluate.log", "wb") as log:
            return subprocess.Popen(
                [programs.PROGRAMS / "safelight", *map(str, self.command(self.folder / study))],
                stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)

    def wait_for_scores(self, study, process):
        scores = self.folder / study / "scores.jsonl"
        while process.poll() is None and not (scores.exists() and scores.stat().st_size > 0):
            time.sleep(0.01)
        return scores


class Runs(Study):
    def test_results_are_private_and_the_same_again_from_scores_or_elsewhere(self):
        self.add_classes()
        self.evaluate()
        study = self.folder / "study"
        self.assertEqual(study.stat().st_mode & 0o777, 0o700)
        for name in ("evaluation.json", "evaluation.html", "scores.jsonl"):
            self.assertEqual((study / name).stat().st_mode & 0o777, 0o600, name)
        first = self.results()
        scores = (study / "scores.jsonl").read_bytes()
        self.evaluate(jobs=1)
        self.assertEqual(self.results(), first)
        self.assertEqual((study / "scores.jsonl").read_bytes(), scores)
        self.evaluate(jobs=1, study="elsewhere")
        self.assertEqual(self.results("elsewhere"), first)
        self.assertEqual(self.json()["references"]["camera"], 4)
        self.assertEqual([d["name"] for d in self.json()["detectors"]],
                         ["built-in cues", "built-in cues, fitted in each fold"])

    def test_killed_and_resumed_it_gives_what_an_undisturbed_run_gives(self):
        self.add_classes(per_source=3)
        self.evaluate(study="whole")
        whole = self.results("whole")
        killed = 0
        for _ in range(3):
            run = self.start("killed")
            scores = self.wait_for_scores("killed", run)
            size = scores.stat().st_size if scores.exists() else 0
            while run.poll() is None and scores.stat().st_size == size:
                time.sleep(0.01)
            run.send_signal(signal.SIGKILL)
            killed += run.wait() == -signal.SIGKILL
        self.assertGreater(killed, 0)
        # As a crash of the machine may leave it: a line that is not whole.
        with open(scores, "ab") as file:
            file.write(b'{"picture": "ab')
        self.evaluate(study="killed")
        self.assertEqual(self.results("killed"), whole)

    def test_ctrl_c_ends_in_order_and_the_next_run_goes_on(self):
        self.add_classes(per_source=3)
        write_manifest(self.manifest, self.lines)
        run = self.start("study")
        self.wait_for_scores("study", run)
        os.killpg(run.pid, signal.SIGINT)
        self.assertEqual(run.wait(timeout=60), USAGE)
        self.assertIn(b"interrupted", (self.folder / "evaluate.log").read_bytes())
        self.assertFalse((self.folder / "study" / "evaluation.json").exists())
        self.evaluate()
        self.assertEqual(self.json()["references"]["camera"], 6)


class BadInput(Study):
    """Pictures are too small for the built-in cues where no figure is asked for: that is quick."""

    def test_what_cannot_be_examined_is_left_out_with_its_reason(self):
        self.add_classes(side=64)
        self.add("text.png", "camera", "phone 0", b"no picture at all")
        self.add("gone.png", "camera", "phone 0", noise(900))
        (self.folder / "gone.png").unlink()
        self.add("other.png", "generated", "lab 0", noise(901))
        self.lines[-1][1] = "ab" * 32
        done = self.evaluate(check=INCOMPLETE)
        reasons = {entry["path"]: entry["reason"] for entry in self.json()["references"]["left_out"]}
        self.assertEqual(reasons.keys(), {"text.png", "gone.png", "other.png"})
        self.assertIn("cannot be decoded", reasons["text.png"])
        self.assertIn("cannot be opened", reasons["gone.png"])
        self.assertIn("SHA-256", reasons["other.png"])
        for path, reason in reasons.items():
            self.assertIn(f"{path} is left out: {reason}", done.stderr.decode())
            self.assertIn(html.escape(path), self.results()[1].decode())
        self.assertEqual(self.json()["references"]["camera"], 4)

    def test_one_class_or_one_source_gives_no_figures_and_no_fault(self):
        for i in range(5):
            self.add(f"{i}.png", "camera", "phone", noise(i))
        done = self.evaluate()
        self.assertIn(b"the references do not allow it", done.stdout)
        self.assertIn(b"Too few sources", done.stdout)
        for i in range(5, 10):
            self.add(f"{i}.png", "generated", "lab", clouds(i))
        self.evaluate()
        splits = {row["split"]: row for row in self.json()["detectors"][0]["splits"]}
        self.assertIsNone(splits["leave-one-source-out"]["cell"])
        self.assertIsNotNone(splits["random"]["cell"])
        self.assertTrue(splits["random"]["is_optimistic"])
        calibrated = self.evaluate(program="calibrate")
        self.assertIn(b"no likelihood ratio will be shown", calibrated.stdout)

    def test_damaged_scores_are_refused_with_their_place(self):
        self.add_classes(per_source=1, side=64)
        self.evaluate()
        scores = self.folder / "study" / "scores.jsonl"
        lines = scores.read_bytes().splitlines(keepends=True)
        scores.write_bytes(lines[0] + b"{broken}\n" + b"".join(lines[1:]))
        done = self.evaluate(check=USAGE)
        self.assertIn(f"scores.jsonl: malformed (scores.line) at byte {len(lines[0])}", done.stderr.decode())

    def test_a_picture_in_two_sources_is_refused_and_in_one_left_out(self):
        self.add_classes(side=64)
        self.add("again.png", "camera", "phone 0", noise(0, 64, 64))
        self.evaluate(check=INCOMPLETE)
        left_out = self.json()["references"]["left_out"]
        self.assertEqual([entry["path"] for entry in left_out], ["again.png"])
        self.lines[-1][3] = "phone 1"
        done = self.evaluate(check=USAGE)
        self.assertIn(b"camera/0.png and again.png show the same (equal)", done.stderr)

    def test_a_bad_line_of_the_manifest_is_named_by_its_number(self):
        self.add_classes(per_source=1, side=64)
        self.lines.append(["x.png", "ab" * 32, "real", "phone 0"])
        done = self.evaluate(check=USAGE)
        self.assertIn(b"manifest.csv, line 6: malformed (manifest.truth)", done.stderr)
        self.lines[-1] = ["x.png", "ab" * 32, "camera", "p" * 257]
        self.assertIn(b"line 6: malformed (manifest.name)", self.evaluate(check=USAGE).stderr)


if __name__ == "__main__":
    unittest.main()
