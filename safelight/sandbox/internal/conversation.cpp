#include "safelight/sandbox/internal/conversation.h"

#include <algorithm>
#include <array>
#include <poll.h>

namespace safelight::sandbox {
namespace {

Outcome stop(Error error) { return {Outcome::Kind::stopped, error}; }
Outcome broken() { return stop({ErrorCode::worker_crashed, "worker.protocol"}); }
Outcome timed_out() { return stop({ErrorCode::timed_out, "worker.timeout"}); }
Outcome closed() { return {Outcome::Kind::closed, std::nullopt}; }

Outcome outcome_of(Transfer transfer) {
  return transfer == Transfer::closed ? closed() : timed_out();
}

}  // namespace

Transfer Conversation::send(PacketType type, const ByteWriter& fields,
                            std::span<const std::byte> body, std::span<const int> descriptors) {
  ByteWriter out;
  write(out, PacketHeader{type, static_cast<uint16_t>(descriptors.size()), number_});
  out.bytes(fields.view());
  while (true) {
    const Transfer transfer = send_packet(socket_, out.view(), body, descriptors, Waiting::no);
    if (transfer != Transfer::would_block || !patience_.wait(socket_, POLLOUT)) return transfer;
  }
}

Transfer Conversation::send_request() {
  RequestHead head;
  head.descriptors = static_cast<uint32_t>(request_.descriptors.size());
  head.source_sizes_bytes.reserve(request_.sources.size());
  for (const ByteSource* source : request_.sources)
    head.source_sizes_bytes.push_back(source->size_bytes());
  ByteWriter fields;
  write(fields, head);
  auto rest = request_.descriptors;
  auto now = rest.first(std::min(rest.size(), kMaxDescriptorsPerPacket));
  Transfer transfer = send(PacketType::request, fields, request_.message, now);
  for (rest = rest.subspan(now.size()); transfer == Transfer::done && !rest.empty();
       rest = rest.subspan(now.size())) {
    now = rest.first(std::min(rest.size(), kMaxDescriptorsPerPacket));
    transfer = send(PacketType::descriptors, ByteWriter(), {}, now);
  }
  return transfer;
}

Outcome Conversation::receive_reply() {
  while (true) {
    if (!patience_.wait(socket_, POLLIN)) return timed_out();
    const Received received = receive_packet(socket_, buffers_.packet, Waiting::no);
    if (received.transfer == Transfer::would_block) continue;
    if (received.transfer == Transfer::closed) return closed();
    if (received.transfer == Transfer::broken) return broken();
    ByteReader in(received.bytes);
    const auto header = parse_header(in);
    if (!header || header->request_number != number_ || header->descriptors != 0) return broken();
    if (header->type == PacketType::end) {
      const auto end = parse_end(in);
      if (!end) return broken();
      return {end->retires ? Outcome::Kind::retired : Outcome::Kind::finished, end->error};
    }
    if (const auto outcome = handle(header->type, in)) return *outcome;
  }
}

std::optional<Outcome> Conversation::handle(PacketType type, ByteReader& in) {
  switch (type) {
    case PacketType::need_block:
      return serve_block(in);
    case PacketType::need_file:
      return serve_file(in);
    case PacketType::drop_file:
      return drop_file(in);
    case PacketType::record:
      return take_record(in);
    default:
      return broken();
  }
}

std::optional<Outcome> Conversation::answer(PacketType type, const ByteWriter& fields,
                                            std::span<const std::byte> body,
                                            std::span<const int> descriptors) {
  const Transfer transfer = send(type, fields, body, descriptors);
  if (transfer == Transfer::done) return std::nullopt;
  return outcome_of(transfer);
}

std::optional<Outcome> Conversation::serve_block(ByteReader& in) {
  const auto wanted = parse_need_block(in);
  if (!wanted || wanted->source >= request_.sources.size()) return broken();
  const auto block = std::span(buffers_.block).first(wanted->length_bytes);
  const auto count = request_.sources[wanted->source]->read_at(wanted->offset_bytes, block);
  ByteWriter fields;
  write_status(fields, count ? std::nullopt : std::optional<Error>(count.error()));
  return answer(PacketType::block, fields, block.first(count ? *count : 0), {});
}

std::optional<Error> Conversation::refuse_file(uint64_t size_bytes) const {
  if (size_bytes > policy_.max_file_bytes)
    return Error{ErrorCode::limit_exceeded, "worker.max-file-bytes"};
  if (size_bytes > policy_.max_files_bytes - files_bytes_)
    return Error{ErrorCode::limit_exceeded, "worker.max-files-bytes"};
  if (open_files_.size() >= policy_.max_open_files)
    return Error{ErrorCode::limit_exceeded, "worker.max-open-files"};
  return std::nullopt;
}

std::optional<Outcome> Conversation::serve_file(ByteReader& in) {
  const auto size_bytes = parse_size(in);
  if (!size_bytes) return broken();
  ByteWriter fields;
  if (const auto refusal = refuse_file(*size_bytes)) {
    write_status(fields, refusal);
    return answer(PacketType::file, fields, {}, {});
  }
  UnsealedFile file = UnsealedFile::create(*size_bytes);
  const std::array<int, 1> descriptor = {file.descriptor()};
  files_bytes_ += *size_bytes;
  open_files_.emplace(++last_file_, std::move(file));
  write_status(fields, std::nullopt);
  write_number(fields, last_file_);
  return answer(PacketType::file, fields, {}, descriptor);
}

std::optional<Outcome> Conversation::drop_file(ByteReader& in) {
  const auto number = parse_number(in);
  if (!number || open_files_.erase(*number) != 1) return broken();
  return std::nullopt;
}

std::optional<Outcome> Conversation::take_record(ByteReader& in) {
  const auto head = parse_record_head(in);
  if (!head) return broken();
  const auto bytes = in.bytes(in.remaining());
  if (++records_ > policy_.max_records)
    return stop({ErrorCode::limit_exceeded, "worker.max-records"});
  record_bytes_ += bytes->size();
  if (record_bytes_ > policy_.max_record_bytes)
    return stop({ErrorCode::limit_exceeded, "worker.max-record-bytes"});
  std::optional<MemoryFile> file;
  if (head->file != 0) {
    auto open = open_files_.extract(head->file);
    if (open.empty()) return broken();
    file = std::move(open.mapped()).seal();
    if (!file) return broken();
  }
  if (const auto taken = sink_.record(*bytes, std::move(file)); !taken) return stop(taken.error());
  return std::nullopt;
}

}  // namespace safelight::sandbox
