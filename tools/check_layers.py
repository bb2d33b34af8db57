#!/usr/bin/env python3
"""Checks that every #include follows tools/layers.txt, that USES in each CMakeLists.txt agrees with it,
that no internal header leaves its module, and that directories and sources stay small."""
import re
import sys
from pathlib import Path

MAX_SOURCES_PER_DIRECTORY = 40
MAX_LINES_PER_SOURCE = 800


def read_table(path):
    table = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            module, uses = line.split(":")
            table[module] = uses.split()
            for used in table[module]:
                if used not in list(table)[:-1]:
                    sys.exit(f"{path.name}: {module} uses {used}, which does not stand below it")
    return table


def module_of(relative, table):
    parts = relative.parts[1:-1] if relative.parts[0] == "safelight" else relative.parts[:1]
    for depth in range(len(parts), 0, -1):
        if "/".join(parts[:depth]) in table:
            return "/".join(parts[:depth])
    return None


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    table = read_table(root / "tools" / "layers.txt")
    problems = []
    sources = sorted(p for top in ("safelight", "api", "apps") for p in (root / top).rglob("*") if p.suffix in (".h", ".cpp"))
    for path in sources:
        relative = path.relative_to(root)
        module = module_of(relative, table)
        if module is None:
            problems.append(f"{relative}: its folder is not in tools/layers.txt")
            continue
        text = path.read_text()
        lines = text.count("\n")
        if lines > MAX_LINES_PER_SOURCE:
            problems.append(f"{relative}: {lines} lines, over {MAX_LINES_PER_SOURCE}")
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r'\s*#include "((?:safelight|api|apps)/[^"]+)"', line)
            if not match:
                continue
            target = Path(match.group(1))
            if not (root / target).exists():
                problems.append(f"{relative}:{number}: {target} does not exist")
                continue
            used = module_of(target, table)
            if used != module and used not in table[module]:
                problems.append(f"{relative}:{number}: {module} may not use {used}")
            if "internal" in target.parts and used != module:
                problems.append(f"{relative}:{number}: {target} is private to {used}")
    for directory in sorted({p.parent for p in sources}):
        count = sum(1 for p in directory.iterdir() if p.suffix in (".h", ".cpp"))
        if count > MAX_SOURCES_PER_DIRECTORY:
            problems.append(f"{directory.relative_to(root)}: {count} sources, over {MAX_SOURCES_PER_DIRECTORY}")
    for module, uses in table.items():
        cmake = root / "safelight" / module / "CMakeLists.txt"
        if not cmake.exists():
            cmake = root / module / "CMakeLists.txt"
        if not cmake.exists():
            continue
        match = re.search(r"safelight_module\(\S+(.*?)\n\s*\)|safelight_module\(\S+(.*?)\)", cmake.read_text(), re.S)
        body = (match.group(1) or match.group(2) or "") if match else ""
        words = body.split()
        declared = []
        if "USES" in words:
            for word in words[words.index("USES") + 1:]:
                if word.isupper():
                    break
                declared.append(word)
        for used in declared:
            if used not in [u.replace("/", "_") for u in uses]:
                problems.append(f"{cmake.relative_to(root)}: USES {used} is not in tools/layers.txt")
    print("\n".join(problems) if problems else f"layers: {len(sources)} sources follow tools/layers.txt")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
