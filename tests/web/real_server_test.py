"""The review app in Chromium on real servers with real pictures."""
import hashlib
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "e2e")]
import programs
from review_server import PASSWORD, Server, add_person, make_case, team_config

WEB = TESTS.parent / "web"


class RealServer(programs.CaseTest):
    def browse(self, script, server, **environment):
        try:
            done = subprocess.run(["npm", "run", script], cwd=WEB, capture_output=True, timeout=500,
                                  env={**os.environ, **environment})
        finally:
            stopped = server.stop()
        self.assertEqual(done.returncode, 0, done.stdout.decode(errors="replace")[-6000:] + done.stderr.decode()[-2000:])
        self.assertEqual(stopped, 0)
        programs.safelight("case", "verify", self.folder / "case", check=programs.DONE)

    def test_the_app_works_on_a_case(self):
        server = Server(self.folder, "--case", make_case(self.folder))
        self.browse("browser:any", server, SAFELIGHT_ORIGIN=f"http://127.0.0.1:{server.port}", SAFELIGHT_LINK=server.link)

    def test_two_people_review_a_case_together(self):
        config = team_config(self.folder, {"case": make_case(self.folder)})
        add_person(config, "ana", "lead")
        add_person(config, "ben", "reviewer")
        originals = [file for file in (self.folder / "pictures").rglob("*") if file.is_file()]
        server = Server(self.folder, "--config", config)
        self.browse("browser:team", server, SAFELIGHT_ORIGIN=f"https://127.0.0.1:{server.port}", SAFELIGHT_PASSWORD=PASSWORD,
                    SAFELIGHT_ORIGINALS=" ".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in originals))

    def test_lists_change_and_originals_leave_when_two_persons_agree(self):
        config = team_config(self.folder, {"case": make_case(self.folder)}, exports="exports")
        for login, role in {"ana": "lead", "fay": "lead", "eli": "list_curator", "gil": "list_curator", "cleo": "auditor"}.items():
            add_person(config, login, role)
        server = Server(self.folder, "--config", config)
        self.browse("browser:office", server, SAFELIGHT_ORIGIN=f"https://127.0.0.1:{server.port}", SAFELIGHT_PASSWORD=PASSWORD)
        folder, = (self.folder / "exports").iterdir()
        self.assertEqual(len(list(folder.iterdir())), 3, "two originals and their manifest")


if __name__ == "__main__":
    if not (WEB / "node_modules").exists() or shutil.which("chromium") is None:
        print("skipped: the review app was not built here, or there is no Chromium (./test installs both)")
        sys.exit(77)
    unittest.main()
