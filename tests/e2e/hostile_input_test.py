"""Truncation at every length, broken members, bombs: no item lost, each with its reason."""
import gzip
import io
import json
import os
import subprocess
import sys
import time
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, INCOMPLETE, canonical, make_demo, safelight

# Whole files of every format that is opened, small enough to be cut at every length.
CORRUPT = Path(__file__).resolve().parents[2] / "testdata" / "corrupt"
SMALL_FILES = ["codec_still_jpeg_jpeg_fuzz/small_420.jpg", "codec_still_jpeg_jpeg_fuzz/progressive_444.jpg",
               "codec_still_png_png_fuzz/rgb8.png", "codec_still_png_png_fuzz/animation.png",
               "codec_still_gif_fuzz/anim.gif", "codec_still_webp_webp_fuzz/lossy.webp",
               "codec_still_webp_webp_fuzz/animation.webp", "codec_still_tiff_fuzz/lzw.tif",
               "codec_still_bmp_fuzz/top24.bmp", "codec_still_jxl_fuzz/lossless.jxl",
               "codec_heif_heif_fuzz/small.heic", "codec_heif_heif_fuzz/small.avif"]
MAX_BYTES = 1_500


class HostileInput(programs.CaseTest):
    def small_files(self):
        files = {Path(name).name: (CORRUPT / name).read_bytes() for name in SMALL_FILES}
        png = files["rgb8.png"]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as members:
            members.writestr("picture.png", png)
            members.writestr("note.txt", "text " * 20)
        files["archive.zip"] = archive.getvalue()
        files["picture.png.gz"] = gzip.compress(png)
        return files

    def test_truncation_at_every_length(self):
        source = self.folder / "cut"
        source.mkdir()
        names = []
        for name, whole in self.small_files().items():
            self.assertLess(len(whole), MAX_BYTES, name)
            for length in range(len(whole)):
                names.append(f"{length:04}-{name}")
                (source / names[-1]).write_bytes(whole[:length])
        self.scan(source, check=INCOMPLETE, timeout=500)
        items = canonical(self.folder / "case")
        for name in names:
            item = items[name]
            findings = item["findings"] + item.get("content", {}).get("examination", {}).get("findings", [])
            self.assertNotIn("worker_crashed", json.dumps(findings), name)
            self.assertNotIn("timed_out", json.dumps(findings), name)
            if item["coverage"] != "full":
                self.assertTrue(findings, name)
        safelight("case", "verify", self.folder / "case", check=DONE)

    def test_a_zip_bomb_is_stopped_and_the_rest_is_done(self):
        source = self.folder / "bombs"
        source.mkdir()
        with zipfile.ZipFile(source / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            archive.writestr("note.txt", "before")
            for number in range(8):
                archive.writestr(f"{number}.bin", bytes(120_000_000))
        (source / "after.txt").write_text("after")
        self.scan(source, check=INCOMPLETE)
        items = canonical(self.folder / "case")
        self.assertIn("after.txt", items)
        self.assertIn("bomb.zip!note.txt", items)
        self.assertEqual(items["bomb.zip"]["coverage"], "partial")
        self.assertIn("limit_exceeded", json.dumps(items["bomb.zip"]))

    def test_an_encrypted_member_is_said_and_the_right_password_opens_it(self):
        make_demo(self.folder / "pictures")
        source = self.folder / "source"
        source.mkdir()
        (source / "locked.zip").write_bytes((self.folder / "pictures" / "archives" / "locked.zip").read_bytes())
        wrong = self.folder / "wrong"
        wrong.write_text("not it\n")
        right = self.folder / "right"
        right.write_text("not it\ndemo\n")
        for name, arguments in (("without", []), ("wrong", ["--passwords", wrong])):
            self.scan(source, *arguments, check=INCOMPLETE, case=self.folder / f"case-{name}")
            members = [i for path, i in canonical(self.folder / f"case-{name}").items() if "!" in path]
            self.assertTrue(members)
            self.assertEqual({m["error"]["code"] for m in members}, {"encrypted"})
        # The archive has not changed since, and is opened all the same: there are passwords now.
        case = self.folder / "case-without"
        self.scan(source, "--passwords", right, check=DONE, case=case)
        for path in case.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"not it", path.read_bytes())

    def test_a_list_with_garbage_lines_is_imported_without_them(self):
        lines = ["d41d8cd98f00b204e9800998ecf8427f", "not a digest", "", "900150983cd24fb0d6963f7d28e17f72"]
        (self.folder / "list.txt").write_text("\n".join(lines) + "\n")
        done = safelight("list", "import", "garbage", self.folder / "list.txt", check=DONE).stdout.decode()
        self.assertIn("Refused 1", done)
        self.assertIn("line or record 2", done)
        self.assertNotIn("900150983cd24fb0d6963f7d28e17f72", done)

    def test_an_empty_list_is_a_list(self):
        (self.folder / "empty.txt").touch()
        safelight("list", "import", "empty", self.folder / "empty.txt", check=DONE)
        source = self.folder / "source"
        source.mkdir()
        (source / "a.txt").write_text("text")
        self.scan(source, "--list", "empty", check=DONE)

    def test_a_file_that_grows_while_it_is_read_does_not_stop_the_scan(self):
        source = self.folder / "growing"
        source.mkdir()
        growing = subprocess.Popen(
            [sys.executable, "-c",
             "import sys,time\nf=open(sys.argv[1],'ab')\nend=time.time()+20\n"
             "while time.time()<end:\n f.write(bytes(1<<16)); f.flush(); time.sleep(0.0005)", source / "log.bin"])
        try:
            while not (source / "log.bin").exists():
                time.sleep(0.01)
            self.scan(source)
            self.assertIn("log.bin", canonical(self.folder / "case"))
        finally:
            growing.kill()
            growing.wait()


if __name__ == "__main__":
    unittest.main()
