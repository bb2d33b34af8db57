"""How the tests of the Python module find it, with numpy or without, and pictures for them."""
import os
import random
import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "bindings" / "python"))
sys.path.insert(0, str(ROOT / "tests"))

# With numpy, without it, or as it comes.
wanted = os.environ.get("SAFELIGHT_TEST_NUMPY", "as installed")
if wanted == "without":
    sys.modules["numpy"] = None  # An import of it fails, as where it is not installed.
try:
    import numpy
except ImportError:
    numpy = None
if wanted == "with" and numpy is None:
    print("skipped: numpy is not installed")
    sys.exit(77)

import programs
import safelight


def noise(width, height, channels=3):
    """The samples of a picture, the same at every run."""
    return random.Random(width * height + channels).randbytes(width * height * channels)


def image(width, height, channels=3):
    """noise() as an object of the buffer protocol with its shape."""
    shape = (height, width, channels) if channels != 1 else (height, width)
    return memoryview(noise(width, height, channels)).cast("B", shape)


def png(width, height, channels, samples):
    """A PNG file of samples of 8 bits: filters and interlacing are not used."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row_bytes = width * channels
    rows = b"".join(b"\0" + samples[y * row_bytes:(y + 1) * row_bytes] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def bits_of(digits):
    return [int(bit) for bit in f"{int(digits, 16):0256b}"]
