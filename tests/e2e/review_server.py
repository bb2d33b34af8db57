"""A review server as its tests run it, and a client that behaves as the app does."""
import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import threading
import time
from pathlib import Path

from programs import DONE, INCOMPLETE, PROGRAMS, make_demo, safelight

PASSWORD = "an ordinary long pass phrase"


class Server:
    """`safelight serve` until stop(). `link` is the token of a local server."""

    def __init__(self, folder, *arguments):
        self.log = Path(folder) / "serve.log"
        self.output = self.log.open("wb")
        self.process = subprocess.Popen(
            [PROGRAMS / "safelight", "serve", *map(str, arguments)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=self.output, env={**os.environ, "XDG_STATE_HOME": str(Path(folder) / "state")})
        self.link, self.port, self.printed = None, None, ""
        while self.port is None:
            line = self.process.stdout.readline().decode()
            if not line:
                raise AssertionError("the server did not start: " + self.log.read_text())
            self.printed += line
            if found := re.search(r"http://127.0.0.1:(\d+)/#link=(\S+)", line):
                self.port, self.link = int(found[1]), found[2]
            elif found := re.search(r"https://127.0.0.1:(\d+)/", line):
                self.port = int(found[1])

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def kill(self):
        self.process.kill()
        self.ended()

    def ended(self):
        if not self.process.stdout.closed:
            self.process.stdout.read()
            self.process.stdout.close()
        self.output.close()
        return self.process.wait(timeout=60)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["code"] if self.body.startswith(b"{") else ""


ANY_CERTIFICATE = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ANY_CERTIFICATE.check_hostname, ANY_CERTIFICATE.verify_mode = False, ssl.CERT_NONE


class Client:
    """One browser: a cookie and the page's token."""

    def __init__(self, port, tls=False):
        self.port, self.tls, self.cookie, self.csrf = port, tls, None, ""

    def connect(self):
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=ANY_CERTIFICATE)

    def send(self, method, path, body=None, headers=None):
        connection = self.connect()
        sent = {"X-Safelight-CSRF": self.csrf}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent.update(headers or {})
        connection.request(method, path, body, {name: value for name, value in sent.items() if value is not None})
        answer = Answer(connection.getresponse())
        connection.close()
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, body):
        return self.send("POST", path, body)

    def opened(self, answer):
        if answer.status != 200:
            raise AssertionError(f"not let in: {answer.status} {answer.body}")
        self.csrf = answer.json["csrf"]
        return self

    def log_in(self, login, password=PASSWORD):
        return self.opened(self.post("/v1/session", {"login": login, "password": password}))

    def redeem(self, link):
        return self.opened(self.post("/v1/session/link", {"token": link}))

    def events(self, path):
        """Follows events in the background: a list that grows."""
        seen = []
        connection = self.connect()
        connection.request("GET", path, headers={"Cookie": self.cookie})
        response = connection.getresponse()

        def read():
            name = None
            try:
                while line := response.readline():
                    if line.startswith(b"event:"):
                        name = line[6:].strip().decode()
                    elif line.startswith(b"data:"):
                        seen.append((name, json.loads(line[5:])))
            except (OSError, ValueError, http.client.HTTPException):
                pass

        threading.Thread(target=read, daemon=True).start()
        return seen


def written_roles(table):
    """The route and, by role, "yes" or "-", of one of the tables of docs/roles.md."""
    lines = (Path(__file__).resolve().parents[2] / "docs" / "roles.md").read_text().splitlines()
    at = [number for number, line in enumerate(lines) if line.startswith("| route")][table]
    columns = [cell.strip() for cell in lines[at].strip("| ").split("|")][1:]
    written = {}
    for line in lines[at + 2:]:
        if not line.startswith("| `"):
            break
        row = [cell.strip() for cell in line.strip("|\n ").split("|")]
        written[row[0].strip("`")] = dict(zip(columns, row[1:]))
    return written


def check_roles(test, server, clients, table):
    """Asks every route of a table as every role. Those of the server are in it, or in an earlier one."""
    stranger = Client(server.port, tls=True)
    api = stranger.get("/openapi.json").json
    served = {f"{method.upper()} {path}" for path, methods in api["paths"].items() for method in methods}
    test.assertEqual({route for number in range(table + 1) for route in written_roles(number)}, served)
    for route, allowed in written_roles(table).items():
        method, path = route.split(" ")
        path = (path.replace("{case}", "case").replace("{item}", "0" * 64).replace("{person}", "ben").replace("{reveal}", "none")
                .replace("{report}", "none").replace("{upload}", "0" * 32).replace("{number}", "1").replace("{key}", "999")
                .replace("{approval}", "999").replace("{list}", "none"))
        # Events would not end, and nobody could ask anything after a log-out.
        if path.endswith("/events") or route == "DELETE /v1/session":
            continue
        for role, client in {**clients, "nobody": stranger}.items():
            before = client.cookie
            answer = client.send(method, path, None if method in ("GET", "DELETE") else {})
            client.cookie = before
            refused = answer.status in (401, 403) and answer.code in ("no-session", "not-permitted")
            test.assertEqual(allowed[role], "-" if refused else "yes", (route, role, answer.status, answer.body[:200]))


def comes_true(holds, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False


def make_case(folder):
    """The demo's pictures, scanned: the case in folder/case, the pictures in folder/pictures."""
    pictures = Path(folder) / "pictures"
    make_demo(pictures)
    safelight("scan", pictures, "--case", Path(folder) / "case", "--list", pictures / "known.csv", check=(DONE, INCOMPLETE))
    return Path(folder) / "case"


def team_config(folder, cases, **more):
    """A configuration for loopback with a certificate of the server's own."""
    config = Path(folder) / "serve.json"
    config.write_text(json.dumps({
        "state": "server", "hosts": ["localhost"], "listen": [{"address": "127.0.0.1", "port": 0}],
        "cases": [{"name": name, "folder": str(case)} for name, case in cases.items()], **more}))
    return config


def add_person(config, login, role):
    safelight("people", "--config", config, "add", login, "--role", role, input=f"{PASSWORD}\n".encode(), check=DONE)
