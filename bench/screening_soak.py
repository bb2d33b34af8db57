#!/usr/bin/env python3
"""Screens uploads for a time while clients break off, send nonsense and workers are killed; then says whether an answer
was wrong, an upload was lost, and how memory went. bench/README.md says how to run it."""
import argparse
import hashlib
import http.client
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "e2e")]


def resident_mb(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000


def workers_of(pid):
    out = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            out += [int(child) for child in task.read_text().split()]
        except OSError:
            pass
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--listed", type=float, default=0.001, help="which part of the uploads is listed, and so held")
    arguments = parser.parse_args()
    os.environ["SAFELIGHT_PROGRAMS"] = str(arguments.build / "apps")
    os.environ["SAFELIGHT_DEMO_MAKER"] = str(arguments.build / "apps" / "safelight-demo-maker")
    from programs import DONE, safelight
    from review_server import ANY_CERTIFICATE, Client, Server, add_person, make_demo, team_config

    with tempfile.TemporaryDirectory(prefix="safelight-soak-") as name:
        folder = Path(name)
        os.environ["SAFELIGHT_LISTS"] = str(folder / "lists")
        make_demo(folder / "pictures")
        jpegs = [path.read_bytes() for path in sorted((folder / "pictures").rglob("*.jpg"))]
        listed, others = jpegs[0], [data for data in jpegs[5:25] if data != jpegs[0]]
        (folder / "known.csv").write_text(f"{hashlib.md5(listed).hexdigest()},1\n")
        safelight("list", "import", "known", folder / "known.csv", "--map", "1=known", check=DONE)
        config = team_config(folder, {"uploads": folder / "uploads"}, screening={
            "lists": ["known"], "case": str(folder / "uploads"), "held": "held", "held_key": "held.key", "bucket_ms": 0})
        add_person(config, "dora", "admin")
        add_person(config, "ana", "lead")
        server = Server(folder, "--config", config)
        dora = Client(server.port, tls=True).log_in("dora")
        keys = [dora.post("/v1/keys", {"name": str(n), "tenant": f"tenant {n % 2}", "scopes": ["screen"]}).json["key"]
                for n in range(4)]
        ends, counts, lock = time.monotonic() + arguments.minutes * 60, Counter(), threading.Lock()

        def count(what):
            with lock:
                counts[what] += 1

        def screen(key, seed):
            chosen = random.Random(seed)
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/octet-stream"}
            connection, left = None, 0
            while time.monotonic() < ends:
                is_listed = chosen.random() < arguments.listed
                data = listed if is_listed else chosen.choice(others)
                try:
                    if left == 0:
                        connection, left = Client(server.port, tls=True).connect(), chosen.randint(1, 200)
                    connection.request("POST", "/v1/screen", data, headers)
                    answer = connection.getresponse()
                    body, left = answer.read(), left - 1
                    if left == 0 or answer.will_close:
                        connection.close()
                        left = 0
                except (OSError, http.client.HTTPException):
                    connection.close()
                    left = 0
                    count("no answer")
                    continue
                if answer.status != 200:
                    count(f"status {answer.status}")
                elif b"hold" in body:
                    count("held, listed" if is_listed else "held, other")
                else:
                    count("WRONG: a listed one accepted" if is_listed else "accepted")

        def disturb(seed):
            chosen = random.Random(seed)
            while time.monotonic() < ends:
                try:
                    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
                    if chosen.random() < 0.3:
                        plain.sendall(os.urandom(100))  # No handshake.
                    else:
                        with ANY_CERTIFICATE.wrap_socket(plain) as tls:
                            head = f"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {keys[0]}\r\n"
                            tls.sendall(chosen.choice([
                                head + "Content-Length: 200000\r\n\r\n" + "x" * 5000,  # Goes away in mid-upload.
                                head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
                                "GET / HTTP/9\r\n\r\n", "\0" * 300, "GET /" + "a" * 9000]).encode())
                    plain.close()
                except OSError:
                    pass
                count("disturbed")
                time.sleep(0.02)

        def kill():
            while time.monotonic() < ends:
                time.sleep(2)
                workers = workers_of(server.process.pid)
                if workers:
                    try:
                        os.kill(random.choice(workers), signal.SIGKILL)
                        count("workers killed")
                    except ProcessLookupError:
                        pass

        threads = [threading.Thread(target=screen, args=(key, n)) for n, key in enumerate(keys)]
        threads += [threading.Thread(target=disturb, args=(9,)), threading.Thread(target=kill)]
        for thread in threads:
            thread.start()
        memory, descriptors = [], []
        while time.monotonic() < ends:
            time.sleep(min(10, arguments.minutes * 6))
            memory.append(resident_mb(server.process.pid))
            descriptors.append(len(os.listdir(f"/proc/{server.process.pid}/fd")))
        for thread in threads:
            thread.join()
        held = Client(server.port, tls=True).log_in("ana").get("/v1/held").json["total"]
        answered = counts["held, listed"] + counts["held, other"]
        for what, number in sorted(counts.items()):
            print(f"{what}: {number:,}")
        print(f"answers of hold: {answered:,}; uploads in the store: {held:,}")
        tenth = max(1, len(memory) // 10)
        early, late = memory[tenth:2 * tenth] or memory[:1], memory[-tenth:]
        print(f"memory of the server: {sum(early) / len(early):.1f} MB early, {sum(late) / len(late):.1f} MB late")
        tenths = [memory[i * len(memory) // 10] for i in range(10)] + [memory[-1]]
        print("memory by tenths of the time: " + " ".join(f"{mb:.1f}" for mb in tenths))
        print(f"open files of the server: {descriptors[0]} at first, {max(descriptors)} at most, {descriptors[-1]} at last")
        assert server.stop() == 0
        safelight("case", "verify", folder / "uploads", check=DONE)
        # An answer that never came may have been held all the same; the other way round none may be lost.
        if held < answered or any(what.startswith("WRONG") for what in counts):
            sys.exit(1)


if __name__ == "__main__":
    main()
