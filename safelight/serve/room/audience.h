#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safelight/evidence/origin.h"
#include "safelight/serve/http/event_stream.h"

namespace safelight::serve {

/// Who follows a case live, and what each looks at. Safe from many threads.
class Audience {
 public:
  struct Present {
    std::string person;  ///< By login.
    std::optional<ItemId> item;
    friend bool operator==(const Present&, const Present&) = default;
  };

  void join(std::shared_ptr<EventStream> stream, std::string person);
  void look_at(std::string_view person, std::optional<ItemId> item);

  /// Sends to all.
  void tell(const Event& event);
  /// Sends to one person, in all of that person's windows.
  void tell(std::string_view person, const Event& event);

  /// Those who are here, once each, by login.
  [[nodiscard]] std::vector<Present> present() const;
  /// Forgets who went; says whether anybody did.
  bool sweep();
  /// Ends all streams.
  void close();

 private:
  struct Listener {
    std::shared_ptr<EventStream> stream;
    std::string person;
  };
  mutable std::mutex mutex_;
  std::vector<Listener> listeners_;
  std::vector<Present> looking_;
};

}  // namespace safelight::serve
