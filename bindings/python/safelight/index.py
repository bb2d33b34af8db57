"""Search among fingerprints."""
import array
import ctypes
import os
import struct
from contextlib import nullcontext
from typing import NamedTuple

from . import _library
from ._buffers import address_of, numpy, packed
from ._library import FINGERPRINT_BYTES, HIT_FORMAT, NO_LIMIT, call, library, mode_number

_HIT_BYTES = struct.calcsize(HIT_FORMAT)


class Hit(NamedTuple):
    """A row within the radius of a query."""
    query: int  # Place of the query in its batch.
    row: int
    id: int
    distance: int  # In bits.


class Hits:
    """What a search found, ordered by query, then distance, then row: a sequence of Hit."""

    def __init__(self, data, first, cut):
        self._data = data
        self._first = first
        self.cut = cut  # For each query, how many hits the limit left out.

    def __len__(self):
        return len(self._data) // _HIT_BYTES

    def __getitem__(self, place):
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        identity, query, row, distance, _ = struct.unpack_from(HIT_FORMAT, self._data, place % len(self) * _HIT_BYTES)
        return Hit(query, row, identity, distance)

    def __iter__(self):
        for identity, query, row, distance, _ in struct.iter_unpack(HIT_FORMAT, self._data):
            yield Hit(query, row, identity, distance)

    def of(self, query):
        """The hits of one query, nearest first."""
        return self[self._first[query]:self._first[query + 1]]

    def array(self):
        """All hits as a numpy array with the fields id, query, row and distance."""
        layout = numpy.dtype({"names": ["id", "query", "row", "distance"], "formats": ["u8", "u4", "u4", "u4"],
                              "offsets": [0, 8, 12, 16], "itemsize": _HIT_BYTES})
        return numpy.frombuffer(self._data, layout)


def _id_buffer(ids):
    if numpy is not None and isinstance(ids, numpy.ndarray):
        if ids.dtype.kind not in "iu" or ids.ndim != 1 or ids.size and ids.min() < 0:
            raise ValueError("ids are whole numbers from 0 to 2**64 - 1")
        return numpy.ascontiguousarray(ids, numpy.uint64)
    return array.array("Q", ids)


def _numbers(address, count):
    return list((ctypes.c_uint64 * count).from_address(address)) if count else []


class Index:
    """Fingerprints of one mode, each with an id, searched by Hamming distance: exact, every row within the radius
    is found. It does not change once it is built, and many threads may query it at once.

    Make one by Index.build() or Index.open(). close() gives its memory, or its file, back; so do `with` and the
    end of the object."""

    def __init__(self, handle):
        self._handle = handle
        self._free = library.sl_index_free
        info = _library.IndexInfo(struct_size=ctypes.sizeof(_library.IndexInfo))
        self._call("sl_index_describe", ctypes.addressof(info))
        self.mode = _library.MODE_NAMES[info.mode]
        self.kind = _library.KIND_NAMES[info.kind]  # "flat" or "multi": which was chosen to be quicker.
        self.radius = info.radius_bits  # The largest that is searched quickly.
        self.has_ids = bool(info.has_ids)
        self._rows = info.rows

    @classmethod
    def build(cls, fingerprints, mode, ids=None, radius=31, queries_per_call=64, threads=1):
        """fingerprints: an iterable of 64 digits, 32 bytes or vectors each, or a numpy array of shape (n, 32) and 8
        bits. ids: as many whole numbers of 64 bits; without them each row is its own id. radius is the largest
        that will be usual, queries_per_call how many queries: they choose the kind of the index, and change no
        answer."""
        options = _library.IndexOptions(ctypes.sizeof(_library.IndexOptions), mode_number(mode), radius,
                                        queries_per_call, threads)
        handle = ctypes.c_void_p()
        with address_of(packed(fingerprints)) as (rows, size):
            count = size // FINGERPRINT_BYTES
            id_buffer = None if ids is None else _id_buffer(ids)
            if id_buffer is not None and len(id_buffer) != count:
                raise ValueError(f"{count} fingerprints have {len(id_buffer)} ids")
            with nullcontext((None, 0)) if id_buffer is None else address_of(id_buffer) as (id_address, _):
                call("sl_index_build", rows, id_address, count, ctypes.addressof(options), ctypes.addressof(handle))
        return cls(handle)

    @classmethod
    def open(cls, path):
        """Maps a file that save() wrote. What is damaged in it raises SafelightError, here or where it is needed."""
        handle = ctypes.c_void_p()
        call("sl_index_open", os.fsencode(path), ctypes.addressof(handle))
        return cls(handle)

    def save(self, path):
        """Writes a file that only its owner may read; it appears whole or not at all."""
        self._call("sl_index_save", os.fsencode(path))

    def verify(self):
        """Compares all of the file that was opened with its checksums."""
        self._call("sl_index_verify")

    def query(self, fingerprints, radius=31, limit=None, mode=None):
        """The hits of many queries, within `radius` bits (inclusive); at most `limit` of each query, the nearest.
        fingerprints: as for build(). mode: that of the queries, checked where it is given."""
        options = _library.SearchOptions(ctypes.sizeof(_library.SearchOptions), mode_number(mode or self.mode),
                                         radius, NO_LIMIT if limit is None else limit)
        handle = ctypes.c_void_p()
        with address_of(packed(fingerprints)) as (queries, size):
            count = size // FINGERPRINT_BYTES
            self._call("sl_index_search", queries, count, ctypes.addressof(options), ctypes.addressof(handle))
        try:
            hits = library.sl_hits_count(handle)
            data = ctypes.string_at(library.sl_hits_data(handle), hits * _HIT_BYTES) if hits else b""
            return Hits(data, _numbers(library.sl_hits_first(handle), count + 1),
                        _numbers(library.sl_hits_cut(handle), count))
        finally:
            library.sl_hits_free(handle)

    def row(self, row):
        """The fingerprint, as 64 digits, and the id of a row."""
        fingerprint = (ctypes.c_uint8 * FINGERPRINT_BYTES)()
        identity = ctypes.c_uint64()
        self._call("sl_index_row", row, ctypes.addressof(fingerprint), ctypes.addressof(identity))
        return bytes(fingerprint).hex(), identity.value

    def close(self):
        handle, self._handle = self._handle, None
        if handle is not None:
            self._free(handle)

    def __len__(self):
        return self._rows

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        if getattr(self, "_handle", None) is not None:
            self.close()

    def _call(self, name, *arguments):
        if self._handle is None:
            raise ValueError("the index is closed")
        call(name, self._handle, *arguments)
