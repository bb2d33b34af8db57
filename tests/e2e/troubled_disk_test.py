"""A case reviewed on a disk that is full, or that cannot be written to."""
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, safelight
from review_server import Client, Server, comes_true, make_case

CASE = "/v1/cases/case"


@unittest.skipUnless(os.geteuid() == 0, "mounting a small file system takes root")
class ATroubledDisk(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", self.disk], capture_output=True).returncode != 0:
            self.skipTest("this machine mounts nothing")
        made = make_case(self.folder)
        safelight("triage", made, check=(DONE, programs.INCOMPLETE))
        self.case = self.disk / "case"
        shutil.copytree(made, self.case)

    def tearDown(self):
        subprocess.run(["umount", self.disk], check=False)
        super().tearDown()

    def fill(self):
        with (self.disk / "filler").open("wb", buffering=0) as filler:
            for size in (1 << 20, 4096):
                try:
                    while True:
                        filler.write(b"\0" * size)
                except OSError:
                    pass

    def test_what_could_not_be_kept_was_not_done_and_is_done_when_there_is_room(self):
        server = Server(self.folder, "--case", self.case)
        try:
            client = Client(server.port).redeem(server.link)
            self.assertTrue(comes_true(lambda: client.get(CASE).json["ranking"]["state"] == "current"))
            items = [card["item"] for card in client.get(f"{CASE}/queue?count=500").json["cards"] if card["width"]]
            decide = lambda item: client.post(f"{CASE}/acts", {
                "kind": "category", "items": [item], "whole_groups": False, "seen": 0, "category": "4"})
            # A log that has been written to has pages of its own to write to again.
            self.assertEqual(decide(items[0]).status, 201)
            self.fill()
            refused = [answer for answer in map(decide, items[1:60]) if answer.status != 201]
            self.assertTrue(refused)
            self.assertEqual({(answer.status, answer.code) for answer in refused}, {(503, "not-saved")})
            # Nothing is shown that cannot be put on record.
            granted = client.post(f"{CASE}/items/{items[0]}/reveals", {"rendition": "grey"})
            self.assertEqual(granted.status, 201)
            shown = client.get(granted.json["url"])
            self.assertGreaterEqual(shown.status, 500)
            self.assertNotEqual(shown.body[:4], b"RIFF")
            self.assertEqual(client.get(f"{CASE}/queue?count=5").status, 200, "what is there can still be read")

            decided = client.get(f"{CASE}/queue/counts").json
            (self.disk / "filler").unlink()
            self.assertEqual(decide(items[-1]).status, 201)
            self.assertNotEqual(client.get(f"{CASE}/queue/counts").json, decided)
            granted = client.post(f"{CASE}/items/{items[0]}/reveals", {"rendition": "grey"}).json
            self.assertEqual(client.get(granted["url"]).body[:4], b"RIFF")
        finally:
            server.stop()
        self.assertNotIn(str(items[0]), server.log.read_text())
        safelight("case", "verify", self.case, check=DONE)

    def test_a_case_that_cannot_be_written_to_is_not_reviewed(self):
        subprocess.run(["mount", "-o", "remount,ro", self.disk], check=True)
        refused = safelight("serve", "--case", self.case, check=programs.ENVIRONMENT,
                            env={"XDG_STATE_HOME": str(self.folder / "state")}, timeout=60)
        self.assertIn(b"Read-only file system", refused.stderr)
        self.assertIn(str(self.case).encode(), refused.stderr)


if __name__ == "__main__":
    unittest.main()
