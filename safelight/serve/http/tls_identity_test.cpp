#include "safelight/serve/http/tls_identity.h"

#include <fstream>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "safelight/base/fault.h"
#include "safelight/serve/http/internal/temporary_folder_for_test.h"
#include "safelight/serve/http/internal/tls_parts.h"

namespace safelight::serve {
namespace {

class TlsIdentityTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file(const char* name) const { return folder_.path() / name; }
  [[nodiscard]] TlsIdentity made() const {
    const std::vector<std::string> hosts{"localhost", "127.0.0.1", "[::1]"};
    return TlsIdentity::self_signed(hosts, SystemClock());
  }
  [[nodiscard]] static unsigned mode(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  TemporaryFolder folder_;
};

TEST_F(TlsIdentityTest, WhatWasWrittenIsReadAgain) {
  const auto identity = made();
  identity.write(file("chain.pem"), file("key.pem"));
  EXPECT_EQ(TlsIdentity::read(file("chain.pem"), file("key.pem")).fingerprint(),
            identity.fingerprint());
}

TEST_F(TlsIdentityTest, SaysWhenItExpires) {
  constexpr int64_t kHourNs = 3'600'000'000'000;
  const int64_t in_a_year = SystemClock().now_ns() + 365 * 24 * kHourNs;
  EXPECT_NEAR(static_cast<double>(made().expires_ns()), static_cast<double>(in_a_year),
              static_cast<double>(2 * kHourNs));
}

TEST_F(TlsIdentityTest, NobodyElseCanReadTheFiles) {
  made().write(file("chain.pem"), file("key.pem"));
  EXPECT_EQ(mode(file("chain.pem")), 0600);
  EXPECT_EQ(mode(file("key.pem")), 0600);
}

TEST_F(TlsIdentityTest, EachHasAKeyOfItsOwn) {
  EXPECT_NE(made().fingerprint(), made().fingerprint());
}

TEST_F(TlsIdentityTest, TheCertificateNamesItsHosts) {
  const auto identity = made();
  X509* const certificate = identity.parts().chain.front().get();
  EXPECT_EQ(X509_check_host(certificate, "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate, "::1", 0), 1);
  EXPECT_EQ(X509_check_host(certificate, "example.org", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_verify(certificate, identity.parts().key.get()), 1);
}

TEST_F(TlsIdentityTest, AHostThatIsSeveralIsRefused) {
  for (const std::string host : {"", "a,DNS:b", "a b", "IP\n"}) {
    EXPECT_THROW(TlsIdentity::self_signed(std::vector{host}, SystemClock()), Fault) << host;
  }
}

TEST_F(TlsIdentityTest, AKeyThatOthersCanReadIsRefused) {
  made().write(file("chain.pem"), file("key.pem"));
  for (const auto mode : {0640, 0604, 0620}) {
    ::chmod(file("key.pem").c_str(), static_cast<mode_t>(mode));
    EXPECT_THROW(TlsIdentity::read(file("chain.pem"), file("key.pem")), Fault);
  }
  ::chmod(file("key.pem").c_str(), 0400);
  EXPECT_NO_THROW(TlsIdentity::read(file("chain.pem"), file("key.pem")));
}

TEST_F(TlsIdentityTest, AChainMayBeReachedByALinkAndHaveSeveralCertificates) {
  made().write(file("chain.pem"), file("key.pem"));
  made().write(file("other.pem"), file("other_key.pem"));
  {
    std::ofstream out(file("chain.pem"), std::ios::app);
    out << std::ifstream(file("other.pem")).rdbuf();
  }
  std::filesystem::create_symlink(file("chain.pem"), file("link.pem"));
  EXPECT_EQ(TlsIdentity::read(file("link.pem"), file("key.pem")).parts().chain.size(), 2);
}

TEST_F(TlsIdentityTest, FilesThatAreMissingBrokenOrDoNotFitAreRefused) {
  made().write(file("chain.pem"), file("key.pem"));
  made().write(file("other.pem"), file("other_key.pem"));
  std::ofstream(file("empty")).flush();
  ::chmod(file("empty").c_str(), 0600);
  EXPECT_THROW(TlsIdentity::read(file("none"), file("key.pem")), Fault);
  EXPECT_THROW(TlsIdentity::read(file("chain.pem"), file("none")), Fault);
  EXPECT_THROW(TlsIdentity::read(file("empty"), file("key.pem")), Fault);
  EXPECT_THROW(TlsIdentity::read(file("chain.pem"), file("empty")), Fault);
  EXPECT_THROW(TlsIdentity::read(file("key.pem"), file("key.pem")), Fault);
  EXPECT_THROW(TlsIdentity::read(file("chain.pem"), file("other_key.pem")), Fault);
  EXPECT_THROW(TlsIdentity::read(folder_.path(), file("key.pem")), Fault);
  EXPECT_THROW(made().write(file("none") / "chain.pem", file("none") / "key.pem"), Fault);
  std::ofstream(file("chain.pem"), std::ios::app) << "-----BEGIN CERTIFICATE-----\nbroken\n";
  EXPECT_THROW(TlsIdentity::read(file("chain.pem"), file("key.pem")), Fault);
}

}  // namespace
}  // namespace safelight::serve
