"""The review app by itself: types, logic, and whole pages in Chromium against a stub of the server."""
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "web"


class App(unittest.TestCase):
    def npm(self, script):
        done = subprocess.run(["npm", "run", script], cwd=WEB, capture_output=True, timeout=800)
        lines = done.stdout.decode(errors="replace").splitlines()
        failed = [line for at, line in enumerate(lines) if any("not ok" in before for before in lines[max(0, at - 20):at + 1])]
        self.assertEqual(done.returncode, 0, "\n".join(failed or lines[-100:]) + done.stderr.decode()[-2000:])

    def test_types(self):
        self.npm("check")

    def test_logic(self):
        self.npm("unit")

    def test_pages(self):
        self.npm("browser")


if __name__ == "__main__":
    if not (WEB / "node_modules").exists() or shutil.which("chromium") is None:
        print("skipped: the review app was not built here, or there is no Chromium (./test installs both)")
        sys.exit(77)
    unittest.main()
