#pragma once

/// Which sanitizers of the compiler are at work, 1 or 0: GCC says it by macros, Clang by features.
#if defined(__has_feature)
#define SAFELIGHT_HAS_FEATURE(name) __has_feature(name)
#else
#define SAFELIGHT_HAS_FEATURE(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || SAFELIGHT_HAS_FEATURE(address_sanitizer)
#define SAFELIGHT_ADDRESS_SANITIZER 1
#else
#define SAFELIGHT_ADDRESS_SANITIZER 0
#endif

#if defined(__SANITIZE_THREAD__) || SAFELIGHT_HAS_FEATURE(thread_sanitizer)
#define SAFELIGHT_THREAD_SANITIZER 1
#else
#define SAFELIGHT_THREAD_SANITIZER 0
#endif

namespace safelight {

/// Both need address space without end, a few more system calls, and may have threads of their own.
inline constexpr bool kSanitizerBuild = SAFELIGHT_ADDRESS_SANITIZER || SAFELIGHT_THREAD_SANITIZER;

}  // namespace safelight
