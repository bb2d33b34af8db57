/// A worker program for tests that breaks the protocol: at the start as the name says under which
/// it is run, later as the request's text says. It is not confined; it claims to be.
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "safelight/sandbox/internal/channel.h"
#include "safelight/sandbox/internal/packet.h"
#include "safelight/sandbox/serve.h"

namespace safelight::sandbox {
namespace {

class Rogue {
 public:
  int run(const std::string& name) {
    receive();
    if (name == "silent_rogue") std::this_thread::sleep_for(std::chrono::minutes(1));
    if (name == "dying_rogue") return 1;
    if (name == "crashing_rogue") ::raise(SIGSEGV);
    if (name == "garbage_rogue") {
      send_bytes("garbage");
      std::this_thread::sleep_for(std::chrono::minutes(1));
    }
    Report report;
    report.in_force = name == "open_rogue" ? MechanismSet{Mechanism::seccomp}
                                           : MechanismSet::from_bits(UINT32_MAX);
    ByteWriter hello;
    write(hello, report);
    send(PacketType::hello, hello);
    while (true) break_rules(receive());
  }

 private:
  /// The text of the next request; descriptors are kept.
  std::string receive() {
    const Received received = receive_packet(kWorkerSocket, buffer_, descriptors_, Waiting::yes);
    if (received.transfer != Transfer::done) ::_exit(0);
    ByteReader in(received.bytes);
    const auto header = parse_header(in);
    number_ = header->request_number;
    if (header->type != PacketType::request) return {};
    static_cast<void>(parse_request_head(in));
    return std::string(*in.text(in.remaining()));
  }

  void send(PacketType type, const ByteWriter& fields, std::string_view body = {}) {
    ByteWriter out;
    write(out, PacketHeader{type, 0, number_});
    out.bytes(fields.view());
    out.text(body);
    static_cast<void>(send_packet(kWorkerSocket, out.view(), {}, {}, Waiting::yes));
  }
  void send_bytes(std::string_view bytes) {
    static_cast<void>(
        send_packet(kWorkerSocket, std::as_bytes(std::span(bytes)), {}, {}, Waiting::yes));
  }
  void send_number(PacketType type, uint32_t number) {
    ByteWriter fields;
    write_number(fields, number);
    send(type, fields);
  }

  /// Gets a memory file and leaves it mapped for writing.
  void open_and_map(uint64_t size_bytes) {
    ByteWriter fields;
    write_size(fields, size_bytes);
    send(PacketType::need_file, fields);
    receive();
    static_cast<void>(::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                             descriptors_.back().get(), 0));
  }

  void break_rules(const std::string& verb) {
    ByteWriter fields;
    if (verb == "garbage") send_bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff");
    if (verb == "short") send_bytes("\x14");
    if (verb == "empty") static_cast<void>(::send(kWorkerSocket, "", 0, 0));
    if (verb == "huge") send_bytes(std::string(kMaxPacketBytes + 1, '\x14'));
    if (verb == "wrong-number") {
      ++number_;
      send(PacketType::end, fields, std::string_view("\0\0", 2));
    }
    if (verb == "coordinator-packet") send(PacketType::block, fields, std::string_view("\0", 1));
    if (verb == "second-hello") {
      write(fields, Report());
      send(PacketType::hello, fields);
    }
    if (verb == "bad-end") send(PacketType::end, fields, "\x02");
    if (verb == "bad-rule") {
      send(PacketType::end, fields, std::string_view("\0\1\0\0\0\0\0\0\0\0\0\0\3<a>", 16));
    }
    if (verb == "long-end") send(PacketType::end, fields, std::string_view("\0\0\0", 3));
    if (verb == "descriptor") {
      ByteWriter out;
      write(out, PacketHeader{PacketType::record, 0, number_});
      write(out, RecordHead{0});
      const std::array<int, 1> descriptor = {STDIN_FILENO};
      static_cast<void>(send_packet(kWorkerSocket, out.view(), {}, descriptor, Waiting::yes));
    }
    if (verb == "unknown-source") {
      write(fields, BlockWanted{7, 10, 0});
      send(PacketType::need_block, fields);
    }
    if (verb == "unknown-file") {
      write(fields, RecordHead{99});
      send(PacketType::record, fields);
    }
    if (verb == "unknown-drop") send_number(PacketType::drop_file, 99);
    if (verb == "writable-file") {
      open_and_map(4'096);
      write(fields, RecordHead{1});
      send(PacketType::record, fields);
    }
    if (verb == "never-reads") {
      write(fields, BlockWanted{0, kMaxBlockBytes, 0});
      while (true) send(PacketType::need_block, fields);
    }
    if (verb == "endless-records") {
      write(fields, RecordHead{0});
      while (true) send(PacketType::record, fields, std::string(1'000, 'r'));
    }
    std::this_thread::sleep_for(std::chrono::minutes(1));
  }

  uint32_t number_ = 0;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(2 * kMaxPacketBytes);
  std::vector<Descriptor> descriptors_;
};

}  // namespace
}  // namespace safelight::sandbox

int main(int, char** argv) {
  return safelight::sandbox::Rogue().run(std::filesystem::path(argv[0]).filename().string());
}
