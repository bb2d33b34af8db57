"""What every program links, against tests/linked_libraries.txt: no GPL library outside its own worker."""
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs

TABLE = Path(__file__).resolve().parents[1] / "linked_libraries.txt"


def binary(name):
    return programs.LIBRARY if name == programs.LIBRARY.name else programs.PROGRAMS / name


def direct_libraries(name):
    out = subprocess.run(["objdump", "-p", binary(name)], capture_output=True, check=True, text=True)
    return sorted(line.split()[1] for line in out.stdout.splitlines() if line.strip().startswith("NEEDED"))


def all_libraries(name):
    out = subprocess.run(["ldd", binary(name)], capture_output=True, check=True, text=True)
    return sorted(line.split()[0] for line in out.stdout.splitlines() if "=>" in line)


class LinkedLibraries(unittest.TestCase):
    def test_each_program_links_what_the_table_says(self):
        sanitized = any(name.startswith(("libasan", "libtsan")) for name in all_libraries("safelight"))
        if sanitized:
            self.skipTest("a sanitizer build links its runtime too")
        for line in TABLE.read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                program, allowed = line.split(":")
                with self.subTest(program=program):
                    self.assertLessEqual(set(direct_libraries(program)), set(allowed.split()), program)

    def test_gpl_libraries_stay_in_the_heif_worker(self):
        for program in ("safelight", "safelight-still-worker", "safelight-provenance-worker",
                        "safelight-archive-worker", "safelight-synthesis-worker", programs.LIBRARY.name):
            loaded = " ".join(all_libraries(program))
            for library in ("libx265", "libheif", "libavcodec", "libde265"):
                self.assertNotIn(library, loaded, program)

    def test_libsafelight_loads_three_decoders_and_nothing_that_it_does_not_need(self):
        loaded = {library.split(".so")[0] for library in all_libraries(programs.LIBRARY.name)}
        if any(name in loaded for name in ("libasan", "libtsan")):
            self.skipTest("a sanitizer build links its runtime too")
        self.assertLessEqual(loaded, {"libjpeg", "libpng16", "libwebp", "libsharpyuv", "libz", "libxxhash", "libstdc++",
                                      "libgcc_s", "libm", "libc"})


if __name__ == "__main__":
    unittest.main()
