"""Cases whose pictures are judged by other calibrations than they were scanned with."""
import contextlib
import datetime
import hashlib
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import programs
from programs import DONE, ENVIRONMENT, INCOMPLETE, USAGE, canonical, safelight
from study_pictures import clouds, noise


def day(days):
    """A day as calibrations name it, so many from today on."""
    return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days)).isoformat()


def counts(pictures, sources):
    return {"camera": {"pictures": pictures, "sources": sources}, "generated": {"pictures": pictures, "sources": sources}}


def invented_calibration(model, preprocessing, **changes):
    """One that the gate lets through for small pictures without loss. Nothing was measured for it."""
    names = [{"name": f"source {i}", "pictures": 60} for i in range(6)]
    cost = {"cllr": 0.6, "lower": 0.5, "upper": 0.7}
    return {
        "format": "safelight calibration", "version": 1,
        "detector": {"name": "invented", "model_sha256": model, "preprocessing_sha256": preprocessing},
        "manifest_sha256": "33" * 32, "made": day(-1), "expires": day(100), "references": counts(300, 6),
        "confounds": {"auc": 0.5, "flagged": False}, "equalised": cost, "clean": cost, "abstention": None,
        "population": {"sources": names, "generators": names, "camera_makers": []},
        "strata": [{"stratum": "small/light", "references": counts(200, 6), "offset": 0.1, "slope": -0.37,
                    "lower_bound": -2.2, "upper_bound": 2.2, "cllr": 0.6, "filled_from": []}],
        **changes}


class Reestimate(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        for i in range(3):
            (self.pictures / f"noise{i}.png").write_bytes(noise(i))
            (self.pictures / f"clouds{i}.png").write_bytes(clouds(i))
        (self.pictures / "too small.png").write_bytes(noise(9, 64, 64))
        (self.pictures / "no picture.txt").write_bytes(b"words")
        with zipfile.ZipFile(self.pictures / "more.zip", "w") as archive:
            archive.writestr("noise.png", noise(10))
            archive.writestr("again.png", noise(0))
        self.case = self.folder / "case"
        self.scan(self.pictures, "--deep")
        self.cues = self.export()
        fields = dict(next(self.findings(kind="origin_cues"))["fields"])
        self.detector = fields["model"], fields["preprocessing"]

    def calibration(self, name="calibration.json", **changes):
        path = self.folder / name
        path.write_text(json.dumps(invented_calibration(*self.detector, **changes)) + "\n")
        return path

    def findings(self, kind, case=None):
        for item in canonical(case or self.case).values():
            for finding in item.get("content", {}).get("examination", {}).get("findings", []):
                if finding["kind"] == kind:
                    yield finding

    def export(self, case=None):
        return safelight("case", "export", case or self.case, "--canonical", check=DONE).stdout

    def scanned(self, *calibrations, name="scanned"):
        """What a scan with these calibrations from the start gives."""
        self.scan(self.pictures, "--deep", *self.named(*calibrations), case=self.folder / name)
        return self.export(self.folder / name)

    @staticmethod
    def named(*calibrations):
        return [word for path in calibrations for word in ("--calibration", path)]

    def estimate(self, *calibrations, check=DONE):
        return safelight("case", "estimate", self.case, *self.named(*calibrations), check=check)

    def report(self):
        path = self.folder / "report.json"
        safelight("report", self.case, "--format", "json", "--output", path, check=(DONE, INCOMPLETE))
        return json.loads(path.read_text())

    def test_gives_what_a_scan_with_the_calibration_gives_without_evidence_or_workers(self):
        calibration = self.calibration()
        scanned = self.scanned(calibration)
        self.assertNotEqual(self.cues, scanned)
        shutil.rmtree(self.pictures)
        # A copy of the program has no workers beside it that it could start.
        alone = self.folder / "programs"
        alone.mkdir()
        shutil.copy(programs.PROGRAMS / "safelight", alone)
        done = subprocess.run([alone / "safelight", "case", "estimate", self.case, "--calibration", calibration],
                              capture_output=True)
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertEqual(done.stderr, b"")
        self.assertIn(b"8 assessments of 8 pictures judged: the findings of 7 pictures changed\n", done.stdout)
        self.assertEqual(self.export(), scanned)
        self.assertGreater(len(list(self.findings(kind="origin_estimate"))), 0)
        self.assertEqual(len(list(self.findings(kind="origin_not_assessable"))), 1)
        safelight("case", "verify", self.case, check=DONE)
        # Again it changes nothing, and without a calibration cues are left, as they were.
        self.assertIn(b"of 0 pictures changed", self.estimate(calibration).stdout)
        self.assertEqual(self.export(), scanned)
        self.assertIn(b"of 7 pictures changed", self.estimate().stdout)
        self.assertEqual(self.export(), self.cues)

    def test_a_calibration_that_expired_gives_no_ratio(self):
        expired = self.calibration("expired.json", made=day(-100), expires=day(0))
        scanned = self.scanned(expired)
        self.estimate(self.calibration())
        self.assertEqual(self.estimate(expired).stderr, b"")
        self.assertEqual(self.export(), scanned)
        self.assertIn("expired", dict(next(self.findings(kind="origin_cues"))["fields"])["reason"])
        # Of two the one that holds longer counts.
        self.estimate(expired, self.calibration())
        self.assertEqual(len(list(self.findings(kind="origin_cues"))), 0)

    def test_runs_record_the_calibrations_and_the_order_of_review_follows(self):
        calibration = self.calibration(strata=[{
            **invented_calibration(*self.detector)["strata"][0], "offset": 2.0, "slope": -1e-9}])

        def reasons():
            return {item["path"]: [reason["code"] for reason in item["reasons"]] for item in self.report()["items"]}

        before = reasons()
        self.assertNotIn("camera_evidence", json.dumps(before))
        self.estimate(calibration)
        for path, codes in reasons().items():
            self.assertEqual("camera_evidence" in codes, "noise" in path or "clouds" in path or "again" in path, path)
        self.estimate()
        self.assertEqual(reasons(), before)
        noted = f"invented, {day(-1)}, SHA-256 {hashlib.sha256(calibration.read_bytes()).hexdigest()}"

        def noted_in(case):
            path = self.folder / "runs.json"
            safelight("report", case, "--format", "json", "--output", path, check=(DONE, INCOMPLETE))
            return [(run["command"], [text for name, text in run["options"] if name == "calibration"])
                    for run in json.loads(path.read_text())["runs"] if run["command"] in ("scan", "estimate")]

        self.assertEqual(noted_in(self.case), [("scan", []), ("estimate", [noted]), ("estimate", [])])
        self.scanned(calibration)
        self.assertEqual(noted_in(self.folder / "scanned"), [("scan", [noted])])

    def test_killed_at_random_moments_it_goes_on(self):
        calibration = self.calibration()
        scanned = self.scanned(calibration)
        seed = random.Random(30)
        killed = 0
        for _ in range(10):
            run = subprocess.Popen([programs.PROGRAMS / "safelight", "case", "estimate", self.case, *self.named(calibration)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(seed.uniform(0, 0.1))
            run.send_signal(signal.SIGKILL)
            killed += run.wait() == -signal.SIGKILL
            self.assertIn(self.export(), (self.cues, scanned))
        self.assertGreater(killed, 0)
        self.estimate(calibration)
        self.assertEqual(self.export(), scanned)
        safelight("case", "verify", self.case, check=DONE)

    def test_a_later_scan_that_asks_no_detector_keeps_what_they_said(self):
        modes = ["--pdq", "reference,full"]
        calibration = self.calibration()
        self.estimate(calibration)
        self.scan(self.pictures, *modes)
        self.scan(self.pictures, "--deep", *modes, *self.named(calibration), case=self.folder / "at once")
        at_once = canonical(self.folder / "at once")
        for path, item in canonical(self.case).items():
            if path.endswith(".png"):
                self.assertEqual(item, at_once[path])

    def test_a_calibration_of_another_model_and_pictures_not_looked_at_are_told(self):
        other = self.calibration("other.json", detector={
            "name": "other", "model_sha256": "77" * 32, "preprocessing_sha256": self.detector[1]})
        done = self.estimate(other)
        self.assertIn(b"warning: the calibration of other is of a model that no finding of the case is of", done.stderr)
        self.assertEqual(self.export(), self.cues)
        self.scan(self.pictures, case=self.folder / "shallow")
        done = safelight("case", "estimate", self.folder / "shallow", check=DONE)
        self.assertIn(b"0 assessments of 0 pictures", done.stdout)
        self.assertIn(b"8 pictures were scanned without --deep", done.stdout)

    def test_a_finding_from_a_hostile_hand_stays_and_is_counted(self):
        with contextlib.closing(sqlite3.connect(self.case / "case.db")) as db, db:
            row, fields = db.execute("SELECT id, fields FROM content_findings WHERE kind = 'origin_cues'").fetchone()
            broken = [[name, "nan" if name == "score" else text] for name, text in json.loads(fields)]
            db.execute("UPDATE content_findings SET fields = ? WHERE id = ?", (json.dumps(broken), row))
        done = self.estimate(self.calibration(), check=INCOMPLETE)
        self.assertIn(b"7 assessments of 8 pictures judged: the findings of 6 pictures changed\n"
                      b"1 findings do not state what they must, and stay as they are", done.stdout)
        left = [dict(finding["fields"])["score"] for finding in self.findings(kind="origin_cues")]
        self.assertEqual(set(left), {"nan"})

    def test_what_cannot_be_used_leaves_the_case_as_it_is(self):
        (self.folder / "broken.json").write_text("{}\n")
        self.assertIn(b"broken.json: ", self.estimate(self.folder / "broken.json", check=USAGE).stderr)
        self.estimate(self.folder / "nowhere.json", check=USAGE)
        safelight("case", "estimate", self.folder / "no case", check=ENVIRONMENT)
        self.assertEqual([run["command"] for run in self.report()["runs"]], ["scan"])


if __name__ == "__main__":
    unittest.main()
