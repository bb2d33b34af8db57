"""compute(), compute_dihedral(), hash_bytes() and hash_file() against golden values, against the program and
against the contract of the pdqhash package."""
import csv
import json
import tempfile
import threading
import unittest
from collections import defaultdict
from pathlib import Path

from support import bits_of, image, noise, numpy, png, programs
import safelight

MODES = ("reference", "full")


class Golden(unittest.TestCase):
    def compare(self, table, mode):
        path = programs.CONFORMANCE / "pdq" / table
        if not path.exists():
            self.skipTest(f"{path} is not here; set SAFELIGHT_CONFORMANCE to the conformance material")
        rows = defaultdict(list)
        with open(path, newline="") as golden:
            for row in csv.DictReader(golden):
                rows[row["file"]].append(row)
        self.assertGreater(len(rows), 20)
        for name, orientations in rows.items():
            with self.subTest(file=name):
                picture = safelight.hash_file(programs.CONFORMANCE / "pdq" / name, mode)
                self.assertEqual([row["orientation"] for row in orientations], list(safelight.ORIENTATIONS))
                self.assertEqual([row["fingerprint"] for row in orientations], list(picture.fingerprints))
                self.assertEqual({int(row["quality"]) for row in orientations}, {picture.quality})

    def test_reference_mode_agrees_with_metas_reference(self):
        self.compare("golden.csv", "reference")

    def test_full_mode_agrees_with_the_wheel(self):
        self.compare("golden-full.csv", "full")


class Program(unittest.TestCase):
    def test_files_get_the_fingerprints_that_the_program_gives_in_both_modes_and_all_orientations(self):
        with tempfile.TemporaryDirectory(prefix="safelight-python-") as folder:
            programs.make_demo(folder)
            files = sorted(path for path in Path(folder).rglob("*")
                           if path.is_file() and path.suffix in (".jpg", ".jpeg", ".png", ".webp"))
            self.assertGreater(len(files), 50)
            done = programs.safelight("hash", "--format", "json", "--pdq", "reference,full", *files,
                                      check=(programs.DONE, programs.INCOMPLETE))
            answers = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual(len(answers), len(files))
            compared = 0
            for file, answer in zip(files, answers):
                if answer["format"] not in ("jpeg", "png", "webp"):
                    continue
                for wanted in answer["fingerprints"]:
                    picture = safelight.hash_file(file, wanted["mode"])
                    self.assertEqual(dict(zip(safelight.ORIENTATIONS, picture.fingerprints)), wanted["orientations"])
                    self.assertEqual(picture.quality, wanted["quality"])
                    self.assertEqual((picture.width, picture.height), (answer["width"], answer["height"]))
                    compared += 1
            self.assertGreater(compared, 100)


class Contract(unittest.TestCase):
    """What programs that were written for pdqhash rely on."""

    def test_a_vector_has_256_bits_the_highest_first_and_the_quality_is_a_number(self):
        vector, quality = safelight.compute(image(300, 200))
        digits = safelight.hash_bytes(png(300, 200, 3, noise(300, 200)), "full").fingerprint
        self.assertEqual(list(vector), bits_of(digits))
        self.assertIs(type(quality), int)
        self.assertTrue(0 <= quality <= 100)
        if numpy is None:
            self.assertIs(type(vector), list)
        else:
            self.assertEqual((vector.shape, vector.dtype), ((256,), numpy.int64))

    def test_all_orientations_are_a_list_of_vectors_and_one_quality(self):
        vectors, quality = safelight.compute_dihedral(image(300, 200))
        picture = safelight.hash_bytes(png(300, 200, 3, noise(300, 200)), "full")
        self.assertIs(type(vectors), list)
        self.assertEqual([safelight.to_hex(vector) for vector in vectors], list(picture.fingerprints))
        self.assertEqual(quality, picture.quality)

    def test_the_first_orientation_is_that_of_compute(self):
        for mode in MODES:
            vectors, quality = safelight.compute_dihedral(image(130, 257), mode)
            self.assertEqual((list(vectors[0]), quality), (list(safelight.compute(image(130, 257), mode)[0]), quality))

    def test_grey_pictures_have_two_dimensions(self):
        for mode in MODES:
            vector, quality = safelight.compute(image(600, 513, 1), mode)
            picture = safelight.hash_bytes(png(600, 513, 1, noise(600, 513, 1)), mode)
            self.assertEqual((safelight.to_hex(vector), quality), (picture.fingerprint, picture.quality))

    def test_pixels_get_what_a_file_of_them_gets(self):
        for width, height in ((5, 5), (64, 64), (512, 512), (700, 520)):
            for mode in MODES:
                vector, quality = safelight.compute(image(width, height), mode)
                picture = safelight.hash_bytes(png(width, height, 3, noise(width, height)), mode)
                self.assertEqual((safelight.to_hex(vector), quality), (picture.fingerprint, picture.quality))
                self.assertIsNone(picture.incomplete)

    @unittest.skipIf(numpy is None, "views need numpy")
    def test_views_of_any_strides_are_read_as_what_they_show(self):
        whole = numpy.frombuffer(noise(200, 180), numpy.uint8).reshape(180, 200, 3)
        views = [whole[::-1], whole[:, ::-1], whole[:, :, ::-1], whole.transpose(1, 0, 2), whole[10:150, 20:120],
                 whole[::2], whole[:, ::2], whole[:, :, 1], whole[:, :, 0].T, numpy.asfortranarray(whole)]
        for view in views:
            for mode in MODES:
                wanted = safelight.compute(numpy.ascontiguousarray(view), mode)
                found = safelight.compute(view, mode)
                self.assertEqual((list(found[0]), found[1]), (list(wanted[0]), wanted[1]))

    @unittest.skipIf(numpy is None, "types need numpy")
    def test_samples_of_other_types_are_refused(self):
        for kind in (numpy.int8, numpy.uint16, numpy.float32, numpy.float64, bool):
            with self.assertRaises(TypeError):
                safelight.compute(numpy.zeros((20, 20, 3), kind))

    def test_other_shapes_are_refused(self):
        for shape in ((400,), (10, 10, 4), (10, 40, 1), (10, 10, 2, 2)):
            with self.assertRaises(ValueError):
                safelight.compute(memoryview(bytes(400)).cast("B", shape))
        with self.assertRaises(TypeError):
            safelight.compute([[1, 2], [3, 4]])
        with self.assertRaises(ValueError):
            safelight.compute(image(20, 20), "half")

    def test_many_threads_compute_at_once(self):
        pictures = [image(100 + i, 90) for i in range(8)]
        wanted = [list(safelight.compute(picture)[0]) for picture in pictures]
        found = [None] * len(pictures)

        def work(i):
            for _ in range(5):
                found[i] = list(safelight.compute(pictures[i])[0])

        threads = [threading.Thread(target=work, args=(i,)) for i in range(len(pictures))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, wanted)


class Errors(unittest.TestCase):
    def error_of(self, call, *arguments):
        with self.assertRaises(safelight.SafelightError) as caught:
            call(*arguments)
        return caught.exception

    def test_a_side_under_5_has_no_fingerprint(self):
        error = self.error_of(safelight.compute, image(4, 100))
        self.assertEqual((error.code, error.rule, error.offset), ("unsupported", "pdq.side-under-5", None))

    def test_other_files_are_refused_by_code_and_rule(self):
        error = self.error_of(safelight.hash_bytes, b"GIF89a....", "full")
        self.assertEqual((error.code, error.rule), ("unsupported", "bytes.format"))
        self.assertEqual(str(error), "unsupported, bytes.format")

    def test_where_a_file_breaks_off_is_said(self):
        whole = png(300, 200, 3, noise(300, 200))
        error = self.error_of(safelight.hash_bytes, whole[:20], "reference")
        self.assertEqual((error.code, error.offset_kind), ("truncated", "exact"))
        self.assertLessEqual(error.offset, 20)
        picture = safelight.hash_bytes(whole[:len(whole) // 2], "reference")
        self.assertEqual(picture.incomplete.code, "truncated")
        self.assertEqual((picture.width, picture.height), (300, 200))

    def test_limits_are_held(self):
        error = self.error_of(lambda: safelight.hash_bytes(png(20, 10, 3, noise(20, 10)), "full", max_pixels=199))
        self.assertEqual((error.code, error.rule), ("limit_exceeded", "max_pixels"))

    def test_a_file_that_is_not_there_is_an_error_of_the_system(self):
        with self.assertRaises(FileNotFoundError):
            safelight.hash_file("/nowhere/at/all", "full")


class Fingerprints(unittest.TestCase):
    DIGITS = "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22"

    def test_every_form_is_the_same_fingerprint(self):
        packed = bytes.fromhex(self.DIGITS)
        forms = [self.DIGITS, self.DIGITS.upper(), packed, bytearray(packed), memoryview(packed),
                 bits_of(self.DIGITS), safelight.to_bits(packed)]
        if numpy is not None:
            forms += [numpy.frombuffer(packed, numpy.uint8), numpy.array(bits_of(self.DIGITS), bool)]
        for form in forms:
            self.assertEqual(safelight.to_hex(form), self.DIGITS)
            self.assertEqual(safelight.distance(form, self.DIGITS), 0)

    def test_distance_counts_differing_bits(self):
        self.assertEqual(safelight.distance("0" * 64, "f" * 64), 256)
        self.assertEqual(safelight.distance("0" * 64, "8" + "0" * 62 + "3"), 3)

    def test_what_is_no_fingerprint_is_refused(self):
        for thing in ("", "0" * 63, "g" * 64, bytes(31), [0] * 255, [2] * 256):
            with self.assertRaises(ValueError):
                safelight.to_bytes(thing)


if __name__ == "__main__":
    unittest.main()
