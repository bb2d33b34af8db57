#!/usr/bin/env python3
"""Measures the review server on a case of invented items: how soon it serves, how long pages, counts and decisions
take, and its memory; with --browser also frames and keys of the app in Chromium. The answers are checked first.
bench/README.md says how to run it."""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "e2e")]


def milliseconds(work, times):
    taken = []
    for number in range(times):
        begun = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return f"p50 {statistics.median(taken):.1f} ms, p99 {taken[int(len(taken) * 0.99)]:.1f} ms"


def peak_mb(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--case", type=Path, help="one that bench_invented_case has made")
    parser.add_argument("--browser", action="store_true")
    arguments = parser.parse_args()
    os.environ["SAFELIGHT_PROGRAMS"] = str(arguments.build / "apps")
    from review_server import Client, Server

    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as folder:
        case = arguments.case or Path(folder) / "case"
        if arguments.case is None:
            subprocess.run([arguments.build / "bench" / "bench_invented_case", case, str(arguments.items)], check=True)
        subprocess.run([arguments.build / "apps" / "safelight", "triage", "--json", case], check=True, stdout=subprocess.DEVNULL)
        begun = time.perf_counter()
        server = Server(folder, "--case", case)
        print(f"serving after {time.perf_counter() - begun:.1f} s")
        client = Client(server.port).redeem(server.link)
        queue = "/v1/cases/case/queue"
        first = client.get(f"{queue}?known=shown&count=200").json
        assert first["items_total"] == arguments.items, first["items_total"]
        total = first["total"]
        print(f"{arguments.items:,} items, {total:,} cards")

        def page(number):
            at = number * 7919 * 101 % (total - 200)
            cards = client.get(f"{queue}?state=open&state.2=decided&count=200&from={at}").json["cards"]
            assert len(cards) == 200

        def act(number):
            body = {"kind": "category", "items": [first["cards"][number % 200]["item"]], "whole_groups": True,
                    "category": str(4 + number % 2), "seen": 10**9}
            assert client.post("/v1/cases/case/acts", body).status == 201

        print("a page of 200 cards, a connection each:", milliseconds(page, 100))
        print("all counts:", milliseconds(lambda _: client.get(f"{queue}/counts?state=open"), 20))
        print("a decision, on the disk:", milliseconds(act, 200))
        print("a page after a decision:", milliseconds(lambda n: (act(n), page(n)), 50))
        print(f"peak memory of the server: {peak_mb(server.process.pid):.0f} MB")
        if arguments.browser:
            server.stop()
            server = Server(folder, "--case", case)
            subprocess.run(["node", "--test", "test/million.test.mjs"], cwd=ROOT / "web", check=True, env={
                **os.environ, "SAFELIGHT_ORIGIN": f"http://127.0.0.1:{server.port}", "SAFELIGHT_LINK": server.link})
            print(f"peak memory of the server: {peak_mb(server.process.pid):.0f} MB")
        server.stop()


if __name__ == "__main__":
    main()
