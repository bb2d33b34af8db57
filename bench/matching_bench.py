#!/usr/bin/env python3
"""Everything that matching at scale is held against, one run after the other: the index at three sizes and on three kinds
of data (with Faiss beside it where libfaiss-dev was found when this was built), exact sets of a hundred million digests,
and grouping. Each program checks its answers first. Prints their output, and the ratio to Faiss of the same run.
bench/README.md says how to build."""
import argparse
import re
import subprocess
import sys
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / "build/release/safelight"
INDEX = BUILD / "index/index_multi_index_bench"
PARTS = {
    "1m": [
        [INDEX, "--rows", "1000000", "--faiss", "1024"],
        [INDEX, "--rows", "1000000", "--set", "clustered"],
        [INDEX, "--rows", "1000000", "--set", "hub_heavy"],
    ],
    "10m": [
        [INDEX, "--rows", "10000000", "--checked", "64", "--faiss", "96"],
        [INDEX, "--rows", "10000000", "--checked", "64", "--set", "clustered"],
    ],
    "100m": [[INDEX, "--rows", "100000000", "--checked", "4", "--queries", "4096"]],
    "digests": [[BUILD / "index/index_exact_set_bench", "--benchmark_filter=together_mapped"]],
    "groups": [[BUILD / "triage/triage_groups_bench", "--benchmark_filter=group/1000000|extend"]],
}


def rate(output, what):
    """The median of the line that begins so."""
    found = re.search(rf"^{what}\s+(\d+) queries/s", output, re.MULTILINE)
    return int(found[1]) if found else None


def run(command):
    print("$", " ".join(str(part) for part in command), flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="")
    own, faiss = rate(done.stdout, "MultiIndex, one core"), rate(done.stdout, "Faiss MultiHash 16x16 nflip 1")
    if own and faiss:
        print(f"MultiIndex answers {own / faiss:.0f} times as many queries as Faiss")
    print(flush=True)
    return done.returncode == 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS) + "; by default all. 100m takes 13 GB")
    chosen = arguments.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        arguments.error("no such part: " + ", ".join(unknown))
    return 0 if all([run(command) for part in chosen for command in PARTS[part]]) else 1


if __name__ == "__main__":
    sys.exit(main())
