#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "api/safelight.h"

#include "safelight/base/fault.h"
#include "safelight/base/result.h"

/// From what our code gives or throws to what C gets. `error` may be null in all of it.
namespace safelight::api {

void describe(const Error& error, sl_error& out);

sl_status succeed(sl_error* error) noexcept;
sl_status fail(sl_error* error, const Error& cause) noexcept;
/// A call that cannot be, by the rule that it breaks.
sl_status refuse(sl_error* error, std::string_view rule) noexcept;
/// What the machine would not do, or what we did wrong. `message` may be cut.
sl_status fail(sl_error* error, sl_status status, std::string_view message) noexcept;

/// Does `work`, which gives a Result<void>, and lets nothing pass that it throws.
template <typename Work>
sl_status guarded(sl_error* error, const Work& work) noexcept {
  try {
    const Result<void> done = work();
    return done ? succeed(error) : fail(error, done.error());
  } catch (const std::bad_alloc&) {
    return fail(error, SL_OUT_OF_MEMORY, "");
  } catch (const std::length_error&) {
    // A container that was asked for more than any memory holds.
    return fail(error, SL_OUT_OF_MEMORY, "");
  } catch (const Fault& fault) {
    return fail(error, SL_ENVIRONMENT, fault.what());
  } catch (const std::system_error& failure) {
    // Threads and paths that the system would not give.
    return fail(error, SL_ENVIRONMENT, failure.what());
  } catch (const std::exception& mistake) {
    return fail(error, SL_INTERNAL, mistake.what());
  } catch (...) {
    return fail(error, SL_INTERNAL, "");
  }
}

inline constexpr std::string_view kNullArgument = "argument.null";
inline constexpr std::string_view kUnknownMode = "argument.mode";
inline constexpr std::string_view kOptionsSize = "options.struct-size";

}  // namespace safelight::api
