"""A case reviewed over the server's interface: by one examiner, and by a team."""
import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, INCOMPLETE, safelight
from review_server import PASSWORD, Client, Server, add_person, check_roles, comes_true, make_case, team_config

CASE = "/v1/cases/case"


def totp(secret, step):
    """RFC 6238."""
    mac = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", step), "sha1").digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 10**6:06}"


def is_webp(data):
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


class CopiedCase(programs.CaseTest):
    """Each test has a copy of a case, and all of them the same evidence."""

    @classmethod
    def setUpClass(cls):
        cls._shared = tempfile.TemporaryDirectory(prefix="safelight-test-")
        cls.shared = Path(cls._shared.name)
        os.environ["SAFELIGHT_LISTS"] = str(cls.shared / "lists")
        cls.shared_case = make_case(cls.shared)

    @classmethod
    def tearDownClass(cls):
        cls._shared.cleanup()

    def setUp(self):
        super().setUp()
        self.case = self.folder / "case"
        shutil.copytree(self.shared_case, self.case)


class OneExaminer(CopiedCase):
    def setUp(self):
        super().setUp()
        self.serve()

    def serve(self):
        self.evidence = self.case.parent / "pictures" if (self.case.parent / "pictures").exists() else self.shared / "pictures"
        self.server = Server(self.folder, "--case", self.case)
        self.client = Client(self.server.port).redeem(self.server.link)
        self.assertTrue(comes_true(lambda: self.client.get(CASE).json["ranking"]["state"] == "current"))
        self.assertTrue(comes_true(lambda: self.queue()["cards"][0]["class"] != "unranked"))

    def tearDown(self):
        self.server.stop()
        super().tearDown()

    def queue(self, filters="known=shown"):
        return self.client.get(f"{CASE}/queue?count=500&{filters}").json

    def pictures(self):
        return [card for card in self.queue()["cards"] if card["width"] and not card["known"]]

    def reveal(self, item, rendition="original", **more):
        return self.client.post(f"{CASE}/items/{item}/reveals", {"rendition": rendition, **more})

    def act(self, items, client=None, **more):
        body = {"kind": "category", "items": items, "whole_groups": False, "seen": 0, **more}
        return (client or self.client).post(f"{CASE}/acts", body)

    def test_a_link_opens_once(self):
        again = Client(self.server.port).post("/v1/session/link", {"token": self.server.link})
        self.assertEqual((again.status, again.code), (401, "wrong-link"))
        self.client.send("DELETE", "/v1/session")
        self.assertEqual(self.client.get(CASE).code, "no-session")

    def test_the_queue_is_in_the_order_of_review_and_its_counts_follow(self):
        page = self.queue("state=open")
        ranks = [card["rank"] for card in page["cards"]]
        self.assertEqual(ranks, sorted(ranks))
        self.assertEqual(page["cards"][0]["class"], "resembles_known")
        counts = self.client.get(f"{CASE}/queue/counts?state=open").json["by"]
        self.assertEqual(counts["state"]["open"], page["total"])
        both = self.queue("state=open&type=jpeg&type.2=png")
        # A group may hold both.
        self.assertLessEqual(both["total"], counts["type"]["jpeg"] + counts["type"]["png"])
        self.assertGreater(both["total"], max(counts["type"]["jpeg"], counts["type"]["png"]))
        jpegs = self.queue("state=open&type=jpeg")
        self.assertEqual(jpegs["total"], counts["type"]["jpeg"])
        item = jpegs["cards"][-1]["item"]
        place = self.client.get(f"{CASE}/queue/place?state=open&type=jpeg&item={item}").json["place"]
        self.assertEqual(place, len(jpegs["cards"]) - 1)
        for filters in ("unheard=of", "type=jpeg&type=png", "from=x", "size_min=-1", "after=yesterday"):
            self.assertEqual(self.client.get(f"{CASE}/queue?{filters}").status, 400, filters)

    def test_searches_and_folders_stand_in_addresses_as_marks(self):
        counts = self.client.get(f"{CASE}/queue/counts").json
        self.assertIn("copies", counts["folders"].values())
        self.assertTrue(all(re.fullmatch("[0-9a-f]{16}", mark) for mark in counts["by"]["folder"]))
        mark = self.client.post(f"{CASE}/searches", {"text": "HILLS_01"}).json["search"]
        self.assertNotIn("hills", mark.lower())
        found = self.queue(f"search={mark}")["cards"]
        self.assertTrue(found)

    def test_an_item_tells_all_that_is_known_with_its_reasons(self):
        item = self.client.get(f"{CASE}/items/{self.queue()['cards'][0]['item']}").json
        path = self.evidence / "/".join(step["name"] for step in item["path"][1:])
        self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(), item["digests"]["sha256"])
        self.assertEqual(item["reasons"][0]["code"], "resembles_entry")
        self.assertIn("Looks like", item["reasons"][0]["words"])
        self.assertEqual(item["hits"][0]["distance"] % 4, 0, "distances are told in steps")
        self.assertTrue(item["near"])

    def test_covered_pictures_are_small_and_known_ones_are_not_shown(self):
        item = self.pictures()[0]["item"]
        for style in ("drawing", "blur", "grey"):
            shown = self.client.get(f"{CASE}/items/{item}/rendition?style={style}")
            self.assertTrue(is_webp(shown.body), style)
            self.assertEqual(shown.headers["cache-control"], "no-store")
        for style in ("colour", "card", "original", ""):
            self.assertEqual(self.client.get(f"{CASE}/items/{item}/rendition?style={style}").status, 400, style)
        policy = self.client.get(CASE).json["policy"]
        self.client.send("PUT", f"{CASE}/policy", {**policy, "floor": "blur"})
        self.assertEqual(self.client.get(f"{CASE}/items/{item}/rendition?style=grey").code, "covered-more")
        self.assertEqual(self.client.get(f"{CASE}/items/{item}/rendition?style=blur").status, 200)

    def test_a_reveal_is_seen_once_and_is_on_record(self):
        item = self.pictures()[0]["item"]
        granted = self.reveal(item).json
        self.assertTrue(is_webp(self.client.get(granted["url"]).body))
        self.assertEqual(self.client.get(granted["url"]).code, "no-such-reveal")
        end = f"{CASE}/reveals/{granted['reveal']}/end"
        self.assertEqual(self.client.post(end, {"shown_ms": 10**9}).status, 204)
        self.assertEqual(self.client.post(end, {"shown_ms": 5}).code, "no-such-reveal")
        self.assertEqual(self.client.get(f"{CASE}/items/{item}").json["exposures"], 1)
        mine = self.client.get("/v1/me/exposure").json["today"]
        self.assertEqual(mine["reveals"], 1)
        self.assertLess(mine["seconds"], 60, "no longer than since the picture left")

    def test_a_reveal_outlives_the_server_that_gave_it(self):
        granted = self.reveal(self.pictures()[0]["item"]).json
        self.client.get(granted["url"])
        self.server.kill()
        self.server = Server(self.folder, "--case", self.case)
        self.client = Client(self.server.port).redeem(self.server.link)
        self.assertEqual(self.client.get("/v1/me/exposure").json["today"]["reveals"], 1)

    def test_evidence_that_changed_or_went_is_not_shown(self):
        self.server.stop()
        self.case = make_case(self.folder / "own")
        self.serve()
        cards = [card for card in self.pictures() if card["type"] == "jpeg"][:3]
        paths = [self.evidence / "/".join(step["name"] for step in
                 self.client.get(f"{CASE}/items/{card['item']}").json["path"][1:]) for card in cards]
        data = bytearray(paths[0].read_bytes())
        data[-10] ^= 1
        paths[0].write_bytes(data)
        paths[1].unlink()
        codes = [self.client.get(f"{CASE}/items/{card['item']}/rendition?style=grey").code for card in cards[:2]]
        self.assertEqual(codes, ["evidence-changed", "evidence-missing"])
        granted = self.reveal(cards[0]["item"]).json
        self.assertEqual(self.client.get(granted["url"]).code, "evidence-changed")
        self.assertEqual(self.client.get("/v1/me/exposure").json["today"]["reveals"], 0, "nothing was shown")
        self.assertEqual(self.client.get(f"{CASE}/items/{cards[2]['item']}/rendition?style=grey").status, 200)

    def test_what_cannot_be_decoded_says_so_and_the_next_is_shown(self):
        cards = self.queue()["cards"]
        broken = [card for card in cards if card["coverage"] == "none" and card["size"]]
        codes = {self.client.get(f"{CASE}/items/{card['item']}/rendition?style=grey").code for card in broken}
        self.assertIn("cannot-be-decoded", codes)
        self.assertEqual(self.client.get(f"{CASE}/items/{self.pictures()[0]['item']}/rendition?style=grey").status, 200)

    def test_decisions_groups_undo_and_notes(self):
        group = next(card for card in self.queue()["cards"] if card["members"] > 1)
        done = self.act([group["item"]], whole_groups=True, category="4", id="one").json
        self.assertEqual(done["items"], group["members"])
        self.assertIsNotNone(self.client.get("/v1/me/exposure").json["next_break_at"], "to decide is to review")
        self.assertEqual(self.act([group["item"]], whole_groups=True, category="4", id="one").json, done, "sent again")
        decided = self.queue("state=decided")
        self.assertEqual([card["item"] for card in decided["cards"]], [group["item"]])
        self.assertEqual(decided["cards"][0]["decision"]["category"], "4")
        for _ in range(2):
            undone = self.client.post(f"{CASE}/undo", {"id": "two"}).json["undone"]
            self.assertEqual(undone["act"], done["act"], "a request that is sent again is done once")
        self.assertEqual(self.queue("state=decided")["total"], 0)
        self.assertEqual(self.client.post(f"{CASE}/undo", {}).code, "nothing-to-undo")
        self.assertEqual(self.client.post(f"{CASE}/redo", {}).json["redone"]["category"], "4")
        self.assertEqual(self.client.post(f"{CASE}/redo", {}).code, "nothing-to-redo")
        self.act([group["item"]], kind="flag", flag="ask the lab")
        self.act([group["item"]], kind="note", text="<b>not markup</b> \u202e")
        card = self.queue("state=flagged")["cards"][0]
        self.assertEqual((card["flags"], card["notes"]), (["ask the lab"], 1))
        history = self.client.get(f"{CASE}/items/{group['item']}").json["history"]
        self.assertEqual([line["kind"] for line in history], ["category", "flag", "note"])
        for more, code in (({"category": "no such"}, "no-such-category"), ({"kind": "undo"}, "act.request"),
                           ({"kind": "note"}, "act.nothing-to-say")):
            self.assertEqual(self.act([group["item"]], **more).code, code)
        self.assertEqual(self.act(["0" * 64], category="4").code, "no-such-item")
        self.assertEqual(self.act([], category="4").code, "act.no-items")

    def test_a_budget_is_kept_and_only_tightened(self):
        policy = self.client.get(CASE).json["policy"]
        budget = {**policy["budget"], "reveals_a_day": 2}
        self.assertEqual(self.client.send("PUT", f"{CASE}/policy", {**policy, "budget": budget}).status, 204)
        settings = self.client.get("/v1/me/settings").json
        settings["budget"]["reveals_a_day"] = 5
        self.assertEqual(self.client.send("PUT", "/v1/me/settings", settings).status, 204)
        self.assertEqual(self.client.get("/v1/me/exposure").json["budget"]["reveals_a_day"], 2)
        item = self.pictures()[0]["item"]
        for left in (1, 0):
            granted = self.reveal(item).json
            self.assertEqual(granted["budget"]["reveals_left"], left)
            self.client.get(granted["url"])
        self.assertEqual((self.reveal(item).status, self.reveal(item).code), (429, "budget-reached"))
        self.client.post("/v1/me/break", {"minutes": 5})
        self.assertEqual(self.reveal(item).code, "break-due")
        self.assertIsNotNone(self.client.get("/v1/me/exposure").json["break_until"])

    def test_reports_and_a_signed_summary(self):
        item = self.pictures()[0]["item"]
        self.act([item], category="4")
        granted = self.reveal(item).json
        self.client.get(granted["url"])
        self.client.post(f"{CASE}/reveals/{granted['reveal']}/end", {"shown_ms": 1})
        made = {form: self.client.post(f"{CASE}/reports", {"format": form}).json for form in ("html", "csv", "json")}
        for form, report in made.items():
            data = self.client.get(report["url"])
            self.assertEqual(hashlib.sha256(data.body).hexdigest(), report["sha256"])
            self.assertIn("attachment", data.headers["content-disposition"])
            (self.folder / f"report.{form}").write_bytes(data.body)
        report = json.loads((self.folder / "report.json").read_bytes())
        told = {one["item_id"]: one for one in report["items"]}
        self.assertEqual((told[item]["decision"]["category"], told[item]["shown"]["people"]), ("4", 1))
        self.assertEqual(sum(one["decision"] is None for one in told.values()), len(told) - 1)
        self.assertEqual((report["review"]["state"], report["review"]["shown"]["reveals"]), ("begun", 1))
        summary = self.folder / "summary.json"
        summary.write_bytes(self.client.get(f"{CASE}/reports/summary").body)
        key = self.folder / "state" / "safelight" / "review" / "signing-key.pub"
        checked = safelight("audit", "summary", summary, "--key", key, "--report", self.folder / "report.csv", check=DONE)
        self.assertIn(b'"decided":{"4":1}', checked.stdout)
        (self.folder / "report.csv").write_text("another")
        safelight("audit", "summary", summary, "--key", key, "--report", self.folder / "report.csv", check=INCOMPLETE)
        self.server.stop()
        self.assertFalse((self.case / "reports").exists())
        heads = key.parent / "heads"
        safelight("case", "verify", self.case, "--heads", heads, "--key", key, check=DONE)

    def test_the_whole_case_still_verifies_and_the_log_is_silent(self):
        item = self.pictures()[0]["item"]
        granted = self.reveal(item).json
        self.client.get(granted["url"])
        self.act([item], category="5")
        sha256 = self.client.get(f"{CASE}/items/{item}").json["digests"]["sha256"]
        self.assertEqual(self.server.stop(), 0)
        safelight("case", "verify", self.case, check=DONE)
        said = self.server.log.read_text()
        for secret in (item, sha256, "hills", self.server.link):
            self.assertNotIn(secret, said)

    def test_another_server_on_the_same_case_is_refused(self):
        done = safelight("serve", "--case", self.case, check=programs.ENVIRONMENT,
                         env={"XDG_STATE_HOME": str(self.folder / "state")})
        self.assertIn(b"being reviewed", done.stderr)


class ACaseThatCannotBeServed(programs.CaseTest):
    def refused(self, case):
        return safelight("serve", "--case", case, check=programs.ENVIRONMENT,
                         env={"XDG_STATE_HOME": str(self.folder / "state")}, timeout=60).stderr.decode()

    def test_says_why(self):
        case = make_case(self.folder)
        self.assertIn("absent", self.refused(self.folder / "absent"))
        database = case / "case.db"
        good = database.read_bytes()
        newer = bytearray(good)
        newer[60:64] = (99).to_bytes(4, "big")
        database.write_bytes(newer)
        self.assertIn("99", self.refused(case))
        database.write_bytes(good[:4096] + b"\xff" * (len(good) - 4096))
        self.assertIn("damaged", self.refused(case))
        database.write_bytes(b"")
        self.refused(case)


class ATeam(CopiedCase):
    PEOPLE = {"ana": "lead", "ben": "reviewer", "cleo": "auditor", "dora": "admin", "eve": "list_curator"}

    def setUp(self):
        super().setUp()
        other = self.folder / "other"
        shutil.copytree(self.case, other)
        self.config = team_config(self.folder, {"case": self.case})
        config = json.loads(self.config.read_text())
        config["cases"].append({"name": "other", "folder": str(other), "people": ["ana"]})
        self.config.write_text(json.dumps(config))
        for login, role in self.PEOPLE.items():
            add_person(self.config, login, role)
        self.server = Server(self.folder, "--config", self.config)

    def tearDown(self):
        self.server.stop()
        super().tearDown()

    def client(self, login):
        return Client(self.server.port, tls=True).log_in(login)

    def record(self):
        return safelight("audit", "show", self.folder / "server" / "server.log", check=DONE).stdout.decode()

    def test_wrong_passwords_are_refused_alike_and_slowed(self):
        stranger = Client(self.server.port, tls=True)
        answers = [stranger.post("/v1/session", {"login": login, "password": "wrong " + PASSWORD})
                   for login in ("ana", "nobody")]
        self.assertEqual([(a.status, a.code) for a in answers], [(401, "wrong-login")] * 2)
        self.assertEqual(answers[0].body, answers[1].body)
        statuses = [stranger.post("/v1/session", {"login": "ana", "password": "wrong"}).status for _ in range(8)]
        self.assertIn(429, statuses)
        self.assertIn("session.refused", self.record())

    def test_cookies_and_headers_of_a_session(self):
        client = Client(self.server.port, tls=True)
        answer = client.post("/v1/session", {"login": "ana", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        self.assertRegex(cookie, "^__Host-safelight=")
        for part in ("Path=/", "HttpOnly", "SameSite=Strict", "Secure"):
            self.assertIn(part, cookie)
        page = client.get("/")
        self.assertIn("default-src 'none'", page.headers["content-security-policy"])
        self.assertEqual(page.headers["x-content-type-options"], "nosniff")

    def test_a_session_names_the_case_where_there_is_no_choice(self):
        named = {login: self.client(login).get("/v1/session").json.get("case") for login in ("ana", "ben", "cleo")}
        self.assertEqual(named, {"ana": None, "ben": "case", "cleo": None}, "ana has two cases, an auditor reviews none")

    def test_changes_need_the_token_of_the_page_and_json(self):
        ana = self.client("ana")
        path = "/v1/me/break"
        self.assertEqual(ana.send("POST", path, {"minutes": 1}, {"X-Safelight-CSRF": None}).code, "wrong-csrf")
        self.assertEqual(ana.send("POST", path, {"minutes": 1}, {"X-Safelight-CSRF": "x"}).code, "wrong-csrf")
        self.assertEqual(ana.send("POST", path, {"minutes": 1}, {"Content-Type": "text/plain"}).code, "not-json")
        foreign = Client(self.server.port, tls=True).send(
            "POST", "/v1/session", {"login": "ana", "password": PASSWORD}, {"Sec-Fetch-Site": "cross-site"})
        self.assertEqual(foreign.code, "wrong-csrf")
        self.assertEqual(ana.post(path, {"minutes": 0}).status, 204)

    def test_each_role_may_do_what_the_written_table_says(self):
        """Every route against every role: docs/roles.md."""
        clients = {role: self.client(login) for login, role in self.PEOPLE.items()}
        check_roles(self, self.server, clients, 0)

    def test_a_case_is_for_those_who_are_let_in(self):
        ana, ben = self.client("ana"), self.client("ben")
        self.assertEqual([c["case"] for c in ana.get("/v1/cases").json["cases"]], ["case", "other"])
        self.assertEqual([c["case"] for c in ben.get("/v1/cases").json["cases"]], ["case"])
        self.assertEqual(ben.get("/v1/cases/other").code, "no-such-case")
        self.assertEqual(ben.get("/v1/cases/other/queue").code, "no-such-case")
        self.assertEqual(ben.get("/v1/cases/none").code, "no-such-case")

    def test_two_reviewers_see_each_other_and_conflicts_are_shown(self):
        ana, ben = self.client("ana"), self.client("ben")
        heard = ben.events(f"{CASE}/events")
        self.assertTrue(comes_true(lambda: any(name == "presence" for name, _ in heard)))
        item = ana.get(f"{CASE}/queue?count=1&known=shown").json["cards"][0]["item"]
        act = {"kind": "category", "items": [item], "whole_groups": False, "category": "2", "seen": 0}
        done = ana.post(f"{CASE}/acts", act).json
        self.assertTrue(comes_true(lambda: any(name == "act" and event["act"] == done["act"] for name, event in heard)))
        event = next(event for name, event in heard if name == "act")
        self.assertEqual((event["by"], event["items"], event["category"]), ("ana", [item], "2"))
        refused = ben.post(f"{CASE}/acts", {**act, "category": "5"})
        self.assertEqual((refused.status, refused.code), (409, "conflict"))
        self.assertEqual(refused.json["conflicts"][0]["by"], "ana")
        ben.post(f"{CASE}/acts", {**act, "category": "5", "seen": done["act"]})
        card = ana.get(f"{CASE}/items/{item}").json["card"]
        self.assertTrue(card["conflict"])
        self.assertEqual(ana.post(f"{CASE}/acts", {**act, "kind": "settle", "seen": 99}).status, 201)
        card = ana.get(f"{CASE}/items/{item}").json["card"]
        self.assertFalse(card["conflict"])
        self.assertTrue(card["decision"]["settled"])

    def test_a_second_look_is_another_persons(self):
        ana, ben = self.client("ana"), self.client("ben")
        heard = ben.events(f"{CASE}/events")
        self.assertTrue(comes_true(lambda: heard))
        item = ana.get(f"{CASE}/queue?count=1&known=shown").json["cards"][0]["item"]
        act = {"kind": "category", "items": [item], "whole_groups": False, "category": "1", "seen": 0}
        state = lambda: ana.get(f"{CASE}/items/{item}").json["card"]["second_look"]
        ana.post(f"{CASE}/acts", act)
        self.assertEqual(state(), "wanted")
        self.assertTrue(comes_true(lambda: any(name == "act" for name, _ in heard)))
        told = [event["category"] for name, event in heard if name == "act"]
        self.assertEqual(told, [None], "who looks as the second hears nothing of the first decision")
        self.assertIsNone(ben.get(f"{CASE}/items/{item}").json["card"]["decision"])
        ana.post(f"{CASE}/acts", {**act, "seen": 9})
        self.assertEqual(state(), "wanted", "the same person again")
        ben.post(f"{CASE}/acts", {**act, "seen": 9})
        self.assertEqual(state(), "done")

    def test_what_one_person_was_shown_is_for_an_auditor_with_a_reason(self):
        cleo = self.client("cleo")
        self.assertEqual(cleo.post("/v1/people/ben/exposure", {"reason": ""}).status, 400)
        self.assertEqual(cleo.post("/v1/people/ben/exposure", {"reason": "yearly check"}).json["today"]["reveals"], 0)
        record = self.record()
        self.assertIn("exposure.read", record)
        for part in ("cleo", "ben", "yearly check", "127.0.0.1"):
            self.assertIn(part, record)

    def test_people_and_keys_are_the_admins_and_are_on_record(self):
        dora, ben = self.client("dora"), self.client("ben")
        added = dora.post("/v1/people", {"login": "finn", "name": "Finn", "role": "reviewer", "password": PASSWORD})
        self.assertEqual(added.status, 201)
        self.assertEqual(dora.post("/v1/people", {"login": "finn", "name": "Finn", "role": "reviewer",
                                                  "password": PASSWORD}).status, 400)
        self.assertEqual(dora.send("PATCH", "/v1/people/ben", {"role": "auditor"}).json["role"], "auditor")
        self.assertEqual(ben.get("/v1/cases").code, "no-session", "a change of role ends sessions")
        self.assertEqual(dora.send("PATCH", "/v1/people/dora", {"role": "lead"}).status, 400, "somebody has to manage people")
        key = dora.post("/v1/keys", {"name": "gate", "tenant": "shop", "scopes": ["screen"]}).json
        self.assertRegex(key["key"], "^slk_")
        self.assertNotIn(key["key"], dora.get("/v1/keys").body.decode())
        self.assertEqual(dora.send("DELETE", f"/v1/keys/{key['id']}").status, 204)
        record = self.record()
        for kind in ("person.add", "person.change", "key.add", "key.revoke"):
            self.assertIn(kind, record)
        self.assertNotIn(PASSWORD, record)
        self.assertNotIn(key["key"], record)

    def test_the_logs_are_an_auditors_and_reading_them_is_on_record(self):
        cleo = self.client("cleo")
        page = cleo.get("/v1/audit?from=0&count=500").json
        self.assertEqual(page["records"][-1]["kind"], "audit.read")
        self.assertEqual(page["records"][-1]["says"]["person"], "cleo")
        self.assertEqual(page["total"], len(page["records"]))
        kept = self.folder / "kept-heads"
        kept.write_text(page["head"] + "\n")
        server = self.folder / "server"
        safelight("audit", "verify", server / "server.log", "--heads", kept, "--key", server / "signing-key.pub", check=DONE)
        of_case = cleo.get(f"{CASE}/audit?from=0&count=1").json
        self.assertEqual([record["kind"] for record in of_case["records"]], ["case.created"])
        newest = cleo.get("/v1/audit?count=2").json
        self.assertEqual([record["record"] for record in newest["records"]], [page["total"], page["total"] + 1])
        self.assertEqual([record["says"]["log"] for record in newest["records"]], [CASE.rpartition("/")[2], "server"])
        self.assertEqual(cleo.get(f"/v1/audit?from={newest['total']}&count=0").json["records"], [])
        self.assertEqual(cleo.get("/v1/audit?from=x").status, 400)
        self.assertEqual(cleo.get("/v1/audit?since=1").status, 400)

    def test_ones_own_password_and_second_factor(self):
        ben, other = self.client("ben"), "another " + PASSWORD
        self.assertEqual(ben.send("PUT", "/v1/me/password", {"password": "wrong", "new_password": other}).code, "wrong-password")
        self.assertEqual(ben.send("PUT", "/v1/me/password", {"password": PASSWORD, "new_password": "short"}).status, 400)
        self.assertEqual(ben.send("PUT", "/v1/me/password", {"password": PASSWORD, "new_password": other}).status, 204)
        self.assertEqual(ben.get("/v1/cases").code, "no-session")
        ben = Client(self.server.port, tls=True).log_in("ben", other)
        secret = ben.post("/v1/me/second-factor", {"password": other}).json["secret"]
        self.assertEqual(ben.post("/v1/me/second-factor/confirm", {"code": "000000"}).status, 400)
        now = int(time.time()) // 30
        self.assertEqual(ben.post("/v1/me/second-factor/confirm", {"code": totp(secret, now)}).status, 204)
        again = Client(self.server.port, tls=True)
        waiting = again.log_in("ben", other).get("/v1/session").json
        self.assertEqual((waiting["state"], waiting["permissions"]), ("second_factor", []))
        self.assertEqual(again.get("/v1/cases").code, "no-session")
        self.assertEqual(again.post("/v1/session/second-factor", {"code": totp(secret, now)}).status, 401, "used before")
        answer = again.post("/v1/session/second-factor", {"code": totp(secret, now + 1)})
        self.assertEqual(answer.json["state"], "open")

    def test_a_certificate_that_has_expired_is_refused(self):
        chain, key = self.folder / "old.pem", self.folder / "old-key.pem"
        asked = self.folder / "old.csr"
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=old", "-keyout", key, "-out", asked], check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", asked, "-signkey", key, "-out", chain, "-days", "-1"],
                       check=True, capture_output=True)
        key.chmod(0o600)
        config = json.loads(self.config.read_text())
        config["listen"][0].update(certificate=str(chain), key=str(key))
        other = self.folder / "expired.json"
        other.write_text(json.dumps(config))
        self.assertIn(b"expired", safelight("serve", "--config", other, check=programs.USAGE, timeout=60).stderr)

    def test_the_logs_are_signed(self):
        self.client("ana")
        self.server.stop()
        state = self.folder / "server"
        for name, log in (("audit", state / "server.log"), ("case", self.case)):
            safelight(name, "verify", log, "--heads", state / "heads", "--key", state / "signing-key.pub", check=DONE)


if __name__ == "__main__":
    unittest.main()
