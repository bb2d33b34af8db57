"""Ordinary pictures for studies of detectors: noise and clouds, written as PNG, and manifests of them."""
import hashlib
import random
import struct
import zlib


def png(width, height, rows):
    """A PNG of 8 bits a sample, RGB; `rows` gives the bytes of each row."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = b"".join(b"\0" + row for row in rows)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(raw, 1)) + chunk(b"IEND", b""))


def noise(seed, width=256, height=256, level=128, spread=32):
    """Every sample is within `spread` of the level."""
    bounded = bytes(level + (byte * (2 * spread + 1) >> 8) - spread for byte in range(256))
    draws = random.Random(seed)
    return png(width, height, [draws.randbytes(3 * width).translate(bounded) for _ in range(height)])


def tinted(seed, side, red, blue):
    """Noise around a red and a blue level of its own."""
    draws = random.Random(seed)
    grain = bytes(byte >> 4 for byte in range(256))
    level = bytes([red, 128, blue]) * side
    return png(side, side, [bytes(map(sum, zip(level, draws.randbytes(3 * side).translate(grain)))) for _ in range(side)])


def clouds(seed, width=256, height=256, side=8):
    """Blocks of drawn greys, with a little noise."""
    draws = random.Random(seed)
    grain = bytes(byte >> 4 for byte in range(256))
    rows = []
    for y in range(height):
        if y % side == 0:
            greys = bytes(draws.randrange(20, 220) for _ in range(width // side + 1))
            blocks = b"".join(bytes([grey, grey, grey // 2]) * side for grey in greys)[:3 * width]
        rows.append(bytes(map(sum, zip(blocks, draws.randbytes(3 * width).translate(grain)))))
    return png(width, height, rows)


def add_line(lines, folder, name, label, source, data=None, generator=""):
    """A line of a manifest; the picture is written if it is given."""
    path = folder / name
    if data is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    lines.append([name, hashlib.sha256(path.read_bytes()).hexdigest(), label, source, generator])


def write_manifest(path, lines):
    path.write_text("".join(",".join(line) + "\n" for line in [["path", "sha256", "label", "source", "generator"], *lines]))
