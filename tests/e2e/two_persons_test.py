"""What takes two persons: changes of lists, originals that leave a case, thresholds of screening."""
import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, INCOMPLETE, safelight
from review_server import Client, Server, add_person, comes_true, make_case, team_config

CASE = "/v1/cases/case"
DAY_NS = 86_400 * 10**9


def md5(data):
    return hashlib.md5(data).hexdigest()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class People(dict):
    """Clients by login, who log in when they are first needed."""

    def __init__(self, port):
        super().__init__()
        self.port = port

    def __missing__(self, login):
        self[login] = Client(self.port, tls=True).log_in(login)
        return self[login]


class TwoPersons(programs.CaseTest):
    PEOPLE = {"ana": "lead", "finn": "lead", "lea": "lead", "eve": "list_curator", "gil": "list_curator", "ben": "reviewer",
              "cleo": "auditor", "dora": "admin"}

    @classmethod
    def setUpClass(cls):
        """Evidence and its case, with a picture in a ZIP: each test has a copy of the case."""
        cls._shared = tempfile.TemporaryDirectory(prefix="safelight-test-")
        cls.shared = Path(cls._shared.name)
        os.environ["SAFELIGHT_LISTS"] = str(cls.shared / "lists")
        pictures = cls.shared / "pictures"
        programs.make_demo(pictures)
        jpegs = sorted(pictures.rglob("*.jpg"))
        cls.listed, cls.other, cls.third = (jpegs[number].read_bytes() for number in (0, -1, 1))
        cls.packed = cls.third + b"in an archive alone"
        with zipfile.ZipFile(pictures / "packed.zip", "w") as archive:
            archive.writestr("inside/chart.jpg", cls.packed)
        (pictures / "goes.jpg").write_bytes(cls.other + b"gone before it is exported")
        safelight("scan", pictures, "--case", cls.shared / "case", check=(DONE, INCOMPLETE))
        config = team_config(cls.shared, {})
        for login, role in cls.PEOPLE.items():
            add_person(config, login, role)

    @classmethod
    def tearDownClass(cls):
        cls._shared.cleanup()

    def setUp(self):
        super().setUp()
        self.case, self.exports = self.folder / "case", self.folder / "exports"
        shutil.copytree(self.shared / "case", self.case)
        shutil.copytree(self.shared / "server", self.folder / "server")
        entries = self.folder / "known.csv"
        entries.write_text(f"{md5(self.listed)},1\n")
        safelight("list", "import", "known", entries, "--map", "1=known", "--map", "2=review", *self.key(), check=DONE)
        self.config = team_config(
            self.folder, {"case": self.case, "uploads": self.folder / "uploads"}, exports="exports", screening={
                "lists": ["known"], "case": str(self.folder / "uploads"), "held": "held", "held_key": "held.key", "bucket_ms": 50})
        config = json.loads(self.config.read_text())
        config["cases"][0]["people"] = ["ana", "finn", "ben", "cleo"]
        self.config.write_text(json.dumps(config))
        self.start()

    def key(self):
        """The options with which lists are opened."""
        return []

    def start(self):
        self.server = Server(self.folder, "--config", self.config, *self.key())
        self.people = People(self.server.port)

    def configure(self, change):
        """Starts the server anew with another configuration."""
        config = json.loads(self.config.read_text())
        change(config)
        self.config.write_text(json.dumps(config))
        self.server.stop()
        self.start()

    def tearDown(self):
        self.server.stop()
        super().tearDown()

    def stage(self, data, by="eve"):
        answer = self.people[by].send("POST", "/v1/lists/files", data, {"Content-Type": "application/octet-stream"})
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual((answer.json["bytes"], answer.json["sha256"]), (len(data), sha256(data)))
        return answer.json["file"]

    def ask_list(self, name, change, data=None, by="eve", **more):
        body = {"change": change, "reason": "a test", **more}
        if data is not None:
            body["file"] = self.stage(data, by)
        return self.people[by].post(f"/v1/lists/{name}/changes", body)

    def approve(self, asked, by):
        self.assertEqual(asked.status, 201, asked.body)
        return self.people[by].post(f"/v1/approvals/{asked.json['approval']}/approve", {})

    def approvals(self, login):
        return self.people[login].get("/v1/approvals").json["approvals"]

    def waiting(self, login):
        return [each for each in self.approvals(login) if each["state"] == "pending"]

    def came_of(self, asked, login):
        """How an approved request ended, which is waited for."""
        def one():
            return next(each for each in self.approvals(login) if each["approval"] == asked.json["approval"])
        self.assertTrue(comes_true(lambda: one()["state"] != "doing"))
        return one()

    def lists(self):
        return {each["list"]: each for each in self.people["gil"].get("/v1/lists").json["lists"]}

    def verdict(self, picture):
        if not hasattr(self, "api_key"):
            made = self.people["dora"].post("/v1/keys", {"name": "gate", "tenant": "shop", "scopes": ["screen"]}).json
            self.api_key = made["key"]
        headers = {"Authorization": f"Bearer {self.api_key}", "X-Safelight-CSRF": None,
                   "Content-Type": "application/octet-stream"}
        return Client(self.server.port, tls=True).send("POST", "/v1/screen", picture, headers).json["verdict"]

    def record(self):
        return safelight("audit", "show", self.folder / "server" / "server.log", check=DONE).stdout.decode()

    def item(self, data):
        """The item that has these bytes."""
        export = safelight("case", "export", self.case, "--canonical", check=DONE).stdout.splitlines()[1:]
        return next(item["item"] for item in map(json.loads, export)
                    if (item.get("content") or {}).get("sha256") == sha256(data))


class Lists(TwoPersons):
    def test_two_curators_add_to_a_list_and_an_upload_of_it_is_then_held(self):
        self.assertEqual(self.verdict(self.other), "accept")
        entries = f"{md5(self.other)},1\n{md5(self.listed)},1\n".encode()
        asked = self.ask_list("known", "add", entries)
        self.assertEqual(asked.json["what"], {"list": "known", "change": "add", "reason": "a test", "digits": "ask",
                                              "file": asked.json["what"]["file"], "bytes": len(entries), "sha256": sha256(entries)})
        self.assertEqual(self.approve(asked, "eve").code, "same-person")
        self.assertEqual([each["mine"] for each in self.waiting("eve")], [True])
        self.assertEqual([(each["mine"], each["by"]) for each in self.waiting("gil")], [(False, "eve")])
        self.assertEqual(self.verdict(self.other), "accept", "nothing has changed yet")
        self.assertEqual(self.approve(asked, "gil").status, 200)
        self.assertTrue(comes_true(lambda: self.verdict(self.other) == "hold"))
        self.assertEqual(self.waiting("gil"), [])
        self.assertEqual(self.approve(asked, "gil").code, "approval-over")
        known = self.lists()["known"]
        self.assertEqual((known["entries"], known["digests"], known["fingerprints"], known["screening"]), (2, 2, 0, True))
        self.assertRegex(known["changed"], r"^\d{4}-\d\d-\d\dT")
        record = self.record()
        number = f'"approval":"{asked.json["approval"]}"'
        self.assertEqual([kind for kind in ("list_change.ask", "approval.approve", "approval.done")
                          if any(kind in line and number in line for line in record.splitlines())],
                         ["list_change.ask", "approval.approve", "approval.done"])
        for part in ("list_file.stage", "list_change.ask", "approval.approve", "approval.done", sha256(entries), '"added":"1"', '"held":"1"'):
            self.assertIn(part, record)
        said = record + self.server.log.read_text()
        self.assertNotIn(md5(self.other), said)
        self.assertEqual(list((self.folder / "server" / "staged").iterdir()), [], "what is done with needs no file")
        safelight("list", "verify", *self.key(), check=DONE)

    def test_a_list_that_is_not_there_is_built_changed_and_dropped(self):
        self.assertEqual(self.approve(self.ask_list("fresh", "add", f"{md5(b'a')}\n{md5(b'b')}\n".encode()), "gil").status, 200)
        self.assertEqual((self.lists()["fresh"]["entries"], self.lists()["fresh"]["screening"]), (2, False))
        self.assertEqual(self.approve(self.ask_list("fresh", "remove", f"{md5(b'b')}\n".encode()), "gil").status, 200)
        self.assertEqual(self.lists()["fresh"]["entries"], 1)
        self.assertEqual(self.ask_list("none", "remove", b"0" * 32).code, "no-such-list")
        self.assertEqual(self.ask_list("known", "drop").code, "list-screens")
        self.assertEqual(self.approve(self.ask_list("fresh", "drop"), "gil").status, 200)
        self.assertNotIn("fresh", self.lists())

    def test_a_list_is_not_dropped_that_uploads_are_compared_with_by_now(self):
        self.assertEqual(self.approve(self.ask_list("fresh", "add", f"{md5(b'a')}\n".encode()), "gil").status, 200)
        asked = self.ask_list("fresh", "drop")
        self.configure(lambda config: config["screening"]["lists"].append("fresh"))
        self.assertEqual(self.approve(asked, "gil").code, "list-screens")
        self.assertIn("fresh", self.lists())

    def test_sixty_four_digits_are_what_the_curator_says(self):
        digits = f"{sha256(b'a')}\n".encode()
        self.assertEqual(self.approve(self.ask_list("known", "add", digits), "gil").code, "list.sixty-four-hex")
        self.assertEqual(self.approve(self.ask_list("known", "add", digits, digits="pdq"), "gil").status, 200)
        self.assertEqual(self.lists()["known"]["fingerprints"], 1)

    def test_a_damaged_file_is_refused_by_the_name_of_the_rule_and_nothing_changes(self):
        before = self.lists()
        vics = json.dumps({"@odata.context": "x", "value": [{"MediaID": 1, "MD5": md5(b"a"), "Category": 1}]}).encode()
        files = {"cut": vics[:-9], "unknown": b"\x00\x01\x02 nothing of the kind\n" * 20, "database": b"SQLite format 3\0" + b"\xff" * 5000}
        for name, data in files.items():
            with self.subTest(name):
                said = safelight("list", "add", "known", "-", "--json", *self.key(), input=data, check=programs.USAGE).stdout
                asked = self.ask_list("known", "add", data)
                answer = self.approve(asked, "gil")
                self.assertEqual((answer.status, answer.code), (409, json.loads(said)["rule"]), answer.body)
        self.assertEqual(self.lists(), before)
        record = self.record()
        self.assertEqual(record.count("approval.failed"), len(files))
        self.assertNotIn(md5(b"a"), record)
        self.assertEqual(self.approve(self.ask_list("known", "add", vics), "gil").status, 200, "the server goes on")
        safelight("list", "verify", *self.key(), check=DONE)

    def test_a_request_expires(self):
        asked = self.ask_list("known", "add", f"{md5(self.other)}\n".encode())
        with sqlite3.connect(self.folder / "server" / "accounts" / "accounts.db") as store:
            store.execute("UPDATE acts SET requested_ns = requested_ns - ?, expires_ns = expires_ns - ?", (8 * DAY_NS, 8 * DAY_NS))
        store.close()
        self.assertEqual(self.waiting("gil"), [])
        self.assertEqual(self.approve(asked, "gil").code, "approval-over")
        self.assertEqual(self.lists()["known"]["entries"], 1)

    def test_a_request_outlives_the_server_and_can_be_refused(self):
        first = self.ask_list("known", "add", f"{md5(self.other)}\n".encode())
        second = self.ask_list("known", "remove", f"{md5(self.listed)}\n".encode())
        self.server.stop()
        self.start()
        self.assertEqual(self.approve(first, "gil").status, 200)
        self.assertEqual(self.people["gil"].post(f"/v1/approvals/{second.json['approval']}/withdraw", {}).status, 204)
        self.assertEqual(self.lists()["known"]["entries"], 2)

    def test_an_exchanged_file_is_not_taken_for_what_was_approved(self):
        asked, other = self.ask_list("known", "add", f"{md5(b'a')}\n".encode()), self.stage(f"{md5(b'b')}\n".encode())
        staged = self.folder / "server" / "staged"
        shutil.copy(staged / other, staged / asked.json["what"]["file"])
        self.assertEqual(self.approve(asked, "gil").code, "staged.digest")
        self.assertEqual(self.lists()["known"]["entries"], 1)

    def test_requests_that_say_too_little_or_too_much_are_refused(self):
        eve = self.people["eve"]
        file = self.stage(b"0" * 32)
        good = {"change": "add", "file": file, "reason": "x"}
        for bad in ({"change": "add", "reason": "x"}, {"change": "drop", "file": file, "reason": "x"}, {**good, "reason": ""},
                    {**good, "change": "merge"}, {**good, "digits": "md5"}, {**good, "more": 1}):
            self.assertEqual(eve.post("/v1/lists/known/changes", bad).status, 400, bad)
        self.assertEqual(eve.post("/v1/lists/..hidden/changes", good).code, "list.name")
        self.assertEqual(eve.post("/v1/lists/known/changes", {**good, "file": "0" * 32}).code, "no-such-file")
        self.assertEqual(eve.send("POST", "/v1/lists/files", b"", {"Content-Type": "application/octet-stream"}).code, "staged.empty")
        self.assertEqual(eve.post("/v1/lists/files", {}).status, 415)

    def test_nothing_is_there_for_others(self):
        asked = self.ask_list("known", "add", b"0" * 32)
        approval = f"/v1/approvals/{asked.json['approval']}"
        self.assertEqual(self.waiting("ana"), [])
        self.assertEqual(self.people["ana"].post(f"{approval}/approve", {}).code, "no-such-approval")
        for login in ("ben", "cleo", "dora"):
            client = self.people[login]
            for answer in (client.get("/v1/approvals"), client.post(f"{approval}/approve", {}), client.get("/v1/lists"),
                           client.send("POST", "/v1/lists/files", b"x" * 100_000, {"Content-Type": "application/octet-stream"})):
                self.assertEqual((answer.status, answer.code), (403, "not-permitted"))
        self.assertEqual(len(self.waiting("gil")), 1)


class Description(TwoPersons):
    def test_every_schema_that_is_named_is_there_and_every_one_is_named(self):
        text = self.people["ana"].get("/openapi.json").body.decode()
        self.assertEqual(set(re.findall(r"#/components/schemas/(\w+)", text)), set(json.loads(text)["components"]["schemas"]))
        for path, kind in (("/v1/lists/files", "application/octet-stream"), ("/v1/lists/{list}/changes", "application/json")):
            asked = json.loads(text)["paths"][path]["post"]
            self.assertEqual((list(asked["requestBody"]["content"]), "201" in asked["responses"]), ([kind], True))


class EncryptedLists(TwoPersons):
    def key(self):
        file = self.folder / "lists.key"
        if not file.exists():
            safelight("list", "key", file, check=DONE)
        return ["--list-key", file]

    def test_the_key_of_the_server_reaches_the_program_that_changes_lists(self):
        self.assertEqual(self.approve(self.ask_list("known", "add", f"{md5(self.other)}\n".encode()), "gil").status, 200)
        self.assertTrue(comes_true(lambda: self.verdict(self.other) == "hold"))
        self.assertEqual(self.approve(self.ask_list("fresh", "add", f"{md5(b'a')}\n".encode()), "gil").status, 200)
        shown = safelight("list", "show", *self.key(), check=DONE).stdout.decode()
        self.assertEqual(shown.count("encrypted"), shown.count(" removals,"), shown)
        self.assertNotIn("problem", json.dumps(self.lists()))


class Originals(TwoPersons):
    def ask(self, items, by="ana", reason="for the court"):
        return self.people[by].post(f"{CASE}/originals", {"items": items, "reason": reason})

    def export(self, asked):
        answer = self.approve(asked, "finn")
        self.assertEqual((answer.status, answer.json), (202, {"state": "doing"}))
        ended = self.came_of(asked, "finn")
        self.assertEqual((ended["state"], ended["approved_by"]), ("executed", "finn"))
        folder, = self.exports.iterdir()
        signed = json.loads((folder / "manifest.json").read_text())
        manifest = json.loads(signed["manifest"])
        said = ended["outcome"]
        self.assertEqual((said["folder"], said["exported"], said["missing"]),
                         (folder.name, str(len(manifest["originals"])), str(len(manifest["missing"]))))
        return folder, manifest

    def check(self, folder):
        return safelight("audit", "originals", folder, "--key", self.folder / "server" / "signing-key.pub")

    def case_log(self, kind):
        records = self.people["cleo"].get(f"{CASE}/audit?count=500").json["records"]
        return [record["says"]["details"] for record in records if record["kind"] == kind]

    def test_originals_are_written_with_a_signed_manifest_and_are_on_record(self):
        wanted = {self.item(data): data for data in (self.listed, self.packed)}
        folder, manifest = self.export(self.ask(list(wanted)))
        for item, data in wanted.items():
            self.assertEqual((folder / sha256(data)).read_bytes(), data)
            entry, = [each for each in manifest["originals"] if each["item"] == item]
            self.assertEqual((entry["sha256"], entry["bytes"]), (sha256(data), len(data)))
        self.assertEqual({each["path"].split("/")[-1] for each in manifest["originals"]} & {"chart.jpg"}, {"chart.jpg"})
        self.assertEqual((manifest["asked_by"], manifest["approved_by"], manifest["reason"], manifest["missing"]),
                         ("ana", "finn", "for the court", []))
        self.assertEqual({stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}, {0o600})
        self.assertEqual((len(list(folder.iterdir())), stat.S_IMODE(folder.stat().st_mode)), (3, 0o700))
        said = self.case_log("original.export")
        self.assertEqual({each["item"] for each in said}, set(wanted))
        self.assertEqual({(each["person"], each["approved_by"], each["reason"]) for each in said}, {("ana", "finn", "for the court")})
        self.assertEqual(self.case_log("originals.written")[0]["manifest"], sha256((folder / "manifest.json").read_bytes()))
        self.assertIn('"exported":"2"', self.record())

        self.assertEqual(self.check(folder).returncode, DONE)
        planted = folder / sha256(b"planted")
        planted.write_bytes(b"planted")
        checked = self.check(folder)
        self.assertEqual((checked.returncode, b"NOT named by it" in checked.stdout), (INCOMPLETE, True))
        planted.unlink()
        (folder / sha256(self.listed)).write_bytes(self.listed + b"x")
        self.assertIn(b"CHANGED", self.check(folder).stdout)
        (folder / sha256(self.listed)).unlink()
        self.assertEqual(self.check(folder).returncode, INCOMPLETE)
        file = folder / "manifest.json"
        file.write_text(file.read_text().replace("for the court", "for somebody"))
        self.assertIn(b"Not as it was signed", self.check(folder).stdout)
        self.server.stop()
        safelight("case", "verify", self.case, check=DONE)

    def test_an_original_that_is_not_there_is_said_and_the_others_are_written(self):
        gone = self.shared / "pictures" / "goes.jpg"
        data, items = gone.read_bytes(), [self.item(gone.read_bytes()), self.item(self.listed)]
        gone.unlink()
        self.addCleanup(gone.write_bytes, data)
        folder, manifest = self.export(self.ask(items))
        missing, = manifest["missing"]
        self.assertEqual((missing["item"], missing["path"], missing["code"]), (items[0], "goes.jpg", "not_found"))
        self.assertEqual([each["item"] for each in manifest["originals"]], items[1:])
        self.assertEqual(self.case_log("original.missing")[0]["item"], items[0])
        self.assertIn('"missing":"1"', self.record())
        self.assertEqual(self.check(folder).returncode, DONE)

        gone.write_bytes(data[:-1] + b"?")
        shutil.rmtree(folder)
        folder, manifest = self.export(self.ask(items[:1]))
        self.assertEqual([(each["code"], each["rule"]) for each in manifest["missing"]], [("changed", "item.digest")])

    def begin_a_long_one(self):
        """An export of a large original that has begun."""
        large = self.shared / "pictures" / "large.jpg"
        if not large.exists():
            large.write_bytes(self.third)
            os.truncate(large, 1 << 30)
        case = self.folder / "large"
        safelight("scan", large.parent, "--case", case, check=(DONE, INCOMPLETE))
        self.addCleanup(large.unlink)
        self.configure(lambda config: config["cases"][0].update(folder=str(case)))
        export = safelight("case", "export", case, "--canonical", check=DONE).stdout.splitlines()[1:]
        item, = [each["item"] for each in map(json.loads, export) if (each.get("content") or {}).get("size") == 1 << 30]
        asked = self.ask([item])
        self.assertEqual(self.approve(asked, "finn").status, 202)
        self.assertTrue(comes_true(lambda: self.exports.exists() and any(self.exports.iterdir())))
        return asked

    def check_interrupted(self, asked):
        folder, = self.exports.iterdir()
        self.assertTrue(folder.name.endswith(".unfinished"), folder)
        ended, = [each for each in self.approvals("ana") if each["approval"] == asked.json["approval"]]
        self.assertEqual((ended["state"], ended["outcome"]), ("interrupted", {"code": "interrupted", "unfinished": folder.name}))
        self.assertEqual([kind for kind in ("begin", "done", "failed", "interrupted") if f"approval.{kind}" in self.record()],
                         ["begin", "interrupted"])
        checked = self.check(folder)
        self.assertNotEqual(checked.returncode, DONE)
        self.assertIn(b"NOT finished", checked.stdout)
        self.assertEqual(self.approve(asked, "finn").code, "approval-over")

    def test_an_export_in_the_midst_of_which_the_server_is_killed_is_not_taken_for_one_that_is_whole(self):
        asked = self.begin_a_long_one()
        self.server.kill()
        self.start()
        self.check_interrupted(asked)
        self.assertEqual(self.case_log("originals.written"), [])

    def test_an_export_ends_when_the_server_is_stopped_and_the_next_says_so(self):
        asked = self.begin_a_long_one()
        self.server.stop()
        self.start()
        self.check_interrupted(asked)

    def test_who_follows_the_case_and_may_know_of_it_hears_how_it_ended(self):
        heard = {login: self.people[login].events(f"{CASE}/events") for login in ("ana", "ben")}
        self.assertTrue(comes_true(lambda: all(heard.values())), "both are there")
        asked = self.ask([self.item(self.listed)])
        folder, _ = self.export(asked)
        said = {"approval": asked.json["approval"], "kind": "export_originals", "state": "executed"}
        self.assertTrue(comes_true(lambda: any(name == "approval" for name, _ in heard["ana"])))
        event, = [event for name, event in heard["ana"] if name == "approval"]
        self.assertEqual({**event, "outcome": None}, {**said, "outcome": None})
        self.assertEqual(event["outcome"]["folder"], folder.name)
        self.assertNotIn("approval", [name for name, _ in heard["ben"]])

    def test_who_is_not_let_in_to_a_case_neither_asks_nor_approves(self):
        asked = self.ask([self.item(self.listed)])
        self.assertEqual(self.ask([self.item(self.listed)], by="lea").code, "no-such-case")
        self.assertEqual(self.waiting("lea"), [])
        self.assertEqual(self.approve(asked, "lea").code, "no-such-approval")
        self.assertEqual(self.approve(asked, "ana").code, "same-person")
        self.assertEqual(self.ask([self.item(self.listed)], by="ben").code, "not-permitted")
        self.assertEqual(self.waiting("eve"), [])
        self.assertFalse(self.exports.exists())

    def test_what_somebody_asked_for_who_is_let_in_no_more_does_not_leave(self):
        asked = self.ask([self.item(self.listed)])
        self.configure(lambda config: config["cases"][0]["people"].remove("ana"))
        self.assertEqual(self.approve(asked, "finn").status, 202)
        ended = self.came_of(asked, "finn")
        self.assertEqual((ended["state"], ended["outcome"]), ("failed", {"code": "not-permitted"}))
        self.assertFalse(self.exports.exists())
        self.assertIn("approval.failed", self.record())

    def test_requests_that_say_too_little_or_too_much_are_refused(self):
        item = self.item(self.listed)
        for items, reason in (([], "x"), ([item, item], "x"), ([item[:-1]], "x"), ([item], ""), ([f"{n:064x}" for n in range(1001)], "x")):
            self.assertEqual(self.ask(items, reason=reason).status, 400, (len(items), reason))
        self.assertEqual(self.ask(["0" * 64]).code, "no-such-item")
        many = [json.loads(line)["item"] for line in
                safelight("case", "export", self.case, "--canonical", check=DONE).stdout.splitlines()[1:]]
        self.assertEqual(self.ask(many, reason="y" * 2000).status, 201)

    def test_a_server_does_not_start_that_would_write_them_into_evidence_or_a_case(self):
        self.server.stop()
        good = json.loads(self.config.read_text())
        for exports, other in ((self.shared / "pictures" / "out", self.shared / "pictures"), (self.case / "out", self.case),
                               (self.folder, self.folder / "server")):
            self.config.write_text(json.dumps({**good, "exports": str(exports)}))
            said = safelight("serve", "--config", self.config, check=programs.USAGE).stderr.decode()
            inner, outer = sorted((str(exports), str(other)), key=len, reverse=True)
            self.assertRegex(said, f", {re.escape(inner)}, lies within .*, {re.escape(outer)}\n")
        self.config.write_text(json.dumps(good))
        self.start()

    def test_a_server_without_a_folder_for_them_says_so(self):
        self.configure(lambda config: config.pop("exports"))
        answer = self.ask([self.item(self.listed)])
        self.assertEqual((answer.status, answer.code), (409, "no-exports"))


class Thresholds(TwoPersons):
    PATH = "/v1/screening/thresholds"

    def test_two_leads_set_from_where_on_an_upload_is_held(self):
        self.assertEqual(self.approve(self.ask_list("known", "add", f"{md5(self.other)},2\n".encode()), "gil").status, 200)
        self.assertTrue(comes_true(lambda: self.verdict(self.other) == "hold"), "2 means review")
        ana = self.people["ana"]
        self.assertEqual(ana.get(self.PATH).json, {"radius_bits": 31, "holds_from": "review"})
        asked = ana.post(self.PATH, {"radius_bits": 24, "holds_from": "known", "reason": "too many"})
        self.assertEqual(asked.json["what"], {"radius_bits": 24, "holds_from": "known", "reason": "too many"})
        self.assertEqual(self.verdict(self.other), "hold")
        self.assertEqual(self.approve(asked, "ana").code, "same-person")
        self.assertEqual(self.approve(asked, "finn").status, 200)
        self.assertEqual((self.verdict(self.other), self.verdict(self.listed)), ("accept", "hold"))
        self.server.stop()
        self.start()
        self.assertEqual(self.people["ana"].get(self.PATH).json, {"radius_bits": 24, "holds_from": "known"})
        self.assertEqual(self.verdict(self.other), "accept")
        self.assertIn('"holds_from_before":"review"', self.record())
        self.assertEqual(self.people["ana"].post(self.PATH, {"radius_bits": 64, "holds_from": "known", "reason": "x"}).status, 400)

    def test_a_small_radius_holds_less(self):
        picture = self.folder / "other.jpg"
        picture.write_bytes(self.other)
        hashed = json.loads(safelight("hash", "--format", "json", picture, check=DONE).stdout.splitlines()[0])
        changed = f"{int(hashed['fingerprints'][0]['pdq'], 16) ^ 0xfffff:064x}\n".encode()
        self.assertEqual(self.approve(self.ask_list("known", "add", changed, digits="pdq"), "gil").status, 200)
        self.assertTrue(comes_true(lambda: self.verdict(self.other) == "hold"), "20 bits away")
        asked = self.people["ana"].post(self.PATH, {"radius_bits": 10, "holds_from": "review", "reason": "x"})
        self.assertEqual(self.approve(asked, "finn").status, 200)
        self.assertEqual(self.verdict(self.other), "accept")


if __name__ == "__main__":
    unittest.main()
