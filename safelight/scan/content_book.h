#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "safelight/casefile/content.h"

namespace safelight::scan {

/// An examination of a content and of the further stills in it, in the order of
/// `examination.members`.
struct ExaminationTree {
  casefile::Examination examination;
  std::vector<std::shared_ptr<const ExaminationTree>> members;
};
using Examined = std::shared_ptr<const ExaminationTree>;

/// Whether a worker died or hung over this content. It may go better another time.
bool worker_failed(const casefile::Examination& examination);

/// Sees to it that identical bytes are examined once, however many paths and threads bring them:
/// who claims a content first examines it, and who comes meanwhile leaves behind what to do when
/// that is done. Holds a content from its claim until it is published and committed, so it does not
/// grow with the case; one over which a worker failed stays, so that a run tries it once.
class ContentBook {
 public:
  using Continuation = std::function<void(const Examined&)>;

  enum class Claim : uint8_t {
    yours,    ///< Examine it, hand it to the recorder, then call publish().
    settled,  ///< The continuation was called at once.
    waiting,  ///< The continuation will be called by whoever examines it.
  };

  /// Claims a content, or has `then` called with its examination, now or later.
  Claim claim(const casefile::ContentKey& key, Continuation then);

  /// Gives the examination of a claimed content and calls those who wait for it, on this thread.
  void publish(const casefile::ContentKey& key, const Examined& examined);

  /// The examination, if the content is published and not yet forgotten.
  [[nodiscard]] Examined find(const casefile::ContentKey& key) const;

  /// Forgets a content, once it is published too: from then on it is found in the case. One over
  /// which a worker failed is not forgotten.
  void committed(const casefile::ContentKey& key);

 private:
  struct Entry {
    Examined examined;
    bool is_committed = false;
    std::vector<Continuation> waiting;
  };

  /// Whether the case serves as well as this entry.
  static bool is_done(const Entry& entry);

  mutable std::mutex mutex_;
  std::unordered_map<Sha256, Entry> entries_;
};

}  // namespace safelight::scan
