"""How the tests of whole programs run them."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAMS = Path(os.environ.get("SAFELIGHT_PROGRAMS", "build/dev/apps")).resolve()
DEMO_MAKER = Path(os.environ.get("SAFELIGHT_DEMO_MAKER", PROGRAMS / "safelight-demo-maker")).resolve()
LIBRARY = Path(os.environ.get("SAFELIGHT_LIBRARY", "build/dev/api/libsafelight.so.1")).absolute()
CONFORMANCE = Path(os.environ.get("SAFELIGHT_CONFORMANCE", "../shared/data"))

DONE, INCOMPLETE, USAGE, ENVIRONMENT = 0, 1, 2, 3


def safelight(*arguments, input=None, env=None, check=None, timeout=300):
    """Runs the program; `check` is the exit status, or statuses, that it must have."""
    done = subprocess.run(
        [PROGRAMS / "safelight", *map(str, arguments)], input=input, capture_output=True, timeout=timeout,
        env={**os.environ, **(env or {})})
    if check is not None:
        allowed = check if isinstance(check, tuple) else (check,)
        if done.returncode not in allowed:
            raise AssertionError(f"{arguments}: status {done.returncode}\n{done.stdout[-3000:].decode(errors='replace')}"
                                 f"\n{done.stderr[-3000:].decode(errors='replace')}")
    return done


def canonical(case):
    """The items of a case by their path, from its canonical export."""
    lines = safelight("case", "export", case, "--canonical", check=DONE).stdout.splitlines()
    items = [json.loads(line) for line in lines[1:]]
    return {item["path"]: item for item in items}


def shown(path):
    """A path as a case shows it: bytes that are not UTF-8 as \\xNN."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def make_demo(folder):
    subprocess.run([DEMO_MAKER, folder], check=True, capture_output=True)


class CaseTest(unittest.TestCase):
    """A test with a folder of its own, and a list store in it."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="safelight-test-")
        self.folder = Path(self._folder.name)
        os.environ["SAFELIGHT_LISTS"] = str(self.folder / "lists")

    def tearDown(self):
        subprocess.run(["chmod", "-R", "u+rwX", self.folder], check=False)
        self._folder.cleanup()

    def scan(self, *arguments, check=(DONE, INCOMPLETE), case=None, timeout=300):
        case = case or self.folder / "case"
        return safelight("scan", *arguments, "--case", case, check=check, timeout=timeout)


def skip_without(path):
    if not path.exists():
        print(f"skipped: {path} is not here; set SAFELIGHT_CONFORMANCE to the conformance material")
        sys.exit(77)
