#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace safelight::serve {

using Executor = boost::asio::io_context::executor_type;

/// A coroutine on an io thread.
template <typename T>
using Task = boost::asio::awaitable<T, Executor>;

}  // namespace safelight::serve
