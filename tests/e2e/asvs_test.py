"""OWASP ASVS 5.0, the level 2 requirements (and some of level 3) that a review and screening server has to meet: each
test is named by its number. docs/asvs.md says in words how each is met."""
import hashlib
import json
import os
import re
import shutil
import stat
import struct
import sys
import unittest
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, INCOMPLETE, safelight
from review_server import PASSWORD, Client, Server, add_person, comes_true, make_case, team_config

CASE = "/v1/cases/case"
DOCS = Path(__file__).resolve().parents[2] / "docs"
MAX_UPLOAD = 2_000_000


def png(width, height):
    """A PNG that says it has these sides, and holds a few bytes."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


class Asvs(programs.CaseTest):
    PEOPLE = {"ana": "lead", "ben": "reviewer", "cleo": "auditor", "dora": "admin"}

    def setUp(self):
        super().setUp()
        self.case = make_case(self.folder)
        shutil.copytree(self.case, self.folder / "other")
        self.picture = sorted((self.folder / "pictures").rglob("*.jpg"))[0].read_bytes()
        entries = self.folder / "known.csv"
        entries.write_text(f"{hashlib.md5(self.picture).hexdigest()},1\n")
        safelight("list", "import", "known", entries, "--map", "1=known", check=DONE)
        self.config = team_config(self.folder, {"case": self.case}, heads=[str(self.folder / "elsewhere-heads")], screening={
            "lists": ["known"], "case": str(self.folder / "uploads"), "held": "held", "held_key": "held.key",
            "bucket_ms": 50, "max_upload_bytes": MAX_UPLOAD})
        config = json.loads(self.config.read_text())
        config["cases"].append({"name": "other", "folder": str(self.folder / "other"), "people": ["ana"]})
        self.config.write_text(json.dumps(config))
        for login, role in self.PEOPLE.items():
            add_person(self.config, login, role)
        self.server = Server(self.folder, "--config", self.config)
        self.key = self.client("dora").post("/v1/keys", {"name": "gate", "tenant": "shop", "scopes": ["screen"]}).json["key"]

    def tearDown(self):
        self.server.stop()
        super().tearDown()

    def client(self, login):
        return Client(self.server.port, tls=True).log_in(login)

    def stranger(self):
        return Client(self.server.port, tls=True)

    def upload(self, data, **headers):
        return self.stranger().send("POST", "/v1/screen", data, {
            "Authorization": f"Bearer {self.key}", "Content-Type": "application/octet-stream", **headers})

    def records(self):
        lines = safelight("audit", "show", self.folder / "server" / "server.log", check=DONE).stdout.decode().splitlines()
        return [(line.split(" ", 3)[2], json.loads(line.split(" ", 3)[3])) for line in lines]

    def item(self, client):
        return client.get(f"{CASE}/queue?count=1&known=shown").json["cards"][0]["item"]

    # V5 File handling

    def test_v5_1_1_types_and_sizes_are_documented(self):
        words = (DOCS.parent / "safelight/serve/screening_api/README.md").read_text() + (DOCS / "formats/serve_config.md").read_text()
        for part in ("no still picture by its first bytes", "max_upload_bytes"):
            self.assertIn(part, words)
        described = self.stranger().get("/v1/screening/openapi.json").body.decode()
        self.assertIn("/v1/screen", described)

    def test_v5_2_1_an_upload_that_is_too_large_is_refused(self):
        self.assertEqual(self.upload(b"\xff\xd8" + b"\0" * MAX_UPLOAD).status, 413)
        self.assertEqual(self.upload(self.picture).status, 200)

    def test_v5_2_2_a_type_is_told_by_its_bytes(self):
        for data in (b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ" + b"\0" * 100, b"GIF is not here"):
            self.assertEqual(self.upload(data, **{"Content-Type": "image/jpeg"}).status, 415, data)

    def test_v5_2_3_what_would_have_to_be_unpacked_is_not_taken(self):
        archive = next((self.folder / "pictures").rglob("*.zip")).read_bytes()
        self.assertEqual(self.upload(archive).status, 415)

    def test_v5_2_6_a_pixel_flood_is_held_without_being_decoded(self):
        self.assertIn(b"hold", self.upload(png(100_000, 100_000)).body)
        self.assertEqual(self.upload(self.picture).status, 200, "and the next is screened")

    def test_v5_3_2_paths_are_made_by_the_server(self):
        for name in ("../../x", "%2e%2e%2fx", "a/b", "..%5cx"):
            self.assertIn(self.client("ana").get(f"{CASE}/reports/{name}").status, (400, 404), name)
        self.upload(self.picture)
        for file in (self.folder / "held").rglob("*"):
            self.assertRegex(file.name, r"^[0-9a-z._-]+$")

    def test_v5_3_3_no_member_of_an_archive_is_written_to_a_disk(self):
        ana = self.client("ana")
        cards = [card for card in ana.get(f"{CASE}/queue?count=500&known=shown").json["cards"] if card["width"]]
        before = {path for path in self.folder.rglob("*")}
        for card in cards[:60]:
            ana.get(f"{CASE}/items/{card['item']}/rendition?style=blur")
        new = {path for path in self.folder.rglob("*")} - before
        self.assertFalse([path for path in new if path.suffix not in ("", ".db-wal", ".db-shm", ".db-journal")], new)

    def test_v5_4_1_names_of_files_that_are_served_are_the_servers_own(self):
        ana = self.client("ana")
        url = ana.post(f"{CASE}/reports", {"format": "csv"}).json["url"]
        self.assertRegex(ana.get(url).headers["content-disposition"], r'^attachment; filename="report-\d+\.csv"$')

    # V8 Authorization

    def test_v8_1_2_rules_for_fields_are_documented(self):
        words = (DOCS / "roles.md").read_text()
        for permission in ("see_list", "see_distance", "see_path"):
            self.assertIn(permission, words)

    def test_v8_2_2_an_object_is_for_those_who_are_let_in(self):
        ben = self.client("ben")
        for path in ("", "/queue", "/charts", f"/items/{'0' * 64}", "/events"):
            self.assertEqual(ben.get(f"/v1/cases/other{path}").code, "no-such-case", path)
        act = {"kind": "category", "items": ["0" * 64], "whole_groups": False, "category": "1", "seen": 0}
        self.assertEqual(ben.post("/v1/cases/other/acts", act).code, "no-such-case")

    def test_v8_2_3_distances_are_told_in_steps(self):
        ana = self.client("ana")
        for card in ana.get(f"{CASE}/queue?count=50&known=shown").json["cards"]:
            item = ana.get(f"{CASE}/items/{card['item']}").json
            for hit in item["hits"]:
                self.assertEqual((hit["distance"] or 0) % 4, 0)
            for reason in item["reasons"]:
                for bits in re.findall(r"(\d+) bits", reason["words"]):
                    self.assertEqual(int(bits) % 4, 0, reason)

    def test_v8_3_1_rules_are_enforced_by_the_server_alone(self):
        ben = self.client("ben")
        policy = ben.get(CASE).json["policy"]
        self.assertEqual(ben.send("PUT", f"{CASE}/policy", {**policy, "floor": "grey"}).code, "not-permitted")
        settings = ben.get("/v1/me/settings").json
        settings["budget"]["reveals_a_day"] = 10**6
        ana = self.client("ana")
        ana.send("PUT", f"{CASE}/policy", {**policy, "budget": {**policy["budget"], "reveals_a_day": 0}})
        ben.send("PUT", "/v1/me/settings", settings)
        self.assertEqual(ben.post(f"{CASE}/items/{self.item(ben)}/reveals", {"rendition": "grey"}).code, "budget-reached")

    def test_v8_3_3_what_is_done_is_done_in_the_name_of_who_asked(self):
        ben = self.client("ben")
        item = self.item(ben)
        ben.post(f"{CASE}/acts", {"kind": "note", "items": [item], "whole_groups": False, "text": "seen", "seen": 0, "id": "1"})
        self.assertEqual(ben.get(f"{CASE}/items/{item}").json["history"][0]["by"], "ben")

    def test_v8_4_1_nothing_is_shared_between_tenants(self):
        other = self.client("dora").post("/v1/keys", {"name": "other", "tenant": "forum", "scopes": ["screen"]}).json["key"]
        ours = self.upload(self.picture)
        theirs = self.upload(self.picture, Authorization=f"Bearer {other}")
        self.assertEqual(ours.body, theirs.body)

    # V16 Logging and error handling

    def test_v16_1_1_what_is_logged_is_written_down(self):
        words = (DOCS / "asvs.md").read_text()
        self.client("cleo").get("/v1/audit")
        for kind, _ in self.records():
            self.assertIn(f"`{kind}`", words)

    def test_v16_2_1_records_say_who_when_where_and_what(self):
        cleo = self.client("cleo")
        cleo.post("/v1/people/ben/exposure", {"reason": "yearly check"})
        kind, says = self.records()[-1]
        self.assertEqual(kind, "exposure.read")
        self.assertEqual(says, {"from": "127.0.0.1", "of": "ben", "person": "cleo", "reason": "yearly check"})

    def test_v16_2_2_times_are_utc(self):
        lines = safelight("audit", "show", self.folder / "server" / "server.log", check=DONE).stdout.decode().splitlines()
        for line in lines:
            self.assertRegex(line.split(" ")[1], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_v16_2_4_records_can_be_read_by_programs(self):
        self.assertTrue(all(isinstance(says, dict) for _, says in self.records()))

    def test_v16_2_5_no_secret_is_logged(self):
        self.upload(self.picture)
        said = self.server.log.read_text() + json.dumps(self.records())
        for secret in (PASSWORD, self.key, hashlib.md5(self.picture).hexdigest(), hashlib.sha256(self.picture).hexdigest()):
            self.assertNotIn(secret, said)

    def test_v16_3_1_logins_are_logged(self):
        self.stranger().post("/v1/session", {"login": "ben", "password": "wrong " + PASSWORD})
        ben = self.client("ben")
        ben.send("DELETE", "/v1/session")
        kinds = [kind for kind, says in self.records() if says.get("person") == "ben"]
        self.assertEqual(kinds, ["session.refused", "session.open", "session.end"])

    def test_v16_3_2_refusals_and_sensitive_reads_are_logged(self):
        ben = self.client("ben")
        ben.get("/v1/audit")
        self.assertIn(("access.refused", {"from": "127.0.0.1", "person": "ben", "route": "GET /v1/audit"}), self.records())
        item = self.item(ben)
        ben.get(f"{CASE}/items/{item}")
        page = self.client("cleo").get(f"{CASE}/audit?from=0").json
        said = [record["says"]["details"] for record in page["records"] if record["kind"] == "item.read"]
        self.assertEqual(said, [{"from": "127.0.0.1", "item": item, "person": "ben"}])

    def test_v16_3_3_requests_from_elsewhere_are_logged(self):
        ben = self.client("ben")
        ben.send("POST", "/v1/me/break", {"minutes": 1}, {"X-Safelight-CSRF": "guess"})
        self.assertIn(("access.refused", {"from": "127.0.0.1", "person": "ben", "route": "POST /v1/me/break"}), self.records())

    def test_v16_3_4_failures_are_logged(self):
        self.assertEqual(self.client("ana").get(f"{CASE}/queue?x=1").status, 400)
        self.assertIn("400", self.server.log.read_text())

    def test_v16_4_1_a_log_cannot_be_written_into(self):
        self.stranger().post("/v1/session", {"login": "x\nsession.open admin", "password": "y"})
        self.stranger().get("/v1/%0d%0aforged")
        self.assertNotIn("forged", self.server.log.read_text())
        self.assertNotIn("admin", json.dumps(self.records()[-1]))

    def test_v16_4_2_logs_are_their_owners_and_cannot_be_changed_unseen(self):
        log = self.folder / "server" / "server.log"
        self.assertEqual(stat.S_IMODE(os.stat(log).st_mode), 0o600)
        self.server.stop()
        data = bytearray(log.read_bytes())
        data[data.index(b"127.0.0.1")] ^= 1
        log.write_bytes(data)
        safelight("audit", "verify", log, check=INCOMPLETE)

    def test_v16_4_3_heads_of_logs_go_to_another_place(self):
        self.server.stop()
        heads = self.folder / "elsewhere-heads"
        key = self.folder / "server" / "signing-key.pub"
        safelight("audit", "verify", self.folder / "server" / "server.log", "--heads", heads, "--key", key, check=DONE)
        safelight("case", "verify", self.case, "--heads", heads, "--key", key, check=DONE)

    def test_v16_5_1_errors_say_nothing_of_the_inside(self):
        ana = self.client("ana")
        for answer in (ana.get("/v1/nothing"), ana.get(f"{CASE}/items/x"), ana.post(f"{CASE}/acts", {"a": 1}),
                       self.stranger().get("/v1/people")):
            self.assertEqual(set(answer.json) - {"type", "title", "status", "code", "detail"}, set())
            for inside in (str(self.folder), ".cpp", "sqlite", "safelight-"):
                self.assertNotIn(inside, answer.body.decode())

    def test_v16_5_2_one_failure_leaves_the_rest_at_work(self):
        ana = self.client("ana")
        shutil.rmtree(self.folder / "pictures")
        item = next(card for card in ana.get(f"{CASE}/queue?count=500&known=shown").json["cards"] if card["width"])["item"]
        self.assertEqual(ana.get(f"{CASE}/items/{item}/rendition?style=grey").code, "evidence-missing")
        self.assertEqual(ana.get(f"{CASE}/items/{item}").status, 200)
        self.assertEqual(self.upload(self.picture).status, 200)

    def test_v16_5_3_what_cannot_be_examined_is_held(self):
        self.assertIn(b"hold", self.upload(self.picture[:2000]).body)


if __name__ == "__main__":
    unittest.main()
