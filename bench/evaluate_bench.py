#!/usr/bin/env python3
"""What `safelight evaluate` costs with the built-in cues: pictures a minute through the whole sweep of transformations,
what a thousand would take, and the peaks of memory for half of the pictures and for all of them. Then a run that is
killed in the middle and started again must give the same evaluation. bench/README.md says how to run it."""
import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scan_bench import MemoryWatch, load_average

NOISE, QUALITY = 24, 89
SOURCES = 10
POLL_SECONDS = 0.05


class Study:
    """A folder of one study, and the command that goes on with it."""

    def __init__(self, options, manifest, name):
        self.folder = options.folder / name
        self.command = [options.build / "apps" / "safelight", "evaluate", manifest, "--folder", self.folder,
                        "--jobs", str(options.jobs)]
        self.scores = self.folder / "scores.jsonl"
        self.log = options.folder / f"{name}.log"

    def start(self):
        with open(self.log, "wb") as log:
            return subprocess.Popen(self.command, stdout=log, stderr=log)

    def run(self):
        """Wall time, processor time with that of the workers, and the peaks in kB."""
        begin = time.monotonic()
        process = self.start()
        memory = MemoryWatch(process.pid, POLL_SECONDS)
        memory.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        peaks = memory.end()
        if process.returncode != 0:
            sys.exit("an evaluation failed:\n" + self.log.read_text()[-2000:])
        return {"wall_s": wall_s, "cpu_s": usage.ru_utime + usage.ru_stime, "peaks": peaks}

    def scored(self):
        """How many lines the file of scores has so far; two a picture after the first."""
        return self.scores.read_bytes().count(b"\n") if self.scores.exists() else 0

    def kill_after(self, lines):
        process = self.start()
        while process.poll() is None and self.scored() < lines:
            time.sleep(POLL_SECONDS)
        if process.poll() is not None:
            sys.exit("the evaluation that was to be killed ended before")
        process.send_signal(signal.SIGKILL)
        process.wait()

    def evaluation(self):
        return (self.folder / "evaluation.json").read_bytes()


def make_pictures(options):
    pictures = options.folder / "pictures"
    if pictures.exists():
        shutil.rmtree(pictures)
    pictures.mkdir(parents=True)
    subprocess.run([options.build / "bench" / "bench_make_inputs", "references", pictures, str(options.pictures),
                    str(NOISE), str(QUALITY)], check=True)
    return [pictures / f"reference{i}.jpg" for i in range(options.pictures)]


def write_manifest(path, pictures):
    """Half of the sources count as cameras, half as generated: what the scores are is of no matter here."""
    lines = ["path,sha256,label,source"]
    for i, picture in enumerate(pictures):
        source = i % SOURCES
        label = "camera" if source % 2 == 0 else "generated"
        lines.append(f"{picture.resolve()},{hashlib.sha256(picture.read_bytes()).hexdigest()},{label},source{source}")
    path.write_text("\n".join(lines) + "\n")
    return path


def check(study, count):
    """That every picture was measured, and has a score as it is."""
    references = json.loads(study.evaluation())["references"]
    measured = references["camera"] + references["generated"]
    if measured != count or references["left_out"]:
        sys.exit(f"{study.folder}: {measured} of {count} pictures were measured: {references['left_out']}")
    for line in study.scores.read_text().splitlines():
        entries = json.loads(line).get("entries")
        if entries and "score" not in entries[0]:
            sys.exit(f"{study.folder}: {entries[0]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build/release"))
    parser.add_argument("--folder", type=Path, help="where the inputs are made and kept; by default a passing one")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pictures", type=int, default=60, help="JPEGs of 1184 x 888")
    options = parser.parse_args()
    options.build = options.build.resolve()
    passing = options.folder is None
    options.folder = (options.folder or Path(tempfile.mkdtemp(prefix="safelight-bench-"))).resolve()
    try:
        pictures = make_pictures(options)
        print(f"{len(pictures)} pictures of 1184 x 888, jobs {options.jobs}; load average at the start {load_average()}")
        for count in (len(pictures) // 2, len(pictures)):
            manifest = write_manifest(options.folder / f"{count}.csv", pictures[:count])
            study = Study(options, manifest, f"study-{count}")
            run = study.run()
            check(study, count)
            again = Study(options, manifest, f"study-{count}").run()
            print(f"\n{count} pictures: {run['wall_s']:.1f} s, {60 * count / run['wall_s']:.0f} a minute; processor time "
                  f"{run['cpu_s']:.1f} s, {run['cpu_s'] / count:.2f} s a picture")
            print(f"  the figures alone, from kept scores: {again['wall_s']:.1f} s, processor time {again['cpu_s']:.1f} s")
            print(f"  1,000 pictures at this rate: {1000 / count * run['wall_s'] / 60:.1f} minutes; by processor time on "
                  f"{options.jobs} cores {1000 / count * run['cpu_s'] / 60 / options.jobs:.1f} minutes")
            print("  peaks, kB: " + ", ".join(f"{name} {value}" for name, value in run["peaks"].items()), flush=True)
        killed = Study(options, manifest, "study-killed")
        killed.kill_after(len(pictures))
        left = killed.scored()
        killed.run()
        if killed.evaluation() != study.evaluation():
            sys.exit("the evaluation that was killed and resumed is another")
        print(f"\nkilled after {(left - 1) // 2} pictures and resumed: the same evaluation.json")
        print(f"load average at the end {load_average()}")
    finally:
        if passing:
            shutil.rmtree(options.folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
