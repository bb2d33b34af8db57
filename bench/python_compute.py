#!/usr/bin/env python3
"""What safelight.compute() of the Python module costs beside the C++ that it calls, on the same pixels: bench_compute
and Python take turns, and their processor time is compared, by the medians of the rounds and by the quickest call of
all. First checks that both answer the same. numpy is used where it is installed. bench/README.md says how to run it."""
import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def time_python(compute, image, mode, repeat):
    """The answer, and the median and the least of the microseconds of this thread."""
    compute(image, mode)
    times = []
    for _ in range(repeat):
        begin = time.thread_time_ns()
        answer = compute(image, mode)
        times.append((time.thread_time_ns() - begin) / 1000)
    return answer, statistics.median(times), min(times)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    arguments.add_argument("--rounds", type=int, default=11)
    options = arguments.parse_args()
    os.environ.setdefault("SAFELIGHT_LIBRARY", str(options.build / "api" / "libsafelight.so.1"))
    sys.path.insert(0, str(ROOT / "bindings" / "python"))
    import safelight
    from safelight._buffers import numpy
    print(f"numpy: {'none' if numpy is None else numpy.__version__}; {options.rounds} rounds; processor time")
    print("                      medians, us                                quickest, us")
    print("pixels     mode           C++    Python  ratio (spread)              C++    Python  ratio")
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as folder:
        for width, height in ((64, 64), (320, 240), (640, 480), (1920, 1080), (4000, 3000)):
            samples = random.Random(width).randbytes(width * height * 3)
            pixels = Path(folder) / "pixels"
            pixels.write_bytes(samples)
            image = memoryview(samples).cast("B", (height, width, 3))
            repeat = max(5, min(400, 40_000_000 // len(samples)))
            for mode in ("reference", "full"):
                rounds = []
                for _ in range(options.rounds):
                    done = subprocess.run([options.build / "bench" / "bench_compute", pixels, str(width), str(height),
                                           mode, str(repeat)], check=True, capture_output=True, text=True)
                    fingerprint, quality, *cpp = done.stdout.split()
                    (vector, python_quality), *python = time_python(safelight.compute, image, mode, repeat)
                    if (safelight.to_hex(vector), python_quality) != (fingerprint, int(quality)):
                        sys.exit(f"{width}x{height} {mode}: Python and C++ answer differently")
                    rounds.append([*map(float, cpp), *python])
                cpp, cpp_least, python, python_least = zip(*rounds)
                ratios = sorted(p / c for c, p in zip(cpp, python))
                print(f"{width:>4}x{height:<4}  {mode:<9} {statistics.median(cpp):>8.1f}  "
                      f"{statistics.median(python):>8.1f}  "
                      f"{statistics.median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f})  {min(cpp_least):>8.1f}"
                      f"  {min(python_least):>8.1f}  {min(python_least) / min(cpp_least):.3f}")


if __name__ == "__main__":
    main()
