// One HTTP request by libcurl, which is loaded at the first: linked, it would cost each start of each
// tool some milliseconds.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "sfa/io/download.hpp"

namespace sfa::io {

/// Where in the file the bytes of an answer belong.
struct HttpRange {
  std::uint64_t begin = 0;
  std::optional<std::uint64_t> file_bytes;  // of the whole file, if the server says so
};

struct HttpAnswer {
  enum class End {
    whole,   // all that the server promised has come, or it promised nothing and closed
    broken,  // the connection broke or stalled
    failed,  // there was none, or it is not to be trusted: again would be the same
    status,  // the server answered with `status` instead of the file
  } end = End::whole;
  long status = 0;      // 0 where nothing was answered
  std::string problem;  // libcurl's word for what `broken` and `failed` are
};

/// What an answer is given to; each may throw, which ends the request and is thrown on.
struct HttpReceiver {
  std::function<void(const HttpRange&)> begin;              // once, before any bytes
  std::function<void(std::span<const std::byte>)> receive;
  std::function<void()> idle;                               // ten times a second at least
};

/// The file behind `url` from byte `from` on. A server that ignores that begins at 0.
[[nodiscard]] HttpAnswer http_get(const std::string& url, std::uint64_t from, const Patience& patience,
                                  const HttpReceiver& receiver);

}  // namespace sfa::io
