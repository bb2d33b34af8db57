"""A console that asks Meta's HMA asks a team's server instead: over a Unix socket, or with a client certificate."""
import hashlib
import http.client
import json
import socket
import ssl
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import programs
from programs import DONE, safelight
from review_server import Client, Server, add_person, make_demo, team_config


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(str(self.path))


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout


class Console(programs.CaseTest):
    def setUp(self):
        super().setUp()
        pictures = self.folder / "pictures"
        make_demo(pictures)
        self.listed = sorted(pictures.rglob("*.jpg"))[0].read_bytes()
        self.md5 = hashlib.md5(self.listed).hexdigest()
        entries = self.folder / "known.csv"
        entries.write_text(f"{self.md5},1\n")
        safelight("list", "import", "known", entries, "--map", "1=known", check=DONE)
        for name in ("trusted", "stranger"):
            self.authority(name)
        self.certificate("console", "trusted")
        self.certificate("visitor", "trusted")
        self.certificate("stranger-console", "stranger")
        self.mutual_port, self.socket = free_port(), self.folder / "hma.sock"
        self.listen = [{"address": "127.0.0.1", "port": 0},
                       {"address": "127.0.0.1", "port": self.mutual_port, "client_authorities": "trusted.pem"},
                       {"unix": str(self.socket)}]
        self.screening = {"lists": ["known"], "case": str(self.folder / "uploads"), "held": "held", "held_key": "held.key",
                          "bucket_ms": 0}
        self.configure()
        add_person(self.config, "dora", "admin")
        add_person(self.config, "cleo", "auditor")
        self.server = Server(self.folder, "--config", self.config)

    def tearDown(self):
        self.server.stop()
        super().tearDown()

    def configure(self):
        self.config = team_config(self.folder, {}, listen=self.listen, screening=self.screening)

    def restart(self):
        self.server.stop()
        self.configure()
        self.server = Server(self.folder, "--config", self.config)

    def authority(self, name):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", self.folder / f"{name}-key.pem", "-out", self.folder / f"{name}.pem")

    def certificate(self, name, authority):
        key, asked = self.folder / f"{name}-key.pem", self.folder / f"{name}.csr"
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", f"/CN={name}", "-keyout", key, "-out", asked)
        openssl("x509", "-req", "-in", asked, "-CA", self.folder / f"{authority}.pem", "-days", "2",
                "-CAkey", self.folder / f"{authority}-key.pem", "-CAcreateserial", "-out", self.folder / f"{name}.pem")

    def sha256_of(self, name):
        return hashlib.sha256(openssl("x509", "-in", self.folder / f"{name}.pem", "-outform", "DER")).hexdigest()

    def by_certificate(self, path, name=None):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if name:
            context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}-key.pem")
        return self.answer(http.client.HTTPSConnection("127.0.0.1", self.mutual_port, timeout=60, context=context), path)

    def by_socket(self, path, **request):
        return self.answer(UnixConnection(self.socket), path, **request)

    @staticmethod
    def answer(connection, path, method="GET", body=None, headers=None):
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def admin(self):
        return Client(self.server.port, tls=True).log_in("dora")

    def new_key(self, scope):
        return self.admin().post("/v1/keys", {"name": f"console of {scope}", "tenant": "shop", "scopes": [scope]}).json["id"]

    def test_a_client_certificate_stands_for_a_key(self):
        look_up = f"/m/lookup?signal_type=video_md5&signal={self.md5}"
        self.assertEqual(self.by_certificate(look_up, "console")[0], 401, "it stands for no key yet")
        key, certificate = self.new_key("lookup"), self.sha256_of("console")
        dora = self.admin()
        self.assertEqual(dora.post(f"/v1/keys/{key}/certificates", {"sha256": "12"}).status, 400)
        self.assertEqual(dora.post("/v1/keys/999/certificates", {"sha256": certificate}).status, 404)
        self.assertEqual(dora.post(f"/v1/keys/{key}/certificates", {"sha256": certificate}).status, 204)
        self.assertEqual([one["certificates"] for one in dora.get("/v1/keys").json["keys"] if one["id"] == key], [[certificate]])

        status, found = self.by_certificate(look_up, "console")
        self.assertEqual((status, json.loads(found)), (200, {"MATCH": [{"bank_content_id": 0, "distance": "0"}]}))
        self.assertEqual(self.by_certificate("/status", "console"), (200, b"I-AM-ALIVE"))
        self.assertEqual(self.by_certificate("/c/banks", "console")[0], 501)
        self.assertEqual(self.by_certificate(look_up, "visitor")[0], 401, "another of the same authority")
        for name in ("stranger-console", None):
            with self.assertRaises((ssl.SSLError, OSError), msg="the connection is refused"):
                self.by_certificate(look_up, name)
        self.assertEqual(Client(self.server.port, tls=True).get(look_up).status, 401, "where no certificate is asked for")

        self.assertEqual(dora.send("DELETE", f"/v1/certificates/{certificate}").status, 204)
        self.assertEqual(dora.send("DELETE", f"/v1/certificates/{certificate}").status, 404)
        self.assertEqual(self.by_certificate(look_up, "console")[0], 401)
        kinds = safelight("audit", "show", self.folder / "server" / "server.log", check=DONE).stdout.decode()
        self.assertIn("certificate.add", kinds)
        self.assertIn("certificate.remove", kinds)

    def test_a_unix_socket_stands_for_the_key_that_the_configuration_names(self):
        look_up = f"/m/lookup?signal_type=video_md5&signal={self.md5}"
        self.assertEqual(self.by_socket(look_up)[0], 401)
        self.screening["unix_key"] = self.new_key("lookup")
        self.restart()
        status, found = self.by_socket(look_up)
        self.assertEqual((status, list(json.loads(found))), (200, ["MATCH"]))
        border = "a-border-of-the-form"
        form = (f'--{border}\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n'
                f"Content-Type: image/jpeg\r\n\r\n").encode() + self.listed + f"\r\n--{border}--\r\n".encode()
        status, hashed = self.by_socket("/h/hash", method="POST", body=form,
                                        headers={"Content-Type": f"multipart/form-data; boundary={border}"})
        self.assertEqual((status, len(json.loads(hashed)["pdq"])), (200, 64))
        self.assertEqual(self.by_socket("/v1/lookup/digests", method="POST", body=b'{"digests":[]}')[0], 401,
                         "other routes want a key of one's own")
        self.admin().send("DELETE", f"/v1/keys/{self.screening['unix_key']}")
        self.assertEqual(self.by_socket(look_up)[0], 401, "revoked")

    def test_hits_that_are_told_with_their_list_are_on_record(self):
        self.screening["unix_key"] = self.new_key("review")
        self.restart()
        status, found = self.by_socket(f"/m/lookup?signal_type=video_md5&signal={self.md5}")
        self.assertEqual((status, list(json.loads(found))), (200, ["known"]))
        self.assertEqual(self.by_socket("/m/lookup?signal_type=video_md5&signal=" + "0" * 32)[1], b"{}")
        records = Client(self.server.port, tls=True).log_in("cleo").get("/v1/audit?from=0&count=500").json["records"]
        told = [record for record in records if record["kind"] == "lookup.told"]
        self.assertEqual(len(told), 1, "and not what found nothing")
        self.assertEqual(told[0]["says"]["hits"], "1")
        self.assertNotIn(self.md5, json.dumps(told), "what was asked is not on record")


if __name__ == "__main__":
    unittest.main()
