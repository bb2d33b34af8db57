"""A scan that is killed at random moments and started again gives the case of one that was not."""
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, INCOMPLETE, make_demo, safelight

KILLS = 20


class Interruption(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        make_demo(self.pictures)
        # Enough distinct files that a scan lasts many commits: each demo picture with a tail of its own.
        originals = [p for p in self.pictures.rglob("*") if p.suffix in (".jpg", ".png")]
        many = self.pictures / "many"
        many.mkdir()
        for copy in range(5):
            for number, path in enumerate(originals):
                (many / f"{copy:02}-{number:03}{path.suffix}").write_bytes(path.read_bytes() + copy.to_bytes(4, "big"))
        with zipfile.ZipFile(self.pictures / "many.zip", "w") as archive:
            for number, path in enumerate(originals):
                archive.writestr(f"{number}{path.suffix}", path.read_bytes() + b"in a zip")

    def start(self, case):
        with open(self.folder / "scan.log", "wb") as log:
            return subprocess.Popen(
                [programs.PROGRAMS / "safelight", "scan", self.pictures, "--case", case,
                 "--list", self.pictures / "known.csv"],
                stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)

    def export(self, case):
        return safelight("case", "export", case, "--canonical", check=DONE).stdout

    def test_kill_at_random_moments(self):
        whole = self.folder / "whole"
        begin = time.monotonic()
        self.assertIn(self.start(whole).wait(), (DONE, INCOMPLETE))
        duration = time.monotonic() - begin
        seed = random.Random(20)
        killed = self.folder / "killed"
        kills = 0
        for _ in range(KILLS):
            scan = self.start(killed)
            time.sleep(seed.uniform(0.02, duration / 4))
            scan.send_signal(signal.SIGKILL)
            kills += scan.wait() == -signal.SIGKILL
            if (killed / "case.db").exists():
                verified = safelight("case", "verify", killed)
                self.assertIn(verified.returncode, (DONE, 3), verified.stdout)
        self.assertGreater(kills, 0)
        self.assertIn(self.start(killed).wait(), (DONE, INCOMPLETE))
        self.assertEqual(self.export(killed), self.export(whole))
        verified = safelight("case", "verify", killed, check=DONE).stdout.decode()
        self.assertRegex(verified, r"[1-9]\d* of them resumed")

    def test_ctrl_c_ends_in_order_and_goes_on(self):
        case = self.folder / "stopped"
        scan = self.start(case)
        while not (case / "case.db").exists():
            time.sleep(0.01)
        time.sleep(0.2)
        # As a terminal does it: to every process of the group, the workers too.
        os.killpg(scan.pid, signal.SIGINT)
        self.assertIn(scan.wait(timeout=60), (DONE, INCOMPLETE), (self.folder / "scan.log").read_bytes()[-2000:])
        safelight("case", "verify", case, check=DONE)
        self.assertIn(self.start(case).wait(), (DONE, INCOMPLETE))
        whole = self.folder / "whole"
        self.assertIn(self.start(whole).wait(), (DONE, INCOMPLETE))
        self.assertEqual(self.export(case), self.export(whole))

    def scan_killing_workers(self, pictures, case):
        """Scans, killing each worker 0.2 s after it came; gives the items over which one died."""
        scan = subprocess.Popen([programs.PROGRAMS / "safelight", "scan", pictures, "--case", case],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        born = {}
        while scan.poll() is None:
            for task in Path(f"/proc/{scan.pid}/task").glob("*/children"):
                try:
                    workers = task.read_text().split()
                except OSError:
                    continue
                for worker in workers:
                    # One that dies before it serves is a broken machine, and ends the scan.
                    if time.monotonic() - born.setdefault(worker, time.monotonic()) > 0.2:
                        with contextlib.suppress(ProcessLookupError):  # It ended meanwhile.
                            os.kill(int(worker), signal.SIGKILL)
            time.sleep(0.01)
        return [i for i in programs.canonical(case).values() if "worker_crashed" in json.dumps(i)]

    def test_what_a_killed_worker_had_is_tried_again(self):
        # Files of the folder alone: members of an archive are not looked at again while it is unchanged.
        pictures = self.pictures / "many"
        whole = self.folder / "whole"
        # A worker killed between two requests costs nothing: it takes some scans until one had work.
        for attempt in range(10):
            harmed = self.folder / f"harmed{attempt}"
            crashed = self.scan_killing_workers(pictures, harmed)
            if crashed:
                break
        self.assertTrue(crashed)
        for case in (harmed, whole):
            safelight("scan", pictures, "--case", case, check=(DONE, INCOMPLETE))
        self.assertEqual(self.export(harmed), self.export(whole))
        safelight("case", "verify", harmed, check=DONE)

    @unittest.skipUnless(os.geteuid() == 0, "mounting a small file system takes root")
    def test_a_full_disk_is_said_and_leaves_the_case_whole(self):
        small = self.folder / "small"
        small.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", small], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("this machine mounts nothing")
        try:
            done = safelight("scan", self.pictures, "--case", small / "case", check=3)
            self.assertIn(b"no space is left", done.stderr)
            subprocess.run(["mount", "-o", "remount,size=100m", small], check=True)
            safelight("case", "verify", small / "case", check=DONE)
            safelight("scan", self.pictures, "--case", small / "case", check=(DONE, INCOMPLETE))
        finally:
            subprocess.run(["umount", small], check=False)


if __name__ == "__main__":
    unittest.main()
