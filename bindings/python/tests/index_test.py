"""Index against a plain loop."""
import os
import random
import stat
import tempfile
import threading
import unittest
from pathlib import Path

from support import numpy
import safelight


def fingerprints(count, seed=1):
    source = random.Random(seed)
    rows = [source.randbytes(32) for _ in range(count)]
    # Some that are alike.
    for i in range(0, count - 1, 3):
        rows[i + 1] = flipped(rows[i], 5, source)
    return rows


def flipped(row, flips, source):
    number = int.from_bytes(row, "big")
    for bit in source.sample(range(256), flips):
        number ^= 1 << bit
    return number.to_bytes(32, "big")


def plain(rows, ids, queries, radius, limit=None):
    """(hits, cut) as an index must give them."""
    hits, cut = [], []
    for place, query in enumerate(queries):
        near = sorted((distance, row) for row, distance in
                      enumerate((int.from_bytes(query, "big") ^ int.from_bytes(r, "big")).bit_count() for r in rows)
                      if distance <= radius)
        kept = near if limit is None else near[:limit]
        hits += [safelight.Hit(place, row, ids[row], distance) for distance, row in kept]
        cut.append(len(near) - len(kept))
    return hits, cut


class IndexTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="safelight-python-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "index"
        self.rows = fingerprints(700)
        self.ids = [random.Random(i).getrandbits(64) for i in range(len(self.rows))]
        source = random.Random(2)
        self.queries = [flipped(row, 7, source) for row in self.rows[:60:2]] + [source.randbytes(32)]

    def expect_plain_answers(self, index):
        for radius, limit in ((31, None), (31, 1), (0, None), (256, 3)):
            hits = index.query(self.queries, radius, limit)
            wanted, cut = plain(self.rows, self.ids, self.queries, radius, limit)
            self.assertEqual(list(hits), wanted)
            self.assertEqual(hits.cut, cut)
            self.assertEqual(hits.of(0), [hit for hit in wanted if hit.query == 0])

    def test_finds_what_a_plain_loop_finds_in_memory_and_from_a_file(self):
        with safelight.Index.build(self.rows, "reference", self.ids) as index:
            self.assertEqual((len(index), index.mode, index.kind, index.has_ids), (700, "reference", "flat", True))
            self.expect_plain_answers(index)
            index.save(self.path)
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
        with safelight.Index.open(self.path) as index:
            index.verify()
            self.assertEqual((len(index), index.mode, index.has_ids), (700, "reference", True))
            self.expect_plain_answers(index)

    def test_a_large_one_is_a_multi_index_and_finds_the_same(self):
        source = random.Random(3)
        many = [source.randbytes(32) for _ in range(50_001)]
        index = safelight.Index.build(many, "full", queries_per_call=1, threads=2)
        self.assertEqual((index.kind, index.has_ids), ("multi", False))
        queries = [flipped(row, 20, random.Random(4)) for row in many[:5]]
        wanted, _ = plain(many, range(len(many)), queries, 31)
        self.assertEqual(list(index.query(queries)), wanted)

    def test_every_form_of_a_fingerprint_is_taken(self):
        index = safelight.Index.build([row.hex() for row in self.rows], "full")
        vectors = [safelight.to_bits(query) for query in self.queries]
        self.assertEqual(list(index.query(vectors)), list(index.query(self.queries)))
        self.assertEqual(index.row(7), (self.rows[7].hex(), 7))

    @unittest.skipIf(numpy is None, "arrays need numpy")
    def test_arrays_go_in_and_come_out(self):
        table = numpy.frombuffer(b"".join(self.rows), numpy.uint8).reshape(-1, 32)
        queries = numpy.frombuffer(b"".join(self.queries), numpy.uint8).reshape(-1, 32)
        ids = numpy.array(self.ids, numpy.uint64)
        index = safelight.Index.build(table, "full", ids)
        hits = index.query(queries)
        self.assertEqual(list(hits), plain(self.rows, self.ids, self.queries, 31)[0])
        self.assertEqual([tuple(hit) for hit in hits.array()[["query", "row", "id", "distance"]]],
                         [tuple(hit) for hit in hits])
        bits = numpy.unpackbits(queries, axis=1)
        self.assertEqual(list(index.query(bits)), list(hits))
        spread = numpy.zeros((len(table), 64), numpy.uint8)
        spread[:, ::2] = table
        self.assertEqual(list(safelight.Index.build(spread[:, ::2], "full", ids).query(queries)), list(hits))
        for bad in (ids[:-1], ids.astype(float), -numpy.ones(len(ids), numpy.int64)):
            with self.assertRaises(ValueError):
                safelight.Index.build(table, "full", bad)
        with self.assertRaises(ValueError):
            safelight.Index.build(table[:, :31], "full")

    def test_an_empty_one_answers(self):
        index = safelight.Index.build([], "full", [])
        self.assertEqual(len(index), 0)
        hits = index.query(self.queries)
        self.assertEqual((list(hits), hits.cut), ([], [0] * len(self.queries)))
        self.assertEqual(len(index.query([])), 0)

    def test_hits_are_a_sequence(self):
        hits = safelight.Index.build(self.rows, "full").query(self.queries)
        listed = list(hits)
        self.assertEqual(hits[0], listed[0])
        self.assertEqual(hits[-1], listed[-1])
        self.assertEqual(hits[1:4], listed[1:4])
        with self.assertRaises(IndexError):
            hits[len(hits)]

    def test_damage_and_other_files_are_refused(self):
        safelight.Index.build(self.rows, "full").save(self.path)
        whole = self.path.read_bytes()
        self.path.write_bytes(whole[:200] + b"X" + whole[201:])
        with safelight.Index.open(self.path) as index:
            for call in (index.verify, lambda: index.query(self.queries), lambda: index.save(self.path)):
                with self.assertRaises(safelight.SafelightError) as caught:
                    call()
                self.assertEqual((caught.exception.code, caught.exception.offset), ("integrity_mismatch", 64))
        for content, code, rule in ((whole[:-1], "truncated", "index_file.length"),
                                    (b"", "truncated", "read past the end"),
                                    (b"something else of any length", "malformed", "index_file.magic"),
                                    (whole[:8] + b"\x02" + whole[9:], "unsupported", "index_file.version"),
                                    (whole[:12] + b"\1\2\3\4" + whole[16:], "unsupported", "index_file.byte-order")):
            self.path.write_bytes(content)
            with self.assertRaises(safelight.SafelightError) as caught:
                safelight.Index.open(self.path)
            self.assertEqual((caught.exception.code, caught.exception.rule), (code, rule))
        os.remove(self.path)
        with self.assertRaises(safelight.SafelightError) as caught:
            safelight.Index.open(self.path)
        self.assertEqual(caught.exception.code, "not_found")
        with self.assertRaises(safelight.SafelightError) as caught:
            safelight.Index.build(self.rows, "full").save("/nowhere/at/all")
        self.assertEqual(caught.exception.code, "environment")
        self.assertIn("/nowhere/at/all", caught.exception.message)

    def test_calls_that_cannot_be_are_refused(self):
        index = safelight.Index.build(self.rows, "full")
        for call in (lambda: safelight.Index.build(self.rows, "half"),
                     lambda: safelight.Index.build(self.rows, "full", [1, 2]),
                     lambda: index.query(["0" * 63])):
            with self.assertRaises(ValueError):
                call()
        with self.assertRaises(OverflowError):
            safelight.Index.build(self.rows[:1], "full", [-1])
        for thing in ("0" * 64, bytes(32)):
            with self.assertRaises(TypeError):
                index.query(thing)
        for call, rule in ((lambda: index.query(self.queries, radius=257), "search.radius"),
                           (lambda: index.query(self.queries, mode="reference"), "search.mode"),
                           (lambda: safelight.Index.build(self.rows, "full", radius=64), "index.radius")):
            with self.assertRaises(safelight.SafelightError) as caught:
                call()
            self.assertEqual((caught.exception.code, caught.exception.rule), ("invalid_argument", rule))
        index.close()
        index.close()
        with self.assertRaises(ValueError):
            index.query(self.queries)

    def test_many_threads_query_one_index(self):
        index = safelight.Index.build(self.rows, "full")
        wanted = list(index.query(self.queries))
        found = [None] * 6

        def work(i):
            found[i] = list(index.query(self.queries))

        threads = [threading.Thread(target=work, args=(i,)) for i in range(len(found))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [wanted] * len(found))


if __name__ == "__main__":
    unittest.main()
