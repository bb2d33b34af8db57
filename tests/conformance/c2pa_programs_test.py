"""Content Credentials through whole programs: of every file and trust setting the state that c2pa-rs gives."""
import csv
import json
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import canonical

MATERIAL = programs.CONFORMANCE / "c2pa"
TRUST = {
    "offline": (),
    "testtrust": ("--trust", MATERIAL / "trust" / "c2pa-rs-test-anchors.pem"),
    "c2patrust": ("--trust", MATERIAL / "trust" / "C2PA-TRUST-LIST.pem",
                  "--trust-time-stampers", MATERIAL / "trust" / "C2PA-TSA-TRUST-LIST.pem"),
}
USAGES = ("--trust-usages", MATERIAL / "trust" / "c2pa-rs-test-ekus.cfg")


def wanted_state(row):
    """Identity assertions (CAWG) are listed, not checked: docs/c2pa.md."""
    failures = json.loads(row["failures"])
    only_identity = failures and all(code.startswith("cawg.") for code in failures)
    return "Trusted" if only_identity else row["state"]


class AgainstC2paRs(programs.CaseTest):
    def setUp(self):
        super().setUp()
        os.environ["SAFELIGHT_TRUST"] = str(self.folder / "trust")
        (self.folder / "trust").mkdir()

    def states(self, setting):
        """The state of each file, None where it has no manifest."""
        case = self.folder / setting
        self.scan(MATERIAL, "--clock", "2026-11-23", *USAGES, *TRUST[setting], case=case)
        states = {}
        for path, item in canonical(case).items():
            manifests = [f for f in item.get("content", {}).get("examination", {}).get("findings", [])
                         if f["kind"] == "c2pa_manifest"]
            self.assertLessEqual(len(manifests), 1, path)
            states[path] = dict(manifests[0]["fields"])["state"] if manifests else None
        return states

    def test_the_state_of_every_file_is_the_same(self):
        for setting in TRUST:
            states = self.states(setting)
            with open(MATERIAL / f"truth-{setting}.tsv", newline="") as table:
                for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
                    with self.subTest(setting=setting, file=row["file"]):
                        state = states[row["file"]]
                        if row["result"] == "no_manifest":
                            self.assertIsNone(state)
                        elif row["result"] == "error":
                            self.assertIn(state, (None, "Invalid"))
                        else:
                            self.assertEqual(state, wanted_state(row))


if __name__ == "__main__":
    programs.skip_without(MATERIAL)
    unittest.main()
