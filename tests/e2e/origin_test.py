"""Evidence of origin through whole programs: workers, trust files, reruns, prompts, reports."""
import contextlib
import json
import os
import sqlite3
import struct
import subprocess
import sys
import unittest
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, INCOMPLETE, USAGE, canonical, safelight

SIGN_PNG = os.environ["SAFELIGHT_SIGN_PNG"]
PROMPT = "a lighthouse on a rock at dusk, oil painting"
INFOTEXT = f"{PROMPT}\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, " \
           "Size: 96x96, Model hash: 6ce0161689, Model: landscapes"


def png_file(colour_type, pixel, texts=(), side=96):
    """A PNG of 8 bits a sample; `pixel` gives the samples at x, y."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(side)) for y in range(side))
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, colour_type, 0, 0, 0))
    for keyword, text in texts:
        out += chunk(b"tEXt", keyword.encode() + b"\0" + text.encode("latin-1"))
    return out + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shade(x, y):
    return (x * 5 + y * y * 3) & 255


def png(texts=()):
    return png_file(2, lambda x, y: [shade(x, y)] * 3, texts)


def png_with_hidden_text(text, side=96):
    """RGBA; the text in the lowest bits of alpha, column by column, as "stealth pnginfo" has it."""
    data = text.encode()
    hidden = b"stealth_pnginfo" + struct.pack(">I", 8 * len(data)) + data
    bits = [byte >> k & 1 for byte in hidden for k in range(7, -1, -1)]
    alpha = [[255] * side for _ in range(side)]
    for i, bit in enumerate(bits):
        alpha[i % side][i // side] = 254 | bit
    return png_file(6, lambda x, y: [shade(x, y), 90, 40, alpha[y][x]], side=side)


def findings_of(item):
    return item["content"]["examination"]["findings"]


def grades(findings, kind):
    return [f["grade"] for f in findings if f["kind"] == kind]


class Origin(programs.CaseTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        self.trust = self.folder / "trust"
        self.trust.mkdir()
        os.environ["SAFELIGHT_TRUST"] = str(self.trust)
        self.case = self.folder / "case"

    def sign(self):
        """Puts signed.png and detached.png with its store among the pictures; gives the list."""
        (self.folder / "plain.png").write_bytes(png())
        subprocess.run([SIGN_PNG, self.folder / "plain.png", self.pictures], check=True)
        (self.pictures / "signers.pem").rename(self.folder / "signers.pem")
        return self.folder / "signers.pem"

    def audit_log(self):
        with contextlib.closing(sqlite3.connect(self.case / "case.db")) as db:
            return b"\n".join(record for record, in db.execute("SELECT record FROM audit ORDER BY sequence"))

    def inspect(self, name, *arguments, check=(DONE, INCOMPLETE)):
        done = safelight("inspect", self.pictures / name, "--json", "--clock", "2026-11-23", *arguments, check=check)
        return json.loads(done.stdout)

    def test_a_scan_stores_what_metadata_declare(self):
        (self.pictures / "made.png").write_bytes(png([("parameters", INFOTEXT)]))
        (self.pictures / "plain.png").write_bytes(png())
        self.scan(self.pictures)
        items = canonical(self.case)
        self.assertEqual(grades(findings_of(items["made.png"]), "generator_mark"), ["declared"])
        self.assertEqual(findings_of(items["plain.png"]), [])
        self.assertEqual(items["plain.png"]["content"]["examination"]["origin"], "metadata")

    def test_a_case_holds_no_text_of_a_prompt(self):
        (self.pictures / "made.png").write_bytes(png([("parameters", INFOTEXT)]))
        self.scan(self.pictures)
        for path in self.case.rglob("*"):
            if path.is_file():
                self.assertNotIn(PROMPT.encode(), path.read_bytes(), path)
        for form in ("html", "json", "csv"):
            out = self.folder / f"report.{form}"
            safelight("report", self.case, "--format", form, "--output", out, check=DONE)
            self.assertNotIn(PROMPT.encode(), out.read_bytes(), form)

    def test_prompts_are_shown_on_request_and_the_case_notes_it(self):
        (self.pictures / "made.png").write_bytes(png([("parameters", INFOTEXT)]))
        self.scan(self.pictures)
        self.assertNotIn(b"prompts.shown", self.audit_log())
        shown = self.inspect("made.png", "--show-prompts", "--case", self.case)
        self.assertEqual([p["text"] for p in shown["prompts"]], [PROMPT, "fog"])
        self.assertIn(b"prompts.shown", self.audit_log())
        self.assertNotIn(PROMPT.encode(), self.audit_log())
        safelight("case", "verify", self.case, check=DONE)
        self.assertNotIn("prompts", self.inspect("made.png"))

    def test_prompts_are_not_shown_without_a_case_to_note_it(self):
        (self.pictures / "made.png").write_bytes(png([("parameters", INFOTEXT)]))
        for arguments in (["--show-prompts"], ["--case", self.case]):
            done = safelight("inspect", self.pictures / "made.png", *arguments, check=USAGE)
            self.assertNotIn(PROMPT.encode(), done.stdout)

    def test_a_signature_is_verified_and_the_list_decides_on_trust(self):
        signers = self.sign()
        self.assertEqual(grades(self.inspect("signed.png")["findings"], "c2pa_manifest"), ["verified"])
        trusted = self.inspect("signed.png", "--trust", signers)["findings"]
        self.assertEqual(grades(trusted, "c2pa_manifest"), ["verified-trusted"])
        (self.trust / "signers").mkdir()
        (self.trust / "signers" / "ours.pem").write_bytes(signers.read_bytes())
        from_folder = self.inspect("signed.png")["findings"]
        self.assertEqual(grades(from_folder, "c2pa_manifest"), ["verified-trusted"])

    def test_a_changed_picture_contradicts_its_signature(self):
        signers = self.sign()
        path = self.pictures / "signed.png"
        data = bytearray(path.read_bytes())
        at = data.index(b"IHDR") + 4 + 3  # The width, which the signature covers.
        data[at] ^= 1
        data[data.index(b"IHDR") + 17:data.index(b"IHDR") + 21] = struct.pack(
            ">I", zlib.crc32(bytes(data[data.index(b"IHDR"):data.index(b"IHDR") + 17])))
        path.write_bytes(data)
        findings = self.inspect("signed.png", "--trust", signers)["findings"]
        self.assertEqual(grades(findings, "c2pa_manifest"), ["contradicted"])

    def test_an_expired_certificate_is_said_on_its_own(self):
        signers = self.sign()
        findings = json.loads(safelight(
            "inspect", self.pictures / "signed.png", "--json", "--trust", signers, "--clock", "2040-01-01",
            check=(DONE, INCOMPLETE)).stdout)["findings"]
        self.assertEqual(grades(findings, "c2pa_manifest"), ["verified"])

    def test_a_store_beside_the_file_is_found(self):
        signers = self.sign()
        found = self.inspect("detached.png", "--trust", signers)
        self.assertEqual(grades(found["findings"], "c2pa_manifest"), ["verified-trusted"])
        (self.pictures / "detached.c2pa").rename(self.folder / "elsewhere.c2pa")
        self.assertEqual(grades(self.inspect("detached.png")["findings"], "c2pa_manifest"), [])
        named = self.inspect("detached.png", "--manifest", self.folder / "elsewhere.c2pa")
        self.assertEqual(grades(named["findings"], "c2pa_manifest"), ["verified"])

    def test_a_rerun_with_other_lists_judges_anew_and_one_with_the_same_does_not(self):
        signers = self.sign()
        clock = ("--clock", "2026-11-23")

        def verdict():
            return grades(findings_of(canonical(self.case)["signed.png"]), "c2pa_manifest")

        self.scan(self.pictures, *clock)
        self.assertEqual(verdict(), ["verified"])
        again = json.loads(self.scan(self.pictures, *clock, "--trust", signers, "--json").stdout)
        self.assertEqual(verdict(), ["verified-trusted"])
        self.assertEqual(again["skipped_unchanged"], 2)
        same = json.loads(self.scan(self.pictures, *clock, "--trust", signers, "--json").stdout)
        self.assertEqual(same["skipped_unchanged"], 3)

    def test_a_rerun_in_depth_looks_again_and_a_shallow_one_keeps_it(self):
        (self.pictures / "plain.png").write_bytes(png())

        def origin():
            return canonical(self.case)["plain.png"]["content"]["examination"]["origin"]

        self.scan(self.pictures)
        self.scan(self.pictures, "--deep")
        self.assertEqual(origin(), "pixels")
        shallow = json.loads(self.scan(self.pictures, "--json").stdout)
        self.assertEqual(shallow["skipped_unchanged"], 1)
        self.scan(self.pictures, "--pdq", "reference,full")
        self.assertEqual(origin(), "pixels")

    def test_text_hidden_in_pixels_is_found_in_depth(self):
        (self.pictures / "hidden.png").write_bytes(png_with_hidden_text(INFOTEXT))
        self.scan(self.pictures)
        self.assertEqual(findings_of(canonical(self.case)["hidden.png"]), [])
        self.scan(self.pictures, "--deep")
        findings = findings_of(canonical(self.case)["hidden.png"])
        self.assertEqual(grades(findings, "stealth_text"), ["declared"])
        self.assertEqual(grades(findings, "generator_mark"), ["declared"])
        self.assertEqual(grades(findings, "pixels_examined"), ["fact"])
        self.assertNotIn(PROMPT, json.dumps(findings))
        shown = self.inspect("hidden.png", "--show-prompts", "--case", self.case)
        self.assertEqual([p["text"] for p in shown["prompts"]], [PROMPT, "fog"])

    def test_trust_files_that_cannot_be_used_are_refused_by_name(self):
        (self.pictures / "plain.png").write_bytes(png())
        garbage = self.folder / "garbage.pem"
        garbage.write_text("not a certificate")
        for path in (garbage, self.folder / "missing.pem"):
            done = safelight("inspect", self.pictures / "plain.png", "--trust", path, check=USAGE)
            self.assertIn(path.name.encode(), done.stderr)

    def test_the_summary_names_no_fewer_reasons_than_gaps(self):
        (self.pictures / "more.png").write_bytes(png() + b"behind the end")
        (self.pictures / "broken.png").write_bytes(png()[:60])
        summary = self.scan(self.pictures).stdout.decode()
        self.assertIn("none found, which says nothing of where the files come from", summary)
        shown = summary.split("by reason\n")[1].split("Evidence")[0].split("\n")
        self.assertEqual([line.split() for line in shown if line],
                         [["truncated", "1"], ["(see", "the", "findings)", "1"]])

    def test_a_trust_folder_that_cannot_be_used_is_not_taken_for_an_empty_one(self):
        (self.pictures / "plain.png").write_bytes(png())
        (self.trust / "signers").mkdir()
        (self.trust / "signers" / "gone.pem").symlink_to(self.folder / "unmounted.pem")
        done = safelight("inspect", self.pictures / "plain.png", check=USAGE)
        self.assertIn(b"gone.pem", done.stderr)
        os.environ["SAFELIGHT_TRUST"] = str(self.folder / "unmounted")
        done = safelight("inspect", self.pictures / "plain.png", check=USAGE)
        self.assertIn(b"unmounted", done.stderr)

    def test_a_clock_that_is_no_day_of_the_calendar_is_refused(self):
        (self.pictures / "plain.png").write_bytes(png())
        for clock in ("soon", "", "2026-02-30", "2026-11-31T00:00:00Z"):
            safelight("inspect", self.pictures / "plain.png", "--clock", clock, check=USAGE)
        safelight("inspect", self.pictures / "plain.png", "--clock", "2024-02-29T23:59:59Z")

    def test_doctor_names_what_is_wrong_with_the_trust_folder_and_goes_on(self):
        (self.trust / "signers").mkdir(parents=True)
        (self.trust / "signers" / "notes.txt").write_text("no certificate")
        (self.pictures / "plain.png").write_bytes(png())
        done = safelight("doctor", "--case", self.pictures, check=USAGE)
        self.assertIn(b"notes.txt: holds no certificate", done.stdout)
        self.assertIn(b"\nCase ", done.stdout)

    def test_a_trust_list_with_garbage_in_it_still_vouches(self):
        signers = self.sign()
        signers.write_text("noise\n-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"
                           + signers.read_text() + "-----BEGIN CERTIFICATE-----\n")
        findings = self.inspect("signed.png", "--trust", signers)["findings"]
        self.assertEqual(grades(findings, "c2pa_manifest"), ["verified-trusted"])


if __name__ == "__main__":
    unittest.main()
