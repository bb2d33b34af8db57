"""From pixels and files to fingerprints."""
import ctypes
import threading
from dataclasses import dataclass
from typing import Optional, Tuple

from . import _library
from ._buffers import address_of, pixels_of, to_bits
from ._library import SafelightError, call, library, mode_number

ORIENTATIONS = ("original", "rotate90", "rotate180", "rotate270", "flip_x", "flip_y", "flip_plus1", "flip_minus1")


@dataclass(frozen=True)
class Picture:
    """What hash_bytes() and hash_file() give."""
    width: int  # As stored: an EXIF orientation is not applied.
    height: int
    mode: str
    quality: int  # 0 to 100; under 50 a fingerprint says little.
    fingerprints: Tuple[str, ...]  # 64 digits each, in the order of ORIENTATIONS.
    incomplete: Optional[SafelightError]  # Why part of the picture is missing, where part of it is.

    @property
    def fingerprint(self):
        """That of the picture as it is stored, which lists hold."""
        return self.fingerprints[0]


class _Hasher:
    """A hasher of C, which serves one thread."""

    def __init__(self):
        handle = ctypes.c_void_p()
        call("sl_hasher_create", ctypes.addressof(handle))
        self.handle = handle
        self._free = library.sl_hasher_free

    def __del__(self):
        if hasattr(self, "handle"):
            self._free(self.handle)


_of_thread = threading.local()


def _hasher():
    if not hasattr(_of_thread, "hasher"):
        _of_thread.hasher = _Hasher()
    return _of_thread.hasher.handle


def compute(image, mode="full"):
    """The fingerprint of an image and its quality: (vector, quality), as pdqhash.compute() gives them for the
    same pixels. The vector has 256 values of 0 or 1, bit 255 first.

    image: any object with the buffer protocol, such as a numpy array, of shape (height, width, 3), red first, or
    (height, width), of unsigned 8 bits. mode "reference" is what Meta's C++ makes instead. Raises SafelightError,
    code "unsupported", for a side under 5 pixels."""
    number = mode_number(mode)
    made = _library.Hash()
    with pixels_of(image) as pixels:
        call("sl_hash_pixels", _hasher(), ctypes.addressof(pixels), number, ctypes.addressof(made))
    return to_bits(bytes(made.fingerprint)), made.quality


def compute_dihedral(image, mode="full"):
    """All eight orientations: (list of vectors in the order of ORIENTATIONS, quality), as
    pdqhash.compute_dihedral() gives them. Otherwise as compute()."""
    number = mode_number(mode)
    made = (_library.Hash * _library.ORIENTATION_COUNT)()
    with pixels_of(image) as pixels:
        call("sl_hash_pixels_all", _hasher(), ctypes.addressof(pixels), number, ctypes.addressof(made))
    return [to_bits(bytes(one.fingerprint)) for one in made], made[0].quality


def hash_bytes(data, mode, max_pixels=500_000_000, max_memory_bytes=1_200_000_000):
    """The main picture of a JPEG, PNG or WebP file in memory, in mode "reference" or "full": a Picture. A file that
    would take more than the limits is refused, code "limit_exceeded".

    The bytes are decoded in this process, without a sandbox: a file that exploits a fault of a decoder takes it
    over. Where files may be hostile, run the program `safelight hash` instead."""
    number = mode_number(mode)
    limits = _library.Limits(ctypes.sizeof(_library.Limits), max_pixels, max_memory_bytes)
    made = _library.Picture()
    with address_of(data) as (address, size):
        call("sl_hash_bytes", _hasher(), address, size, number, ctypes.addressof(limits), ctypes.addressof(made))
    incomplete = _library.to_exception(made.incomplete) if made.incomplete.status != 0 else None
    return Picture(made.width, made.height, mode, made.hashes[0].quality,
                   tuple(bytes(one.fingerprint).hex() for one in made.hashes), incomplete)


def hash_file(path, mode, **limits):
    """hash_bytes() of a file."""
    with open(path, "rb") as file:
        return hash_bytes(file.read(), mode, **limits)
