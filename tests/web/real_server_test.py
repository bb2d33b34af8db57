"""The review app in Chromium on a real server with real pictures."""
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "e2e")]
import programs
from review_server import Server, make_case

WEB = TESTS.parent / "web"


class RealServer(programs.CaseTest):
    def browse(self, script, *arguments, **environment):
        done = subprocess.run(["npm", "run", script, *arguments], cwd=WEB, capture_output=True, timeout=500,
                              env={**os.environ, **environment})
        self.assertEqual(done.returncode, 0, done.stdout.decode(errors="replace")[-6000:] + done.stderr.decode()[-2000:])

    def test_the_app_works_on_a_case(self):
        case = make_case(self.folder)
        server = Server(self.folder, "--case", case)
        try:
            self.browse("browser:any", SAFELIGHT_ORIGIN=f"http://127.0.0.1:{server.port}", SAFELIGHT_LINK=server.link)
        finally:
            self.assertEqual(server.stop(), 0)
        programs.safelight("case", "verify", case, check=programs.DONE)


if __name__ == "__main__":
    if not (WEB / "node_modules").exists() or shutil.which("chromium") is None:
        print("skipped: the review app was not built here, or there is no Chromium (./test installs both)")
        sys.exit(77)
    unittest.main()
