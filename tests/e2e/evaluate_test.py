"""Studies of detectors as a laboratory runs them: resumed, with bad input, and as far as a case."""
import hashlib
import html
import json
import math
import os
import random
import shutil
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
from programs import DONE, INCOMPLETE, USAGE, canonical, safelight
from study_pictures import add_line, clouds, noise, tinted, write_manifest

RUNTIME = next((path for path in [Path(os.environ.get("SAFELIGHT_ONNXRUNTIME", "/nowhere")),
                                  Path.home() / ".local/lib/safelight/libonnxruntime.so.1"] if path.exists()), None)


class Study(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.manifest = self.folder / "manifest.csv"
        self.lines = []

    def add(self, name, label, source, data=None, generator=""):
        add_line(self.lines, self.folder, name, label, source, data, generator)

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
        self.lines.append(["x.png", "ab" * 32, "real", "phone 0", ""])
        done = self.evaluate(check=USAGE)
        self.assertIn(b"manifest.csv, line 6: malformed (manifest.truth)", done.stderr)
        self.lines[-1] = ["x.png", "ab" * 32, "camera", "p" * 257, ""]
        self.assertIn(b"line 6: malformed (manifest.name)", self.evaluate(check=USAGE).stderr)


class Plugins(Study):
    """Pictures of 64 pixels a side, which the built-in cues are not assessable for; models of 8."""

    def setUp(self):
        super().setUp()
        if RUNTIME is None:
            self.skipTest("ONNX Runtime is not here: tools/fetch_onnxruntime fetches it")
        self.models = self.folder / "models"
        self.models.mkdir()

    def add_model(self, name, stem="mean_of_red", form="probability", **changes):
        model = (Path("testdata/onnx") / f"{stem}.onnx").read_bytes()
        (self.models / f"{stem}.onnx").write_bytes(model)
        card = {"card": 1, "name": name, "model": f"{stem}.onnx", "sha256": hashlib.sha256(model).hexdigest(),
                "licence": "Apache-2.0", "source": "tools/make_onnx_models.py",
                "input": {"name": "picture", "width": 8, "height": 8, "layout": "nchw", "channel_order": "rgb"},
                "resize": {"policy": "stretch", "kernel": "bilinear"}, "crop": {"policy": "centre"},
                "normalisation": {"value_range": "0..1", "mean": [0, 0, 0], "std": [1, 1, 1]},
                "output": {"name": "score", "proposition": "synthetic", "form": form, "values": 1, "index": 0}}
        (self.models / f"{name}.json").write_text(json.dumps({**card, **changes}))

    def add_levels(self, sources, per_source):
        """Camera pictures are darker than generated ones."""
        for source in range(sources):
            for i in range(per_source):
                seed = 1000 * source + i
                self.add(f"camera/{seed}.png", "camera", f"phone {source}", noise(seed, 64, 64, 90 + seed % 9))
                self.add(f"made/{seed}.png", "generated", f"lab {source}", noise(10**6 + seed, 64, 64, 150 + seed % 9),
                         "one model for all")

    def detector(self, name):
        return next(d for d in self.json()["detectors"] if d["name"] == name)

    def test_models_that_lie_or_fail_cost_nothing_but_their_own_figures(self):
        self.add_model("good")
        self.add_model("wrong hash", sha256="ab" * 32)
        self.add_model("wrong shape", stem="mean_of_red_nhwc")
        self.add_model("no probability",
                       normalisation={"value_range": "0..1", "mean": [1000, 1000, 1000], "std": [1, 1, 1]})
        self.add_levels(2, 10)
        done = self.evaluate("--models", self.models, check=INCOMPLETE)
        warnings = done.stderr.decode()
        for card in ("wrong hash.json", "wrong shape.json"):
            self.assertIn(card, warnings)
        names = [d["name"] for d in self.json()["detectors"]]
        self.assertNotIn("wrong hash", names)
        self.assertNotIn("wrong shape", names)
        cell = self.detector("good")["splits"][0]["cell"]
        self.assertEqual((cell["camera"], cell["auc"]["estimate"]), (20, 1))
        self.assertEqual(self.json()["references"]["left_out"], [])
        self.assertEqual(self.detector("no probability")["sweep"][0]["cell"]["camera_not_assessed"], 20)

    def test_a_source_with_swapped_labels_is_reported(self):
        self.add_model("good")
        self.add_levels(4, 12)
        for line in self.lines:
            if line[3] == "phone 2":
                line[2] = "generated"
        done = self.evaluate("--models", self.models)
        self.assertEqual([o["source"] for o in self.detector("good")["outliers"]], ["phone 2"])
        self.assertIn(b"source phone 2: 12 of 12 ratios mislead", done.stdout)

    def test_a_detector_that_tells_them_apart_serves_a_case(self):
        self.add_model("good")
        self.add_levels(5, 20)
        said = self.evaluate("--models", self.models, program="calibrate").stdout.decode().split("good: ")[1]
        self.assertIn("likelihood ratios may be shown until", said)
        # Enough pictures of the generator, and too few of each source of camera pictures.
        self.assertNotIn("but none will be said to support a camera", said)
        self.assertIn("but none will be said to support that all was generated", said)
        calibration = self.folder / "study" / "calibration-good.json"
        self.assertEqual(calibration.stat().st_mode & 0o777, 0o600)
        found = self.folder / "found"
        found.mkdir()
        (found / "dark.png").write_bytes(noise(77777, 64, 64, 92))
        (found / "light.png").write_bytes(noise(77778, 64, 64, 152))
        detector = ["--models", self.models, "--calibration", calibration]
        self.scan(found, "--deep", *detector)
        case = self.folder / "case"

        def estimates(case):
            return {path: [f for f in item["content"]["examination"]["findings"]
                           if f["kind"] == "origin_estimate"] for path, item in canonical(case).items()}

        ratios = {}
        for path, findings in estimates(case).items():
            self.assertEqual([f["grade"] for f in findings], ["weak"], path)
            fields = dict(findings[0]["fields"])
            low, high = float(fields["lower_bound"]), float(fields["upper_bound"])
            self.assertTrue(-math.log10(101) - 0.02 <= low < 0 < high <= math.log10(101) + 0.02, fields)
            ratio = float(fields["log10_lr"])
            self.assertTrue(low <= ratio <= high, fields)
            ratios[path] = (fields["supports"], ratio)
        self.assertEqual({path: supports for path, (supports, _) in ratios.items()},
                         {"dark.png": "camera", "light.png": "inconclusive"})
        self.assertGreater(ratios["dark.png"][1], 0)
        self.assertLess(ratios["light.png"][1], 0)
        # The same by inspect, without a case.
        shown = json.loads(safelight("inspect", found / "dark.png", *detector, "--json", check=DONE).stdout)
        self.assertIn("origin_estimate", json.dumps(shown))

        plain = self.folder / "plain"
        self.scan(found, case=plain)

        def reported(case):
            file = self.folder / "report.json"
            safelight("report", case, "--format", "json", "--output", file, check=(DONE, INCOMPLETE))
            return {item["path"]: item for item in json.loads(file.read_text())["items"]}

        def codes(item):
            return [reason["code"] for reason in item["reasons"]]

        items, without = reported(case), reported(plain)
        self.assertEqual(items["dark.png"]["rank"], 1)
        self.assertIn("camera_evidence", codes(items["dark.png"]))
        self.assertNotIn("camera_evidence", codes(items["light.png"]))
        for path, item in items.items():
            self.assertEqual(item["rank_class"], without[path]["rank_class"])
            self.assertIn("origin_estimate", json.dumps(item))
        # A calibration of another model counts for nothing, and that is said.
        shutil.rmtree(self.models)
        self.models.mkdir()
        self.add_model("good", stem="mean_of_red_one_by_one")
        other = self.folder / "other"
        done = self.scan(found, "--deep", *detector, case=other)
        self.assertIn(b"is of a model that is not here", done.stderr)
        for item in canonical(other).values():
            kinds = [f["kind"] for f in item["content"]["examination"]["findings"]]
            self.assertNotIn("origin_estimate", kinds)
            self.assertIn("origin_cues", kinds)

    def test_detectors_that_know_different_things_are_fused(self):
        self.add_model("red")
        self.add_model("blue", input={"name": "picture", "width": 8, "height": 8, "layout": "nchw",
                                      "channel_order": "bgr"})
        # Each colour by itself is right of most pictures, and both together of nearly all.
        for source in range(5):
            for i in range(20):
                for label, lab, level in (("camera", "phone", 110), ("generated", "lab", 130)):
                    draw = random.Random(f"{source} {i} {label}")
                    levels = [round(level + draw.gauss(0, 12)) for _ in range(2)]
                    self.add(f"{label}/{source}-{i}.png", label, f"{lab} {source}",
                             tinted(f"{source} {i} {label}", 64, *levels),
                             f"model {source}" if label == "generated" else "")
        done = self.evaluate("--models", self.models, program="calibrate")
        self.assertNotIn(b"not written", done.stdout)
        self.evaluate("--models", self.models)
        fusion = self.json()["fusion"]
        self.assertEqual(fusion["name"], "fusion of blue + red")
        self.assertTrue(fusion["pays"])
        self.assertTrue(all(fusion["cllr"] < member["cllr"] for member in fusion["members"]))
        self.assertEqual([d["name"] for d in self.json()["detectors"]][-1], fusion["name"])
        found = self.folder / "found"
        found.mkdir()
        (found / "dark.png").write_bytes(tinted(7, 64, 95, 95))
        calibrations = []
        for name in ("red", "blue", "fusion-of-blue---red"):
            calibrations += ["--calibration", self.folder / "study" / f"calibration-{name}.json"]
        self.scan(found, "--deep", "--models", self.models, *calibrations)
        findings = [f for f in canonical(self.folder / "case")["dark.png"]["content"]["examination"]["findings"]
                    if f["kind"] == "origin_estimate"]
        ratios = {dict(f["fields"])["detector"]: float(dict(f["fields"])["log10_lr"]) for f in findings}
        self.assertEqual(set(ratios), {"red", "blue", fusion["name"]})
        self.assertGreater(ratios[fusion["name"]], max(ratios["red"], ratios["blue"]))
        self.assertIn("not to be multiplied", findings[-1]["statement"])


if __name__ == "__main__":
    unittest.main()
