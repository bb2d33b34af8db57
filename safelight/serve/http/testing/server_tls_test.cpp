#include <fcntl.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "safelight/serve/http/internal/server_for_test.h"
#include "safelight/serve/http/internal/temporary_folder_for_test.h"
#include "safelight/serve/http/server.h"

namespace safelight::serve {
namespace {

/// What a client begins its connections with. Trusts anybody: whom it speaks to is checked by
/// tests.
class ClientContext {
 public:
  ClientContext() : context_(SSL_CTX_new(TLS_client_method())) {}
  explicit ClientContext(const TlsIdentity& identity) : ClientContext() {
    SSL_CTX_use_certificate(get(), identity.parts().chain.front().get());
    SSL_CTX_use_PrivateKey(get(), identity.parts().key.get());
  }
  [[nodiscard]] SSL_CTX* get() const { return context_.get(); }

 private:
  TlsContext context_;
};

class TlsTest : public ServerTest {
 protected:
  TlsTest() : identity_(TlsIdentity::self_signed(options_.hosts, SystemClock())) {
    options_.listeners = {TcpListener{.tls = TlsOptions{identity_}}};
  }
  void start_sample() {
    Router router;
    router.add(Method::get, "/", [](Request&) { return text("hello"); })
        .add(Method::get, "/large",
             [](Request&) { return text(std::string(size_t{4} << 20, 'x')); })
        .add(
            Method::post, "/echo",
            [](Request& request) { return text(std::string(request.body.text())); },
            router.add_class({.max_body_bytes = 1 << 20}))
        .add(Method::get, "/peer", [](Request& request) {
          const auto& peer = request.peer;
          return text(std::string(peer.transport == Transport::tls ? "tls " : "plain ") +
                      (peer.certificate
                           ? peer.certificate->subject + " " + to_hex(peer.certificate->sha256)
                           : "nobody"));
        });
    start(std::move(router));
  }

  TlsIdentity identity_;
};

TEST_F(TlsTest, ARequestIsServedOverEachModernVersion) {
  start_sample();
  for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const ClientContext context;
    SSL_CTX_set_max_proto_version(context.get(), version);
    auto client = connect();
    ASSERT_TRUE(client.start_tls(*context.get()));
    EXPECT_EQ(SSL_version(&client.tls()), version);
    client.get("/");
    const auto answer = client.receive();
    EXPECT_EQ(answer.content, "hello");
    EXPECT_EQ(answer.header("strict-transport-security"), "max-age=31536000");
    client.get("/peer");
    EXPECT_EQ(client.receive().content, "tls nobody");
    const std::unique_ptr<X509, OpenSslFree<X509_free>> shown(
        SSL_get1_peer_certificate(&client.tls()));
    EXPECT_EQ(sha256_of(*shown), identity_.fingerprint());
  }
}

TEST_F(TlsTest, LargeContentGoesBothWays) {
  start_sample();
  const ClientContext context;
  auto client = connect();
  ASSERT_TRUE(client.start_tls(*context.get()));
  client.get("/large");
  EXPECT_EQ(client.receive().content.size(), size_t{4} << 20);
  const std::string content(300'000, 'y');
  client.post("/echo", content);
  EXPECT_EQ(client.receive().content, content);
}

TEST_F(TlsTest, TheEndIsAnnounced) {
  start_sample();
  const ClientContext context;
  auto client = connect();
  ASSERT_TRUE(client.start_tls(*context.get()));
  client.get("/", "Connection: close\r\n");
  EXPECT_EQ(client.receive().content, "hello");
  EXPECT_TRUE(client.is_closed());
  EXPECT_NE(SSL_get_shutdown(&client.tls()) & SSL_RECEIVED_SHUTDOWN, 0);
}

TEST_F(TlsTest, OldVersionsAndCiphersAreRefused) {
  start_sample();
  const ClientContext old;
  SSL_CTX_set_security_level(old.get(), 0);
  SSL_CTX_set_min_proto_version(old.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
  EXPECT_FALSE(connect().start_tls(*old.get()));
  const ClientContext weak;
  SSL_CTX_set_max_proto_version(weak.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(weak.get(), "ECDHE-ECDSA-AES128-SHA256");
  EXPECT_FALSE(connect().start_tls(*weak.get()));
  EXPECT_TRUE(comes_true([&] { return server_->metrics().failed_handshakes == 2; }));
}

TEST_F(TlsTest, Http11IsTheOneProtocol) {
  start_sample();
  const ClientContext both;
  constexpr std::string_view kBoth = "\x02h2\x08http/1.1";
  SSL_CTX_set_alpn_protos(both.get(), reinterpret_cast<const unsigned char*>(kBoth.data()),
                          static_cast<unsigned>(kBoth.size()));
  auto client = connect();
  ASSERT_TRUE(client.start_tls(*both.get()));
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(&client.tls(), &chosen, &size);
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  const ClientContext other;
  SSL_CTX_set_alpn_protos(other.get(), reinterpret_cast<const unsigned char*>(kBoth.data()), 3);
  EXPECT_FALSE(connect().start_tls(*other.get()));
}

TEST_F(TlsTest, PlainTextIsNotAnswered) {
  start_sample();
  auto client = connect();
  client.get("/");
  EXPECT_EQ(client.receive().status, 0);
  EXPECT_TRUE(comes_true([&] { return server_->metrics().failed_handshakes == 1; }));
}

TEST_F(TlsTest, ASlowHandshakeIsCutOff) {
  options_.limits.handshake_ms = 60;
  start_sample();
  auto client = connect();
  client.send("\x16\x03\x01");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(TlsTest, ASlowReaderIsCutOff) {
  options_.limits.response_ms = 60;
  options_.limits.min_bytes_per_second = 1 << 30;
  start_sample();
  const ClientContext context;
  auto client = connect();
  const int small = 4'096;
  ::setsockopt(client.descriptor(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  ASSERT_TRUE(client.start_tls(*context.get()));
  for (int i = 0; i < 8; ++i) client.get("/large");
  EXPECT_TRUE(comes_true([&] { return server_->metrics().timed_out_connections == 1; }));
}

/// A certificate for clients, signed by `authority`, or by itself. Of version 1, where everybody
/// who signs himself may sign others.
TlsIdentity client_identity(const std::filesystem::path& folder, const char* name,
                            const TlsIdentity* authority) {
  const PrivateKey key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 7);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3'600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("Example"), -1, -1, 0);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate.get(),
                       authority == nullptr
                           ? subject
                           : X509_get_subject_name(authority->parts().chain.front().get()));
  X509_sign(certificate.get(), authority == nullptr ? key.get() : authority->parts().key.get(),
            EVP_sha256());
  const auto chain_file = folder / (std::string(name) + ".pem");
  const auto key_file = folder / (std::string(name) + ".key");
  const std::unique_ptr<BIO, OpenSslFree<BIO_free_all>> chain_out(
      BIO_new_file(chain_file.c_str(), "w"));
  PEM_write_bio_X509(chain_out.get(), certificate.get());
  BIO_flush(chain_out.get());
  const Descriptor owner_only(::open(key_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const std::unique_ptr<BIO, OpenSslFree<BIO_free_all>> key_out(
      BIO_new_file(key_file.c_str(), "w"));
  PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  BIO_flush(key_out.get());
  return TlsIdentity::read(chain_file, key_file);
}

class MutualTlsTest : public TlsTest {
 protected:
  MutualTlsTest() : authority_(client_identity(folder_.path(), "authority", nullptr)) {
    auto& tls = std::get<TcpListener>(options_.listeners.front()).tls;
    tls->client_authorities = folder_.path() / "authority.pem";
    start_sample();
  }
  /// What a client that shows `context` gets; nothing if it is not let in. With TLS 1.3 a client
  /// learns that only when it reads.
  Answer ask_as(const ClientContext& context) {
    auto client = connect();
    client.start_tls(*context.get());
    client.get("/peer");
    return client.receive();
  }

  TemporaryFolder folder_;
  TlsIdentity authority_;
};

TEST_F(MutualTlsTest, AClientIsKnownByItsCertificate) {
  const auto known = client_identity(folder_.path(), "screening", &authority_);
  EXPECT_EQ(ask_as(ClientContext(known)).content,
            "tls CN=screening,O=Example " + to_hex(known.fingerprint()));
}

TEST_F(MutualTlsTest, AClientWithoutACertificateIsNotLetIn) {
  EXPECT_EQ(ask_as(ClientContext()).status, 0);
  EXPECT_TRUE(comes_true([&] { return server_->metrics().failed_handshakes == 1; }));
}

TEST_F(MutualTlsTest, AClientOfAnotherAuthorityIsNotLetIn) {
  const auto other = client_identity(folder_.path(), "other", nullptr);
  EXPECT_EQ(ask_as(ClientContext(other)).status, 0);
  const auto unknown = client_identity(folder_.path(), "unknown", &other);
  EXPECT_EQ(ask_as(ClientContext(unknown)).status, 0);
}

TEST_F(MutualTlsTest, AuthoritiesThatCannotBeReadAreAFault) {
  std::get<TcpListener>(options_.listeners.front()).tls->client_authorities =
      folder_.path() / "none.pem";
  EXPECT_THROW(start_sample(), Fault);
}

}  // namespace
}  // namespace safelight::serve
