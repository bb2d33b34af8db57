#!/usr/bin/env python3
"""Checks that testdata/MANIFEST.tsv names every file under testdata, and that each is what it names.

--update rewrites the table: digests anew, files that are gone left out, new files added. How a new file was
made comes from --made, else from the files in its folder, where these all say the same."""
import argparse
import hashlib
import sys
from pathlib import Path

COLUMNS = ["path", "origin", "licence", "sha256", "how made"]
ORIGIN = "this project"
LICENCE = "Apache-2.0"
NAME = "MANIFEST.tsv"


def read_table(path):
    """Rows by path. Exits where a line is no row or comes twice or out of order."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ["\t".join(COLUMNS)]
    if lines[0].split("\t") != COLUMNS:
        sys.exit(f"{NAME}: the first line must name the columns {', '.join(COLUMNS)}")
    rows = {}
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or not all(cells):
            sys.exit(f"{NAME}:{number}: {len(COLUMNS)} cells that say something are wanted")
        if cells[0] in rows:
            sys.exit(f"{NAME}:{number}: {cells[0]} comes twice")
        rows[cells[0]] = dict(zip(COLUMNS, cells))
    if list(rows) != sorted(rows):
        sys.exit(f"{NAME}: the rows must be in the order of their paths")
    return rows


def digests_of(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != NAME)
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def update(rows, digests, made):
    """The new table, and the paths of which nobody said how they were made."""
    table, unsaid = {}, []
    for path, digest in digests.items():
        row = dict(rows.get(path, {"path": path, "origin": ORIGIN, "licence": LICENCE}))
        row["sha256"] = digest
        if "how made" not in row:
            folder = path.rpartition("/")[0]
            said = {r["how made"] for p, r in rows.items() if p.rpartition("/")[0] == folder}
            if folder in made or len(said) == 1:
                row["how made"] = made.get(folder) or said.pop()
            else:
                unsaid.append(path)
                continue
        table[path] = row
    return table, unsaid


def problems_of(rows, digests):
    for path in sorted(rows.keys() | digests.keys()):
        if path not in digests:
            yield f"{path}: listed, but not there"
        elif path not in rows:
            yield f"{path}: not listed; tools/check_manifest.py --update"
        elif rows[path]["sha256"] != digests[path]:
            yield f"{path}: its SHA-256 is {digests[path]}, the table has {rows[path]['sha256']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", default=Path(__file__).resolve().parents[1], type=Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--made", action="append", default=[], metavar="FOLDER=TEXT",
                        help="how the new files of a folder under testdata were made; repeatable")
    arguments = parser.parse_args()
    made = dict(pair.split("=", 1) for pair in arguments.made if "=" in pair)
    folder = arguments.root / "testdata"
    rows, digests = read_table(folder / NAME), digests_of(folder)
    if arguments.update:
        rows, problems = update(rows, digests, made)
        problems = [f"{path}: say how it was made, with --made FOLDER=TEXT" for path in problems]
        lines = ["\t".join(COLUMNS)] + ["\t".join(rows[path][c] for c in COLUMNS) for path in sorted(rows)]
        (folder / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        problems = list(problems_of(rows, digests))
    print("\n".join(problems) if problems else f"manifest: {len(digests)} files are as {NAME} says")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
