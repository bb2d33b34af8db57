#include "safelight/metadata/xmp/xmp.h"

#include <algorithm>
#include <deque>
#include <expat.h>
#include <memory>
#include <unordered_map>
#include <utility>

#include "safelight/metadata/container/byte_range.h"

namespace safelight::metadata {
namespace {

constexpr std::string_view kRdfNs = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
constexpr std::string_view kXmlNs = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view kMetaNs = "adobe:ns:meta/";
bool is(const XmpName& name, std::string_view ns, std::string_view local) {
  return name.ns == ns && name.name == local;
}

/// The namespaces in scope. They are resolved here and not by expat, which would write the URI in
/// front of every attribute: one long URI and many short attributes would take any memory.
class Namespaces {
 public:
  /// Takes the declarations among an element's attributes; returns how many there were.
  size_t declare(const char** attributes) {
    size_t count = 0;
    for (; *attributes != nullptr; attributes += 2) {
      const std::string_view name = attributes[0];
      if (name != "xmlns" && !name.starts_with(kDeclaration)) continue;
      declared_.emplace_back(name == "xmlns" ? "" : name.substr(kDeclaration.size()));
      by_prefix_[declared_.back()].emplace_back(attributes[1]);
      ++count;
    }
    return count;
  }
  /// Forgets the last `count` declarations.
  void forget(size_t count) {
    for (; count > 0; --count) {
      by_prefix_[declared_.back()].pop_back();
      declared_.pop_back();
    }
  }
  /// An element's name. Its namespace is empty where the prefix was not declared. The views hold
  /// until the declaration is forgotten.
  [[nodiscard]] XmpName element(std::string_view name) const {
    const size_t colon = name.find(':');
    return colon == std::string_view::npos
               ? XmpName{uri_of(""), name}
               : XmpName{uri_of(name.substr(0, colon)), name.substr(colon + 1)};
  }
  /// An attribute's name: one without a prefix is in no namespace.
  [[nodiscard]] XmpName attribute(std::string_view name) const {
    return name.find(':') == std::string_view::npos ? XmpName{{}, name} : element(name);
  }

 private:
  static constexpr std::string_view kDeclaration = "xmlns:";

  [[nodiscard]] std::string_view uri_of(std::string_view prefix) const {
    if (prefix == "xml") return kXmlNs;
    const auto found = by_prefix_.find(std::string(prefix));
    return found == by_prefix_.end() || found->second.empty() ? std::string_view()
                                                              : found->second.back();
  }

  std::vector<std::string> declared_;  ///< Prefixes, in order.
  /// The innermost declaration last. A deque does not move what it holds.
  std::unordered_map<std::string, std::deque<std::string>> by_prefix_;
};

/// What an element's content is taken for.
enum class Role : uint8_t {
  outside,    ///< Around rdf:RDF.
  rdf,        ///< rdf:RDF: descriptions follow.
  node,       ///< A description: properties follow.
  property,   ///< A property or an item: text, a description or a container follows.
  container,  ///< Bag, Seq, Alt: items follow.
};

struct Frame {
  Role role = Role::outside;
  bool item = false;          ///< A property that is an rdf:li.
  bool settled = false;       ///< A property whose value is not its text.
  size_t items = 0;           ///< Items of a container so far.
  size_t path_length = 0;     ///< Of the path that belongs to this element.
  uint64_t offset_bytes = 0;  ///< Of the start tag.
  size_t declarations = 0;    ///< Namespaces that this element declares.
  std::string_view ns;        ///< Of the property that this is, or is part of.
  std::string name;
  std::string language;
};

bool are_blank(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) {
    return b == std::byte{0} || b == std::byte{' '} || b == std::byte{'\n'} ||
           b == std::byte{'\r'} || b == std::byte{'\t'};
  });
}

/// Whether what stands behind the document is the mark of the packet's end without its own end:
/// some writers count a segment two bytes short, which cuts that and nothing else.
bool is_cut_end_mark(std::string_view rest) {
  constexpr std::string_view kMark = "<?xpacket end=";
  constexpr size_t kQuoted = 3;  // The letter r or w in its quotes.
  const size_t start = rest.find_first_not_of(" \n\r\t");
  if (start == std::string_view::npos || !rest.substr(start).starts_with(kMark)) return false;
  const std::string_view behind = rest.substr(start + kMark.size());
  const std::string_view quoted = behind.substr(0, behind.find('\0'));
  return quoted.size() <= kQuoted && quoted.find_first_of("<>") == std::string_view::npos &&
         behind.find_first_not_of('\0', quoted.size()) == std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(const MetadataLimits& limits)
      : limits_(limits), text_bytes_left_(limits.max_text_bytes) {}

  Xmp run(std::span<const std::byte> packet) {
    if (packet.size() > limits_.max_packet_bytes) {
      fail(ErrorCode::limit_exceeded, "max_packet_bytes", 0);
      return std::move(out_);
    }
    parser_.reset(XML_ParserCreate(nullptr));
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_document_type);
    const auto status = XML_Parse(parser_.get(), reinterpret_cast<const char*>(packet.data()),
                                  static_cast<int>(packet.size()), XML_TRUE);
    if (status != XML_STATUS_OK && !out_.damage) note_xml_error(packet);
    return std::move(out_);
  }

 private:
  struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

  static Reader& self(void* user) { return *static_cast<Reader*>(user); }
  static void XMLCALL on_start(void* user, const char* name, const char** attributes) {
    self(user).start(name, attributes);
  }
  static void XMLCALL on_end(void* user, const char*) { self(user).end(); }
  static void XMLCALL on_text(void* user, const char* text, int length) {
    self(user).text({text, static_cast<size_t>(length)});
  }
  static void XMLCALL on_document_type(void* user, const char*, const char*, const char*, int) {
    self(user).stop(ErrorCode::malformed, "xmp.document-type");
  }

  [[nodiscard]] uint64_t offset() const {
    const XML_Index index = XML_GetCurrentByteIndex(parser_.get());
    return index < 0 ? 0 : static_cast<uint64_t>(index);
  }

  void fail(ErrorCode code, std::string_view rule, uint64_t offset_bytes) {
    out_.damage = Error::at(code, rule, offset_bytes);
  }
  void stop(ErrorCode code, std::string_view rule) {
    if (out_.damage) return;
    fail(code, rule, offset());
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  void note_xml_error(std::span<const std::byte> packet) {
    const uint64_t at = std::min<uint64_t>(offset(), packet.size());
    if (root_end_bytes_ && (are_blank(packet.subspan(at)) ||
                            is_cut_end_mark(text_at(packet, {*root_end_bytes_, packet.size()})))) {
      return;
    }
    const XML_Error error = XML_GetErrorCode(parser_.get());
    const bool cut = error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN ||
                     error == XML_ERROR_UNCLOSED_CDATA_SECTION || error == XML_ERROR_PARTIAL_CHAR;
    fail(cut ? ErrorCode::truncated : ErrorCode::malformed, "xmp.xml", at);
  }

  void start(std::string_view tag, const char** attributes) {
    if (out_.damage) return;
    if (frames_.size() >= limits_.max_xmp_depth) {
      stop(ErrorCode::limit_exceeded, "max_xmp_depth");
      return;
    }
    Frame frame;
    frame.offset_bytes = offset();
    frame.path_length = path_.size();
    frame.declarations = namespaces_.declare(attributes);
    const XmpName name = namespaces_.element(tag);
    if (name.name.size() > kMaxXmpNameBytes) {
      stop(ErrorCode::limit_exceeded, "max_xmp_name_bytes");
      return;
    }
    Frame* parent = frames_.empty() ? nullptr : &frames_.back();
    switch (parent == nullptr ? Role::outside : parent->role) {
      case Role::outside:
        start_outside(name, attributes, frame);
        break;
      case Role::rdf:
        frame.role = Role::node;
        take_fields(attributes, frame);
        break;
      case Role::node:
        start_property(name, attributes, *parent, frame);
        break;
      case Role::property:
        start_value(name, attributes, *parent, frame);
        break;
      case Role::container:
        start_item(attributes, *parent, frame);
        break;
    }
    frames_.push_back(std::move(frame));
    text_.clear();
  }

  void start_outside(const XmpName& name, const char** attributes, Frame& frame) {
    if (is(name, kRdfNs, "RDF")) {
      frame.role = Role::rdf;
      return;
    }
    for (; *attributes != nullptr; attributes += 2) {
      const std::string_view value = attributes[1];
      if (is(namespaces_.attribute(attributes[0]), kMetaNs, "xmptk") && reserve(value.size()))
        out_.toolkit = value;
    }
  }

  void start_property(const XmpName& name, const char** attributes, Frame& parent, Frame& frame) {
    frame.role = Role::property;
    if (is(name, kRdfNs, "value") && !parent.name.empty()) {
      // What the qualifiers beside it qualify is the value of the property around them.
      frame.ns = parent.ns;
      frame.name = parent.name;
    } else {
      frame.ns = name.ns;
      frame.name = name.name;
      push_step(frame, name.name);
    }
    take_attributes(attributes, frame);
  }

  void start_item(const char** attributes, Frame& parent, Frame& frame) {
    frame.role = Role::property;
    frame.item = true;
    frame.ns = parent.ns;
    frame.name = parent.name;
    path_ += '[' + std::to_string(++parent.items) + ']';
    frame.path_length = path_.size();
    take_attributes(attributes, frame);
  }

  /// The element inside a property: a container, or a description whose fields are parts of it.
  void start_value(const XmpName& name, const char** attributes, Frame& parent, Frame& frame) {
    parent.settled = true;
    frame.ns = parent.ns;
    frame.name = parent.name;
    if (name.ns == kRdfNs && (name.name == "Bag" || name.name == "Seq" || name.name == "Alt")) {
      frame.role = Role::container;
      return;
    }
    frame.role = Role::node;
    take_fields(attributes, frame);
  }

  void push_step(Frame& frame, std::string_view name) {
    if (!path_.empty()) path_ += '/';
    path_ += name;
    frame.path_length = path_.size();
  }

  /// The attributes of a property element.
  void take_attributes(const char** attributes, Frame& frame) {
    std::string_view resource;
    bool has_resource = false;
    bool has_fields = false;
    for (const char** at = attributes; *at != nullptr; at += 2) {
      const XmpName name = namespaces_.attribute(at[0]);
      if (is(name, kXmlNs, "lang")) {
        frame.language = at[1];
      } else if (is(name, kRdfNs, "resource")) {
        resource = at[1];
        has_resource = true;
      } else if (is(name, kRdfNs, "parseType") && std::string_view(at[1]) == "Resource") {
        frame.role = Role::node;
      } else if (!name.ns.empty() && name.ns != kRdfNs && name.ns != kXmlNs) {
        has_fields = true;
      }
    }
    if (has_resource) {
      frame.settled = true;
      add(frame, resource, frame.item ? XmpProperty::Form::item : XmpProperty::Form::resource);
    }
    if (has_fields) {
      frame.settled = true;
      take_fields(attributes, frame);
    }
  }

  /// Attributes that are properties of a description, or parts of a property.
  void take_fields(const char** attributes, const Frame& frame) {
    for (; *attributes != nullptr; attributes += 2) {
      const XmpName name = namespaces_.attribute(attributes[0]);
      const bool value = is(name, kRdfNs, "value") && !frame.name.empty();
      if (name.ns.empty() || name.ns == kXmlNs || (name.ns == kRdfNs && !value)) continue;
      Frame field;
      field.offset_bytes = frame.offset_bytes;
      const size_t length = path_.size();
      if (value) {
        field.ns = frame.ns;
        field.name = frame.name;
      } else {
        field.ns = name.ns;
        field.name = name.name;
        push_step(field, name.name);
      }
      add(field, attributes[1], XmpProperty::Form::attribute);
      path_.resize(length);
    }
  }

  void text(std::string_view text) {
    if (out_.damage || frames_.empty()) return;
    const Frame& frame = frames_.back();
    if (frame.role != Role::property || frame.settled) return;
    if (text.size() > text_bytes_left_) {
      stop(ErrorCode::limit_exceeded, "max_text_bytes");
      return;
    }
    text_ += text;
  }

  void end() {
    if (out_.damage || frames_.empty()) return;
    const Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.role == Role::property && !frame.settled) {
      add(frame, text_, frame.item ? XmpProperty::Form::item : XmpProperty::Form::element);
    }
    text_.clear();
    namespaces_.forget(frame.declarations);
    path_.resize(frames_.empty() ? 0 : frames_.back().path_length);
    if (frames_.empty()) {
      root_end_bytes_ = offset() + static_cast<uint64_t>(XML_GetCurrentByteCount(parser_.get()));
    }
  }

  bool reserve(size_t bytes) {
    if (bytes > text_bytes_left_) {
      stop(ErrorCode::limit_exceeded, "max_text_bytes");
      return false;
    }
    text_bytes_left_ -= bytes;
    return true;
  }

  void add(const Frame& frame, std::string_view value, XmpProperty::Form form) {
    if (out_.damage) return;
    if (out_.properties.size() >= limits_.max_xmp_properties) {
      stop(ErrorCode::limit_exceeded, "max_xmp_properties");
      return;
    }
    if (!reserve(frame.ns.size() + frame.name.size() + path_.size() + value.size() +
                 frame.language.size())) {
      return;
    }
    out_.properties.push_back({std::string(frame.ns), frame.name, path_, std::string(value),
                               frame.language, form, frame.offset_bytes});
  }

  const MetadataLimits& limits_;
  size_t text_bytes_left_;
  Parser parser_;
  Xmp out_;
  Namespaces namespaces_;
  std::vector<Frame> frames_;
  std::string path_;                        ///< Of the innermost element that has one.
  std::string text_;                        ///< Of the innermost property, so far.
  std::optional<uint64_t> root_end_bytes_;  ///< Where the document ends.
};

}  // namespace

std::vector<const XmpProperty*> Xmp::all(XmpName name) const {
  std::vector<const XmpProperty*> found;
  for (const XmpProperty& property : properties) {
    if (property.ns == name.ns && property.name == name.name) found.push_back(&property);
  }
  return found;
}

std::string_view Xmp::value(XmpName name) const {
  for (const XmpProperty* property : all(name)) {
    if (!property->value.empty()) return property->value;
  }
  return {};
}

Xmp read_xmp(std::span<const std::byte> packet, const MetadataLimits& limits) {
  return Reader(limits).run(packet);
}

}  // namespace safelight::metadata
