"""Uploads screened by a team's server, and what is held reviewed there."""
import hashlib
import json
import sys
import unittest
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, safelight
from review_server import Client, Server, add_person, check_roles, comes_true, make_demo, team_config

UPLOADS = "/v1/cases/uploads"


class Screening(programs.CaseTest):
    PEOPLE = {"ana": "lead", "ben": "reviewer", "cleo": "auditor", "dora": "admin", "eve": "list_curator", "finn": "lead"}

    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        make_demo(self.pictures)
        jpegs = sorted(self.pictures.glob("photos/*.jpg")) or sorted(self.pictures.rglob("*.jpg"))
        self.listed, self.other = jpegs[0].read_bytes(), jpegs[-1].read_bytes()
        entries = self.folder / "known.csv"
        entries.write_text(f"{hashlib.md5(self.listed).hexdigest()},1\n")
        safelight("list", "import", "known", entries, "--map", "1=known", check=DONE)
        self.config = team_config(self.folder, {"uploads": self.folder / "uploads"}, screening={
            "lists": ["known"], "case": str(self.folder / "uploads"), "held": "held", "held_key": "held.key",
            "bucket_ms": 100, "max_upload_bytes": 5_000_000})
        for login, role in self.PEOPLE.items():
            add_person(self.config, login, role)
        self.server = Server(self.folder, "--config", self.config)
        dora = Client(self.server.port, tls=True).log_in("dora")
        self.keys = {scope: dora.post("/v1/keys", {"name": scope, "tenant": "shop", "scopes": [scope]}).json["key"]
                     for scope in ("screen", "lookup", "review")}

    def tearDown(self):
        self.server.stop()
        super().tearDown()

    def ask(self, path, body, scope):
        headers = {"Authorization": f"Bearer {self.keys.get(scope, scope)}", "X-Safelight-CSRF": None}
        if path == "/v1/screen":
            headers["Content-Type"] = "application/octet-stream"
        return Client(self.server.port, tls=True).send("POST", path, body, headers)

    def test_an_upload_is_accepted_or_held_and_nothing_else_is_told(self):
        held, accepted = self.ask("/v1/screen", self.listed, "screen"), self.ask("/v1/screen", self.other, "screen")
        self.assertEqual((held.status, accepted.status), (200, 200))
        self.assertIn(b"hold", held.body)
        self.assertIn(b"accept", accepted.body)
        self.assertEqual(len(held.body), len(accepted.body))
        names = {name for name in held.headers if name != "date"}
        self.assertEqual(names, {name for name in accepted.headers if name != "date"})
        self.assertEqual(self.ask("/v1/screen", b"%PDF-1.4", "screen").status, 415)
        self.assertEqual(self.ask("/v1/screen", self.other, "lookup").status, 403)
        self.assertEqual(self.ask("/v1/screen", self.other, "slk_none").status, 401)
        self.assertIn(b"hold", self.ask("/v1/screen", self.other[:3000], "screen").body, "not examined is not clean")

    def test_look_ups_say_as_much_as_their_scope(self):
        asked = {"digests": [hashlib.md5(self.listed).hexdigest(), "0" * 32]}
        found = self.ask("/v1/lookup/digests", asked, "lookup").json
        self.assertNotIn("known", json.dumps(found))
        self.assertIn("known", json.dumps(self.ask("/v1/lookup/digests", asked, "review").json))
        self.assertEqual(self.ask("/v1/lookup/digests", asked, "screen").status, 403)

    def test_what_is_held_is_reviewed_and_its_bytes_lie_encrypted(self):
        self.ask("/v1/screen", self.listed, "screen")
        ana = Client(self.server.port, tls=True).log_in("ana")
        cards = lambda: ana.get(f"{UPLOADS}/queue?known=shown").json["cards"]
        self.assertTrue(comes_true(lambda: len(cards()) == 1))
        item = cards()[0]["item"]
        self.assertEqual(ana.get(f"{UPLOADS}/items/{item}").json["digests"]["md5"], hashlib.md5(self.listed).hexdigest())
        granted = ana.post(f"{UPLOADS}/items/{item}/reveals", {"rendition": "grey", "reason": "a test"}).json
        self.assertEqual(ana.get(granted["url"]).body[:4], b"RIFF")
        for file in (self.folder / "held").rglob("*"):
            if file.is_file():
                self.assertNotIn(self.listed[:200], file.read_bytes(), file)
        self.server.stop()
        self.server = Server(self.folder, "--config", self.config)
        ana = Client(self.server.port, tls=True).log_in("ana")
        self.assertEqual(ana.get(f"{UPLOADS}/items/{item}/rendition?style=blur").status, 200)
        self.server.stop()
        safelight("case", "verify", self.folder / "uploads", check=DONE)

    def test_what_is_held_is_put_in_order_and_reported_while_more_comes(self):
        ana = Client(self.server.port, tls=True).log_in("ana")
        self.ask("/v1/screen", self.listed, "screen")
        cards = lambda: ana.get(f"{UPLOADS}/queue?known=shown").json["cards"]
        ranked = lambda: [card["class"] for card in cards() if card["class"] != "unranked"]
        self.assertTrue(comes_true(lambda: len(ranked()) == 1))
        self.ask("/v1/screen", self.other[:3000], "screen")
        self.assertTrue(comes_true(lambda: len(ranked()) == 2))
        report = ana.post(f"{UPLOADS}/reports", {"format": "json"})
        self.assertEqual(report.status, 201)
        items = json.loads(ana.get(report.json["url"]).body)["items"]
        self.assertEqual(len(items), 2)
        safelight("report", self.folder / "uploads", "--format", "csv", "--output", self.folder / "report.csv", check=DONE)

    def test_purging_takes_two_persons_and_waits_for_legal_holds(self):
        self.ask("/v1/screen", self.listed, "screen")
        ana, finn = (Client(self.server.port, tls=True).log_in(login) for login in ("ana", "finn"))
        held = ana.get("/v1/held").json
        self.assertEqual((held["total"], held["uploads"][0]["tenant"], held["uploads"][0]["is_held"]), (1, "shop", False))
        upload = f"/v1/held/{held['uploads'][0]['upload']}"
        hold = ana.post(f"{upload}/holds", {"reason": "asked by a court", "days": 90}).json["number"]
        self.assertEqual(ana.get("/v1/held").json["uploads"][0]["holds"][0]["reason"], "asked by a court")

        ask = lambda: ana.post(f"{upload}/purge", {"reason": "not needed any more"}).json["approval"]
        first = ask()
        self.assertEqual(ana.post(f"/v1/approvals/{first}/approve", {}).code, "same-person")
        self.assertEqual(finn.get("/v1/approvals").json["approvals"][0]["what"]["reason"], "not needed any more")
        self.assertEqual((finn.post(f"/v1/approvals/{first}/approve", {}).status), 423, "a hold keeps it")
        self.assertEqual(ana.send("DELETE", f"{upload}/holds/{hold}").status, 204)
        self.assertEqual(finn.post(f"/v1/approvals/{first}/approve", {}).code, "approval-over")
        second = ask()
        self.assertEqual(ana.post(f"/v1/approvals/{second}/withdraw", {}).status, 204)
        self.assertEqual(finn.post(f"/v1/approvals/{second}/approve", {}).code, "approval-over")
        cards = lambda: ana.get(f"{UPLOADS}/queue?known=shown").json["cards"]
        self.assertTrue(comes_true(cards))
        item = cards()[0]["item"]
        self.assertEqual(finn.post(f"/v1/approvals/{ask()}/approve", {}).status, 200)
        self.assertEqual(ana.get("/v1/held").json["total"], 0)
        granted = ana.post(f"{UPLOADS}/items/{item}/reveals", {"rendition": "grey", "reason": "gone?"}).json
        self.assertEqual(ana.get(granted["url"]).status, 404, "it cannot be shown any more")
        said = safelight("audit", "show", self.folder / "server" / "server.log", check=DONE).stdout.decode()
        for kind in ("hold.place", "hold.lift", "purge.ask", "approval.approve", "approval.withdraw"):
            self.assertIn(kind, said)
        done, = [line for line in said.splitlines() if "approval.done" in line]
        self.assertIn(upload.split("/")[-1], done, "which it was")
        self.server.stop()
        safelight("case", "verify", self.folder / "uploads", check=DONE)

    def test_each_role_may_do_what_the_written_table_says(self):
        clients = {role: Client(self.server.port, tls=True).log_in(login) for login, role in self.PEOPLE.items()}
        check_roles(self, self.server, clients, 1)

    def test_health_tells_no_names(self):
        self.ask("/v1/screen", self.listed, "screen")
        client = Client(self.server.port, tls=True)
        self.assertEqual(client.get("/livez").status, 200)
        ready = client.get("/readyz").json
        self.assertTrue(ready["ready"])
        self.assertEqual(ready["machine"]["screening"]["lists_stale"], False)
        changed = ready["machine"]["screening"]["lists_changed"]
        self.assertEqual([when[:4] for when in changed], [str(datetime.now(timezone.utc).year)], "how old the lists are")
        self.assertTrue(ready["machine"]["workers"])
        metrics = client.get("/metrics").body.decode()
        self.assertIn('route="/v1/screen"', metrics)
        for secret in ("known", "shop", hashlib.md5(self.listed).hexdigest()):
            self.assertNotIn(secret, metrics + json.dumps(ready) + self.server.log.read_text())


if __name__ == "__main__":
    unittest.main()
