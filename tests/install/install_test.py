"""What `cmake --install` puts down is whole and works: programs in C by either way to find the library, the Python
module, the programs, and the examples of docs/api.md."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings" / "python" / "tests"))

BUILD = Path(os.environ["SAFELIGHT_BUILD"])
PROGRAM = ROOT / "tests" / "install" / "program"
PICTURE = "photo.png"


def run(*command, cwd=None, env=None):
    done = subprocess.run(list(map(str, command)), cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True,
                          text=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{command}: status {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def snippets(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / "docs" / "api.md").read_text(), re.S | re.M)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory(prefix="safelight-install-")
        cls.addClassCleanup(cls._folder.cleanup)
        cls.folder = Path(cls._folder.name)
        cls.prefix = cls.folder / "prefix"
        for component in ("library", "development", "python", "programs"):
            run("cmake", "--install", BUILD, "--prefix", cls.prefix, "--component", component)
        cls.library_folder = next(cls.prefix.rglob("libsafelight.so.1")).parent
        cls.python_folder = next(cls.prefix.rglob("safelight/__init__.py")).parents[1]
        cls.env = {"LD_LIBRARY_PATH": str(cls.library_folder), "SAFELIGHT_LIBRARY": "",
                   "PKG_CONFIG_PATH": str(cls.library_folder / "pkgconfig"),
                   "PYTHONPATH": str(cls.python_folder)}
        (cls.folder / PICTURE).write_bytes(picture())

    def compiled(self, source, name, *flags, compiler="gcc"):
        found = run("pkg-config", "--cflags", "--libs", "safelight", env=self.env).split()
        run(compiler, *flags, "-Wall", "-Wextra", "-Wpedantic", "-Werror", source, *found, "-o", self.folder / name)
        return self.folder / name

    def test_nothing_but_what_belongs_there_is_installed(self):
        files = sorted(str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*") if not path.is_dir())
        library = self.library_folder.relative_to(self.prefix)
        modules = ("__init__", "_buffers", "_library", "hashing", "index")
        wanted = ["bin/safelight", *(f"bin/safelight-{worker}-worker"
                                     for worker in ("archive", "heif", "provenance", "still", "synthesis")),
                  "include/safelight.h",
                  *(f"{library}/{name}" for name in ("libsafelight.so", "libsafelight.so.1", "libsafelight.so.1.0",
                                                     "pkgconfig/safelight.pc")),
                  *(f"{library}/cmake/Safelight/{name}.cmake"
                    for name in ("SafelightConfig", "SafelightConfigVersion", "SafelightTargets")),
                  *(f"{self.python_folder.relative_to(self.prefix)}/safelight/{module}.py" for module in modules)]
        # The file of targets that belongs to the kind of build has its name from there.
        files = [file for file in files if not re.search(r"SafelightTargets-\w+\.cmake$", file)]
        self.assertEqual(files, sorted(wanted))

    def test_both_ways_to_find_the_library_and_python_and_the_program_agree(self):
        by_cmake = self.folder / "by_cmake"
        run("cmake", "-S", PROGRAM, "-B", by_cmake, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic -Werror")
        run("cmake", "--build", by_cmake)
        answers = run(by_cmake / "program", PICTURE, self.folder / "a.slindex", cwd=self.folder)
        by_pkg_config = self.compiled(PROGRAM / "program.c", "by_pkg_config", "-std=c11")
        self.assertEqual(run(by_pkg_config, PICTURE, self.folder / "b.slindex", cwd=self.folder, env=self.env),
                         answers)
        self.assertEqual((self.folder / "a.slindex").read_bytes(), (self.folder / "b.slindex").read_bytes())

        lines = answers.splitlines()
        shown = run(self.prefix / "bin" / "safelight", "hash", "--format", "json", "--pdq", "reference,full", PICTURE,
                    cwd=self.folder)
        for hashes in json.loads(shown)["fingerprints"]:
            wanted = [f"{hashes['mode']} {hex} {hashes['quality']}" for hex in hashes["orientations"].values()]
            self.assertEqual([line for line in lines if line.startswith(hashes["mode"])], wanted)

        python = """if True:
            import safelight
            print("version", safelight.__version__)
            for mode in ("reference", "full"):
                picture = safelight.hash_file("photo.png", mode)
                for hex in picture.fingerprints:
                    print(mode, hex, picture.quality)
            for hit in safelight.Index.open("a.slindex").query(picture.fingerprints):
                print("hit", hit.query, hit.row, hit.id, hit.distance)
            """
        # Found above the module: neither the loader nor the environment says where the library is.
        self.assertEqual(run("/usr/bin/python3", "-B", "-c", python, cwd=self.folder,
                             env={**self.env, "LD_LIBRARY_PATH": ""}), answers)

    def test_the_examples_of_the_documentation_run(self):
        c, = snippets("c")
        source = self.folder / "example.c"
        source.write_text(c)
        output = run(self.compiled(source, "example", "-std=c11"), PICTURE, cwd=self.folder, env=self.env)
        self.assertIn("row 0 at 0 bits", output)
        python, = snippets("python")
        output = run("/usr/bin/python3", "-B", "-c", python, cwd=self.folder, env=self.env)
        self.assertIn("original is 0 bits from 4001", output)
        self.assertTrue(output.endswith("malformed index_file.magic 0\n"), output)

    def test_the_header_is_c_and_cpp_by_itself(self):
        header = self.prefix / "include" / "safelight.h"
        for compiler, language, standard in (("gcc", "c", "c11"), ("g++", "c++", "c++11"), ("g++", "c++", "c++20")):
            run(compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                "-fsyntax-only", header)

    def test_the_library_exports_what_the_header_declares_and_no_more(self):
        header = (self.prefix / "include" / "safelight.h").read_text()
        code = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
        declared = set(re.findall(r"\b(sl_\w+)\(", code))
        self.assertGreater(len(declared), 20)
        symbols = run("nm", "-D", "--defined-only", self.library_folder / "libsafelight.so.1").split("\n")
        exported = {line.split()[-1] for line in symbols if line}
        self.assertEqual(exported, {f"{name}@@SAFELIGHT_1" for name in declared} | {"SAFELIGHT_1"})
        listed = set(re.findall(r"\b(sl_\w+);", (ROOT / "api" / "libsafelight.map").read_text()))
        self.assertEqual(listed, declared)


def picture():
    from support import noise, png
    return png(320, 240, 3, noise(320, 240))


if __name__ == "__main__":
    unittest.main()
