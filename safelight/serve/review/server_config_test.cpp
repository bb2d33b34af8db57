#include "safelight/serve/review/server_config.h"

#include <gtest/gtest.h>

namespace safelight::serve {
namespace {

constexpr std::string_view kConfig = R"({
  "state": "state",
  "hosts": ["review.example"],
  "listen": [{"address": "0.0.0.0", "port": 8443, "certificate": "c.pem", "key": "/k.pem"},
             {"unix": "socket"}],
  "cases": [{"name": "2026-17", "folder": "cases/17", "people": ["ana"]},
            {"name": "2026-18", "folder": "/cases/18"}],
  "heads": ["/mnt/elsewhere/heads"],
  "screening": {"lists": ["known"], "case": "uploads", "held": "held", "held_key": "/keys/held",
                "bucket_ms": 500, "unix_key": 3, "radius_bits": 20, "holds_from": "known"},
  "exports": "exports"
})";

std::string with(std::string_view from, std::string_view to) {
  std::string text(kConfig);
  return text.replace(text.find(from), from.size(), to);
}

std::string_view rule_of(const std::string& text) {
  const auto config = config_from_json(text, "/etc/safelight");
  return config ? "" : config.error().rule;
}

TEST(ServerConfig, IsReadWithPathsBelowItsFolder) {
  const auto config = config_from_json(kConfig, "/etc/safelight");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->state, "/etc/safelight/state");
  EXPECT_EQ(config->hosts, std::vector<std::string>{"review.example"});
  ASSERT_EQ(config->listen.size(), 2u);
  EXPECT_EQ(config->listen[0].port, 8443);
  EXPECT_EQ(config->listen[0].certificate, "/etc/safelight/c.pem");
  EXPECT_EQ(config->listen[0].key, "/k.pem");
  EXPECT_EQ(config->listen[1].unix_socket, "/etc/safelight/socket");
  ASSERT_EQ(config->cases.size(), 2u);
  EXPECT_EQ(config->cases[0].people, std::vector<std::string>{"ana"});
  EXPECT_TRUE(config->cases[1].people.empty());
  ASSERT_TRUE(config->screening);
  EXPECT_EQ(config->screening->lists, std::vector<std::string>{"known"});
  EXPECT_EQ(config->screening->held, "/etc/safelight/held");
  EXPECT_EQ(config->screening->held_key, "/keys/held");
  EXPECT_EQ(config->screening->bucket_ms, 500);
  EXPECT_EQ(config->screening->unix_key, 3);
  EXPECT_EQ(config->screening->radius_bits, 20U);
  EXPECT_EQ(config->screening->holds_from, "known");
  EXPECT_EQ(config->exports, "/etc/safelight/exports");
  EXPECT_EQ(config->heads, std::vector<std::filesystem::path>{"/mnt/elsewhere/heads"});
}

TEST(ServerConfig, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(rule_of(with("\"hosts\"", "\"host\"")), "config.json");
  EXPECT_EQ(rule_of(with("8443", "84430")), "config.json");
  EXPECT_EQ(rule_of(with("\"port\"", "\"prot\"")), "config.json");
  EXPECT_EQ(rule_of(with("\"people\": [\"ana\"]", "\"people\": \"ana\"")), "config.json");
  EXPECT_EQ(rule_of(with("2026-17", "2026/17")), "config.name");
  EXPECT_EQ(rule_of(with("2026-17", "..")), "config.name");
  EXPECT_EQ(rule_of(with("2026-17", "2026-18")), "config.twice");
  EXPECT_EQ(rule_of(with("[\"known\"]", "[]")), "config.screening");
  EXPECT_EQ(rule_of(with("bucket_ms", "bucket")), "config.json");
  EXPECT_EQ(rule_of(with("\"holds_from\": \"known\"", "\"holds_from\": \"ordinary\"")),
            "config.screening");
  EXPECT_EQ(rule_of(with("\"radius_bits\": 20", "\"radius_bits\": 64")), "config.json");
  EXPECT_EQ(rule_of(with(", \"key\": \"/k.pem\"", "")), "config.listen");
  EXPECT_EQ(rule_of(R"({"state":"s","listen":[],"cases":[]})"), "config.listen");
  for (size_t length = 0; length < kConfig.size(); ++length) {
    EXPECT_EQ(rule_of(std::string(kConfig.substr(0, length))), "config.json") << length;
  }
}

}  // namespace
}  // namespace safelight::serve
