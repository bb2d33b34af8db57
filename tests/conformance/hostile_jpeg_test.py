"""JPEGs that broke decoders: no item is lost, none hangs, each that is not examined says why."""
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs


class HostileJpeg(programs.CaseTest):
    def test_every_file_becomes_an_item_with_a_reason(self):
        source = programs.CONFORMANCE / "hostile" / "jpeg"
        files = [p for p in source.rglob("*") if p.is_file()]
        self.scan(source)
        items = programs.canonical(self.folder / "case")
        for file in files:
            item = items[str(file.relative_to(source))]
            if item["coverage"] != "full":
                content = item.get("content") or {}
                findings = item["findings"] + content.get("examination", {}).get("findings", [])
                self.assertTrue(findings, item["path"])
                self.assertNotIn("worker_crashed", json.dumps(findings), item["path"])
        programs.safelight("case", "verify", self.folder / "case", check=programs.DONE)


if __name__ == "__main__":
    programs.skip_without(programs.CONFORMANCE / "hostile" / "jpeg")
    unittest.main()
