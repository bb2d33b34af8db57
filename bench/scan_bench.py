#!/usr/bin/env python3
"""Measures a whole `safelight scan` against an in-process loop over the same files, its memory, and
its rate on small pictures. bench/README.md says what each part means and how to run it."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SAMPLE_SECONDS = 0.003
LIST_NAME = "random"
# Noise and JPEG quality of the charts that come to about so many bits a pixel.
PHOTOS = {"1.2 bit a pixel": (24, 81), "2 bit a pixel": (24, 89)}


class MemoryWatch(threading.Thread):
    """The peaks of a process and of its children, in kB, as /proc tells them while it runs."""

    def __init__(self, pid, sample_seconds=SAMPLE_SECONDS):
        super().__init__(daemon=True)
        self.pid = pid
        self._sample_seconds = sample_seconds
        self.peaks = {"coordinator_anonymous": 0, "coordinator_resident": 0,
                      "worker_anonymous": 0, "worker_resident": 0}
        self._ending = threading.Event()

    @staticmethod
    def _status(pid):
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            return {}
        return {name: int(rest.split()[0]) for name, rest in (line.split(":", 1) for line in lines)
                if name in ("RssAnon", "VmHWM") and rest.split()}

    def _children(self):
        children = []
        for task in Path(f"/proc/{self.pid}/task").glob("*/children"):
            try:
                children += task.read_text().split()
            except OSError:
                pass
        return children

    def _take(self, who, pid):
        status = self._status(pid)
        for name, field in (("anonymous", "RssAnon"), ("resident", "VmHWM")):
            key = f"{who}_{name}"
            self.peaks[key] = max(self.peaks[key], status.get(field, 0))

    def run(self):
        while not self._ending.wait(self._sample_seconds):
            self._take("coordinator", self.pid)
            for child in self._children():
                self._take("worker", child)

    def end(self):
        self._ending.set()
        self.join()
        return self.peaks


class Bench:
    def __init__(self, build, folder, jobs, repeat):
        self.safelight = build / "apps" / "safelight"
        self.tools = build / "bench"
        self.folder = folder
        self.jobs = jobs
        self.repeat = repeat
        self.list_store = folder / "lists"

    def make(self, name, *arguments):
        """The folder of that name, made once."""
        target = self.folder / name.replace(" ", "-").replace("/", "-")
        if not target.exists():
            partial = target.with_name(target.name + ".part")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            what, *rest = arguments
            subprocess.run([self.tools / "bench_make_inputs", what, partial, *map(str, rest)], check=True)
            partial.rename(target)
        return target

    def import_list(self, entries):
        if self.list_store.exists():
            return
        text = self.folder / "list.csv"
        subprocess.run([self.tools / "bench_make_inputs", "list", text, str(entries)], check=True)
        subprocess.run([self.safelight, "list", "import", LIST_NAME, text, "--default", "review"], check=True,
                       env=self.environment(), stdout=subprocess.DEVNULL)
        text.unlink()

    def environment(self):
        return {**os.environ, "SAFELIGHT_LISTS": str(self.list_store)}

    def scan(self, source, *options, watch=False):
        """One scan into a new case: wall time, processor time with that of the workers, items, peaks."""
        with tempfile.TemporaryDirectory(prefix="case-", dir=self.folder) as case:
            case = Path(case) / "case"
            command = [self.safelight, "scan", source, "--case", case, "--jobs", str(self.jobs), "--json", *options]
            start = time.monotonic()
            with open(self.folder / "scan.json", "wb") as out, open(self.folder / "scan.log", "wb") as log:
                process = subprocess.Popen(command, stdout=out, stderr=log, env=self.environment())
                memory = MemoryWatch(process.pid) if watch else None
                if memory:
                    memory.start()
                _, status, usage = os.wait4(process.pid, 0)
            wall_s = time.monotonic() - start
            peaks = memory.end() if memory else {}
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                sys.exit("a scan failed, or did not examine everything:\n" + (self.folder / "scan.log").read_text()[-2000:])
            summary = json.loads((self.folder / "scan.json").read_text())
        return {"wall_s": wall_s, "cpu_s": usage.ru_utime + usage.ru_stime, "summary": summary, "peaks": peaks}

    def baseline(self, source):
        done = subprocess.run([self.tools / "bench_baseline", source, str(self.jobs)], check=True, capture_output=True)
        return json.loads(done.stdout)

    def compare(self, source, *options):
        """Scan and loop in turn; the median and the extremes of each, and of their ratios pair by pair."""
        pairs = []
        starts = []
        self.baseline(source)  # Warms the page cache.
        for _ in range(self.repeat):
            loop = self.baseline(source)
            pairs.append((loop, self.scan(source, *options)))
            starts.append(self.scan(self.nothing(), *options))
        files = pairs[0][0]["files"]
        if pairs[0][0]["fingerprints"] != files:
            sys.exit(f"{source}: the loop made fingerprints of {pairs[0][0]['fingerprints']} of {files} files")
        def spread(values):
            return {"median": round(statistics.median(values), 4), "min": round(min(values), 4),
                    "max": round(max(values), 4)}
        report = {"files": files, "repetitions": self.repeat,
                  "bytes": sum(p.stat().st_size for p in source.rglob("*") if p.is_file())}
        for measure in ("wall_s", "cpu_s"):
            report[measure] = {"loop": spread([loop[measure] for loop, _ in pairs]),
                               "scan": spread([scan[measure] for _, scan in pairs]),
                               "ratio": spread([scan[measure] / loop[measure] for loop, scan in pairs])}
            # What a scan costs that has nothing to examine: opening and checking the list, a new case.
            start = statistics.median(scan[measure] for scan in starts)
            report[measure]["scan of nothing"] = spread([scan[measure] for scan in starts])
            report[measure]["ratio without that"] = spread([(scan[measure] - start) / loop[measure]
                                                            for loop, scan in pairs])
        report["scan_files_per_s"] = spread([files / scan["wall_s"] for _, scan in pairs])
        report["scan_files_per_cpu_s"] = spread([files / scan["cpu_s"] for _, scan in pairs])
        return report

    def nothing(self):
        empty = self.folder / "nothing"
        empty.mkdir(exist_ok=True)
        return empty

    def peaks(self, source, *options):
        return self.scan(source, *options, watch=True)["peaks"]


def show(title, report):
    print(f"\n{title}")
    for key, value in report.items():
        print(f"  {key}: {json.dumps(value)}")
    sys.stdout.flush()


def load_average():
    return Path("/proc/loadavg").read_text().split()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="*", default=["fingerprint", "photos", "thumbs", "memory"],
                        help="fingerprint, photos, thumbs, memory; all by default")
    parser.add_argument("--build", type=Path, default=Path("build/release"))
    parser.add_argument("--folder", type=Path, help="where the inputs are made and kept; by default a passing one")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=10)
    parser.add_argument("--photos", type=int, default=64, help="pictures of 12 megapixels at each density")
    parser.add_argument("--thumbs", type=int, default=20_000, help="pictures of 64 x 64")
    parser.add_argument("--entries", type=int, default=1_000_000, help="entries of the list")
    parser.add_argument("--orientations", default="auto")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="safelight-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        bench = Bench(arguments.build.resolve(), folder.resolve(), arguments.jobs, arguments.repeat)
        bench.import_list(arguments.entries)
        options = ("--list", LIST_NAME, "--orientations", arguments.orientations)
        print(f"jobs {arguments.jobs}, list of {arguments.entries}, orientations {arguments.orientations}; "
              f"load average at the start {load_average()}")
        if "fingerprint" in arguments.part:
            for name, (noise, quality) in PHOTOS.items():
                source = bench.make(f"sizes {name}", "sizes", noise, quality)
                print(f"\nJPEG to fingerprint, {name}", flush=True)
                subprocess.run([bench.tools / "bench_fingerprint", *sorted(source.iterdir())], check=True)
        if "photos" in arguments.part:
            for name, (noise, quality) in PHOTOS.items():
                source = bench.make(f"photos {name}", "photos", arguments.photos, noise, quality)
                show(f"12 megapixels, {name}: scan against loop", bench.compare(source, *options))
        if "thumbs" in arguments.part:
            source = bench.make("thumbs", "thumbs", arguments.thumbs)
            show("64 px pictures: scan against loop", bench.compare(source, *options))
        if "memory" in arguments.part:
            if "thumbs" in arguments.part:
                source = bench.make("thumbs", "thumbs", arguments.thumbs)
                show("memory in kB, 64 px pictures", bench.peaks(source, *options))
            huge = bench.make("huge", "huge")
            for file in ("huge.jpg", "huge.png"):
                show(f"memory in kB, {file} of 100 megapixels", bench.peaks(huge / file, *options))
        print(f"\nload average at the end {load_average()}")
    finally:
        if not arguments.folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
