"""Pixels and fingerprints of whatever kind as bytes that C can read, without copying where that can be."""
import ctypes

from ._library import FINGERPRINT_BYTES, Pixels

try:
    import numpy
except ImportError:
    numpy = None

_BITS = 8 * FINGERPRINT_BYTES


class _Buffer(ctypes.Structure):
    """Py_buffer of CPython, whose layout is part of its stable ABI."""
    _fields_ = [("buf", ctypes.c_void_p), ("obj", ctypes.py_object), ("len", ctypes.c_ssize_t),
                ("itemsize", ctypes.c_ssize_t), ("readonly", ctypes.c_int), ("ndim", ctypes.c_int),
                ("format", ctypes.c_char_p), ("shape", ctypes.POINTER(ctypes.c_ssize_t)),
                ("strides", ctypes.POINTER(ctypes.c_ssize_t)), ("suboffsets", ctypes.POINTER(ctypes.c_ssize_t)),
                ("internal", ctypes.c_void_p)]


_UNSIGNED_BYTE = (b"B", b"=B", b"<B", b"@B", None)  # None is what NULL, and so "B", arrives as.
_SIMPLE = 0
_STRIDED_WITH_FORMAT = 0x18 | 0x04  # PyBUF_STRIDES | PyBUF_FORMAT
_get_buffer = ctypes.pythonapi.PyObject_GetBuffer
_get_buffer.argtypes = [ctypes.py_object, ctypes.c_void_p, ctypes.c_int]
_get_buffer.restype = ctypes.c_int
_release_buffer = ctypes.pythonapi.PyBuffer_Release
_release_buffer.argtypes = [ctypes.c_void_p]
_release_buffer.restype = None


class address_of:
    """`with address_of(data) as (address, length)`: contiguous bytes, which stay where they are inside of it."""

    def __init__(self, data):
        self._data = data
        self._buffer = _Buffer()

    def __enter__(self):
        _get_buffer(self._data, ctypes.addressof(self._buffer), _SIMPLE)
        return self._buffer.buf, self._buffer.len

    def __exit__(self, *_):
        _release_buffer(ctypes.addressof(self._buffer))


class pixels_of:
    """`with pixels_of(image) as pixels`: an image of unsigned 8 bits a sample and the shape (height, width, 3) or
    (height, width), as C takes it, which stays where it is inside of it."""

    def __init__(self, image):
        self._image = image
        self._buffer = _Buffer()

    def __enter__(self):
        buffer = self._buffer
        _get_buffer(self._image, ctypes.addressof(buffer), _STRIDED_WITH_FORMAT)
        try:
            return self._pixels(buffer)
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        _release_buffer(ctypes.addressof(self._buffer))

    def _pixels(self, buffer):
        if buffer.format not in _UNSIGNED_BYTE or buffer.itemsize != 1:
            raise TypeError("an image has samples of unsigned 8 bits")
        shape = buffer.shape[:buffer.ndim]
        if len(shape) == 3 and shape[2] == 3:
            channels = 3
        elif len(shape) == 2:
            channels = 1
        else:
            raise ValueError(f"an image has the shape (height, width, 3) or (height, width), not {tuple(shape)}")
        height, width = shape[:2]
        strides = buffer.strides[:buffer.ndim]
        if strides[1] == channels and strides[-1] == 1 and strides[0] >= width * channels:
            return Pixels(buffer.buf, strides[0], width, height, channels)
        # Turned, mirrored or cut out in another way than C can be told.
        self._copy = memoryview(self._image).tobytes()
        return Pixels(ctypes.cast(self._copy, ctypes.c_void_p).value, width * channels, width, height, channels)


def _packed_bits(bits):
    if numpy is not None and isinstance(bits, numpy.ndarray):
        ones = bits == 1
        if not (ones | (bits == 0)).all():
            raise ValueError("a vector of a fingerprint has values of 0 and 1")
        return numpy.packbits(ones).tobytes()
    number = 0
    for bit in bits:
        if bit not in (0, 1):
            raise ValueError("a vector of a fingerprint has values of 0 and 1")
        number = number << 1 | int(bit)
    return number.to_bytes(FINGERPRINT_BYTES, "big")


def to_bytes(fingerprint):
    """The 32 bytes of a fingerprint, in the order of its hexadecimal digits. Takes 64 digits, 32 bytes, or the
    vector of 256 bits that compute() gives."""
    if isinstance(fingerprint, str):
        if len(fingerprint) != 2 * FINGERPRINT_BYTES:
            raise ValueError(f"a fingerprint has {2 * FINGERPRINT_BYTES} digits, not {len(fingerprint)}")
        packed = bytes.fromhex(fingerprint)
    elif isinstance(fingerprint, (bytes, bytearray, memoryview)):
        packed = bytes(fingerprint)
    elif len(fingerprint) == FINGERPRINT_BYTES:
        packed = bytes(fingerprint)
    elif len(fingerprint) == _BITS:
        packed = _packed_bits(fingerprint)
    else:
        raise ValueError(f"a fingerprint has {_BITS} bits or {FINGERPRINT_BYTES} bytes, not {len(fingerprint)} values")
    if len(packed) != FINGERPRINT_BYTES:
        raise ValueError(f"a fingerprint has {FINGERPRINT_BYTES} bytes, not {len(packed)}")
    return packed


def to_hex(fingerprint):
    """The 64 hexadecimal digits of a fingerprint of any kind that to_bytes() takes."""
    return to_bytes(fingerprint).hex()


def to_bits(fingerprint):
    """The vector of a fingerprint as compute() gives it: 256 values of 0 or 1, bit 255 first; a numpy array where
    numpy is installed, else a list."""
    packed = to_bytes(fingerprint)
    if numpy is not None:
        return numpy.unpackbits(numpy.frombuffer(packed, numpy.uint8)).astype(numpy.int64)
    number = int.from_bytes(packed, "big")
    return [number >> shift & 1 for shift in range(_BITS - 1, -1, -1)]


def distance(a, b):
    """Bits in which two fingerprints differ, 0 to 256."""
    return (int.from_bytes(to_bytes(a), "big") ^ int.from_bytes(to_bytes(b), "big")).bit_count()


def packed(fingerprints):
    """Many fingerprints end to end: one contiguous buffer of 32 bytes each (such as a numpy array of shape (n, 32)
    and 8 bits) as it is, or any iterable of what to_bytes() takes."""
    if numpy is not None and isinstance(fingerprints, numpy.ndarray) and fingerprints.dtype == numpy.uint8:
        if fingerprints.ndim != 2 or fingerprints.shape[1] not in (FINGERPRINT_BYTES, _BITS):
            raise ValueError(f"many fingerprints have the shape (n, {FINGERPRINT_BYTES}) or (n, {_BITS}), "
                             f"not {fingerprints.shape}")
        if fingerprints.shape[1] == FINGERPRINT_BYTES:
            return numpy.ascontiguousarray(fingerprints)
    if isinstance(fingerprints, (str, bytes, bytearray)):
        raise TypeError("many fingerprints are wanted: put a single one into a list")
    return b"".join(to_bytes(fingerprint) for fingerprint in fingerprints)
