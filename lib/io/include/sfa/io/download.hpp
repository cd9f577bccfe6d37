// A file from the web that appears under its name whole and checked, or not at all. What has come is
// kept beside it as "NAME.part", where the next download of it goes on: after a connection that
// broke, a process that was killed, a day.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "sfa/audio/progress.hpp"

namespace sfa::io {

/// What the file must be. Anything else is removed once it is there.
struct Expected {
  std::string sha256;                  // the first hex digits of its SHA-256, as many as are known
  std::optional<std::uint64_t> bytes;  // its size, if that is known
  std::uint64_t most_bytes = std::uint64_t{4} << 30;  // a longer one is given up, however much a server sends
};

/// A connection that breaks or stalls is made anew and goes on where it stood, and so is a request
/// that a server fails (HTTP 408, 429, 5xx).
struct Patience {
  int attempts = 5;                             // in a row that bring less than 1 MiB each
  std::chrono::milliseconds first_wait{500};    // before the second; doubled before each further one
  std::chrono::seconds stall{30};               // without 1 KiB a second a connection is given up
  std::chrono::seconds connect{15};             // to be connected in
};

/// Fetches `url` (http or https) to `path`, whose folder exists; a file there that is as expected is
/// left as it is, and nothing is asked of the server. Redirects are followed, from https to https
/// only, and certificates verified. The proxies that the environment names are used ($https_proxy).
/// Several processes may fetch one file at once: one does, and the others wait for it.
/// `progress` hears of it ten times a second, also while nothing comes, and may cancel at any time.
///
/// Throws Error::not_found (HTTP 404 and 410), Error::io (connection, server, disk),
/// Error::invalid_data (not what was expected: removed), Error::unsupported (no libcurl),
/// Error::invalid_argument (a `sha256` that is not hexadecimal), each with the URL before it:
///   https://host/a.th: HTTP 404
///   https://host/a.th: connection lost after 12 of 84 MB; run it again to go on
void download(const std::string& url, const std::string& path, const Expected& expected,
              const Progress& progress = {}, const Patience& patience = {});

/// Whether `path` is a file as expected.
[[nodiscard]] bool is_as_expected(const std::string& path, const Expected& expected, const Progress& progress = {});

}  // namespace sfa::io
