"""libsafelight as ctypes sees it: safelight.h, line by line, and how it is found."""
import ctypes
import os
import sysconfig
from pathlib import Path

ABI_VERSION = 1
SONAME = "libsafelight.so.1"

FINGERPRINT_BYTES = 32
ORIENTATION_COUNT = 8
MODES = {"reference": 0, "full": 1}
MODE_NAMES = {number: name for name, number in MODES.items()}
KIND_NAMES = {0: "flat", 1: "multi"}
NO_LIMIT = 0xFFFFFFFF

OFFSET_KINDS = {0: None, 1: "exact", 2: "approximate"}


class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int32), ("offset_kind", ctypes.c_int32), ("offset_bytes", ctypes.c_uint64),
                ("rule", ctypes.c_char * 64), ("message", ctypes.c_char * 176)]


class Hash(ctypes.Structure):
    _fields_ = [("fingerprint", ctypes.c_uint8 * FINGERPRINT_BYTES), ("mode", ctypes.c_int32),
                ("quality", ctypes.c_int32)]


class Pixels(ctypes.Structure):
    _fields_ = [("samples", ctypes.c_void_p), ("stride_bytes", ctypes.c_size_t), ("width", ctypes.c_uint32),
                ("height", ctypes.c_uint32), ("channels", ctypes.c_uint32)]


class Limits(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("max_pixels", ctypes.c_uint64),
                ("max_memory_bytes", ctypes.c_uint64)]


class Picture(ctypes.Structure):
    _fields_ = [("width", ctypes.c_uint32), ("height", ctypes.c_uint32), ("hashes", Hash * ORIENTATION_COUNT),
                ("incomplete", Error)]


class IndexOptions(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("mode", ctypes.c_int32), ("radius_bits", ctypes.c_uint32),
                ("queries_per_call", ctypes.c_uint64), ("threads", ctypes.c_uint32)]


class IndexInfo(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("rows", ctypes.c_uint64), ("mode", ctypes.c_int32),
                ("kind", ctypes.c_int32), ("radius_bits", ctypes.c_uint32), ("has_ids", ctypes.c_int32)]


class SearchOptions(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("mode", ctypes.c_int32), ("radius_bits", ctypes.c_uint32),
                ("max_hits_per_query", ctypes.c_uint32)]


HIT_FORMAT = "=QIIII"  # sl_hit: id, query, row, distance_bits, reserved

_P = ctypes.c_void_p
_SIZE = ctypes.c_size_t
_STATUS = ctypes.c_int32
# name: what it gives, what it takes. Pointers to structures and handles are all void pointers here.
_FUNCTIONS = {
    "sl_version": (ctypes.c_char_p, []),
    "sl_abi_version": (ctypes.c_uint32, []),
    "sl_status_text": (ctypes.c_char_p, [ctypes.c_int32]),
    "sl_hasher_create": (_STATUS, [_P, _P]),
    "sl_hasher_free": (None, [_P]),
    "sl_hash_pixels": (_STATUS, [_P, _P, ctypes.c_int32, _P, _P]),
    "sl_hash_pixels_all": (_STATUS, [_P, _P, ctypes.c_int32, _P, _P]),
    "sl_hash_bytes": (_STATUS, [_P, _P, _SIZE, ctypes.c_int32, _P, _P, _P]),
    "sl_index_build": (_STATUS, [_P, _P, _SIZE, _P, _P, _P]),
    "sl_index_save": (_STATUS, [_P, ctypes.c_char_p, _P]),
    "sl_index_open": (_STATUS, [ctypes.c_char_p, _P, _P]),
    "sl_index_verify": (_STATUS, [_P, _P]),
    "sl_index_free": (None, [_P]),
    "sl_index_describe": (_STATUS, [_P, _P, _P]),
    "sl_index_row": (_STATUS, [_P, ctypes.c_uint64, _P, _P, _P]),
    "sl_index_search": (_STATUS, [_P, _P, _SIZE, _P, _P, _P]),
    "sl_hits_data": (_P, [_P]),
    "sl_hits_count": (_SIZE, [_P]),
    "sl_hits_first": (_P, [_P]),
    "sl_hits_cut": (_P, [_P]),
    "sl_hits_free": (None, [_P]),
}


class SafelightError(Exception):
    """What libsafelight refused or could not do.

    code: a name of SL_..., such as "truncated"; rule: the rule broken, such as "png.chunk-crc", or "";
    offset: the place in the input, or None; offset_kind: "exact", "approximate" or None."""

    def __init__(self, code, rule="", offset=None, offset_kind=None, message=""):
        self.code = code
        self.rule = rule
        self.offset = offset
        self.offset_kind = offset_kind
        self.message = message
        words = code + (f", {rule}" if rule else "") + (f": {message}" if message else "")
        if offset is not None:
            words += f" at byte {offset}" if offset_kind == "exact" else f" after about {offset} bytes"
        super().__init__(words)


def _candidates():
    """Where the library may be: named by hand; above an installed module; where the loader looks."""
    named = os.environ.get("SAFELIGHT_LIBRARY")
    if named:
        return [named]
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    above = Path(__file__).resolve().parents
    return [str(place) for folder in above[:6] for place in (folder / SONAME, folder / multiarch / SONAME)
            if place.is_file()] + [SONAME]


def _load():
    name = _candidates()[0]
    try:
        library = ctypes.CDLL(name)
    except OSError as error:
        raise ImportError(f"{error}: install libsafelight, or name its file in SAFELIGHT_LIBRARY") from error
    for name, (gives, takes) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = gives
        function.argtypes = takes
    found = library.sl_abi_version()
    if found != ABI_VERSION:
        raise ImportError(f"libsafelight has ABI {found}, this module needs {ABI_VERSION}")
    return library


library = _load()


def version():
    return library.sl_version().decode()


def to_exception(error):
    kind = OFFSET_KINDS.get(error.offset_kind)
    return SafelightError(library.sl_status_text(error.status).decode(), error.rule.decode(),
                          error.offset_bytes if kind else None, kind, error.message.decode(errors="replace"))


def call(name, *arguments):
    """Calls a function that gives a status, and raises SafelightError where that is not SL_OK."""
    error = Error()
    if getattr(library, name)(*arguments, ctypes.addressof(error)) != 0:
        raise to_exception(error)


def mode_number(mode):
    try:
        return MODES[mode]
    except KeyError:
        raise ValueError(f"mode is one of {', '.join(MODES)}, not {mode!r}") from None
