#include "sfa/io/download.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <thread>

#include "descriptor.hpp"
#include "http_get.hpp"
#include "partial_file.hpp"
#include "sha256.hpp"

namespace sfa::io {
namespace {

using Clock = std::chrono::steady_clock;

// Bringing so much, an attempt is the first of a new row.
constexpr std::uint64_t worth_another_bytes = 1 << 20;
// The last of the way is to check what came.
constexpr double share_of_transfer = 0.99;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string sha256_of(const std::string& path, const std::function<void()>& idle) {
  const auto file = open_input(path);
  Sha256 hash;
  std::array<std::byte, 1 << 16> block;
  while (const auto count = read_up_to(file.number(), block, path)) {
    hash.update(std::span(block).first(count));
    idle();
  }
  return hash.hex();
}

/// "12 of 84 MB"; a decimal where it would be "0 of 1 MB".
std::string amount(std::uint64_t bytes, std::optional<std::uint64_t> whole) {
  const int digits = std::max(bytes, whole.value_or(bytes)) < 10'000'000 ? 1 : 0;
  const auto megabytes = [&](std::uint64_t count) {
    return fmt::format("{:.{}f}", static_cast<double>(count) / 1e6, digits);
  };
  return whole ? fmt::format("{} of {} MB", megabytes(bytes), megabytes(*whole)) : megabytes(bytes) + " MB";
}

/// Worth asking for again: RFC 9110, section 15.5.9, RFC 6585, section 4, and the server's own troubles.
bool is_passing(long status) { return status == 408 || status == 429 || status >= 500; }

class Download {
 public:
  Download(const std::string& url, const std::string& path, const Expected& expected, const Progress& progress,
           const Patience& patience)
      : url_(url), path_(path), expected_(expected), progress_(progress), patience_(patience) {}

  void run() {
    auto partial = PartialFile::open(path_, [&] { tell(0); }, [&] { return is_as_expected(path_, expected_); });
    if (!partial) return;
    if (!is_all_there(*partial)) transfer(*partial);
    check(*partial);
    partial->finish();
  }

 private:
  [[noreturn]] void fail(Error::Kind kind, const std::string& what) const { throw Error(kind, url_ + ": " + what); }

  void tell(std::uint64_t bytes) {
    const auto whole = expected_.bytes ? expected_.bytes : promised_;
    const double done = whole && *whole > 0 ? static_cast<double>(bytes) / static_cast<double>(*whole) : 0.0;
    report(progress_, share_of_transfer * std::clamp(done, 0.0, 1.0));
  }

  /// A process may have been killed between the last byte and the check.
  [[nodiscard]] bool is_all_there(const PartialFile& partial) const {
    return expected_.bytes && partial.bytes() == *expected_.bytes;
  }

  void transfer(PartialFile& partial) {
    if (expected_.bytes && partial.bytes() > *expected_.bytes) partial.cut(0);
    std::uint64_t best = partial.bytes();
    auto wait = patience_.first_wait;
    for (int attempt = 1;; ++attempt) {
      if (ask(partial)) return;
      if (partial.bytes() >= best + worth_another_bytes) {
        attempt = 1;
        wait = patience_.first_wait;
      }
      best = std::max(best, partial.bytes());
      if (attempt >= patience_.attempts) {
        if (is_proven(partial)) return;  // the server promised more than there is
        give_up(partial);
      }
      pause(wait, partial.bytes());
      wait *= 2;
    }
  }

  /// One request for what is missing. True when all has come; false when asking again may help.
  bool ask(PartialFile& partial) {
    const auto from = partial.bytes();
    last_ = http_get(url_, from, patience_,
                     {.begin =
                          [&](const HttpRange& range) {
                            partial.cut(range.begin);
                            promised_ = range.file_bytes;
                            check_size(partial, promised_.value_or(0));
                          },
                      .receive = [&](std::span<const std::byte> bytes) { take(partial, bytes); },
                      .idle = [&] { tell(partial.bytes()); }});
    switch (last_.end) {
      case HttpAnswer::End::whole: {
        const auto whole = expected_.bytes ? expected_.bytes : promised_;
        return !whole || partial.bytes() >= *whole;
      }
      case HttpAnswer::End::broken:
        return false;
      case HttpAnswer::End::failed:
        // Where something came, the line is good, and it or the server may come back.
        if (!came_) fail(Error::Kind::io, last_.problem);
        return false;
      case HttpAnswer::End::status:
        return refused(partial, from);
    }
    return false;
  }

  bool refused(PartialFile& partial, std::uint64_t from) {
    if (from > 0 && (last_.status == 416 || last_.status == 206)) {
      // There is nothing behind what we have: it is all, or of another file.
      if (is_proven(partial)) return true;
      partial.cut(0);
      return ask(partial);
    }
    if (is_passing(last_.status)) return false;
    const bool missing = last_.status == 404 || last_.status == 410;
    fail(missing ? Error::Kind::not_found : Error::Kind::io, fmt::format("HTTP {}", last_.status));
  }

  void check_size(PartialFile& partial, std::uint64_t bytes) const {
    const auto most = expected_.bytes.value_or(expected_.most_bytes);
    if (bytes <= most) return;
    partial.remove();
    fail(Error::Kind::invalid_data, fmt::format("not the file expected: it has more than {} bytes; removed", most));
  }

  void take(PartialFile& partial, std::span<const std::byte> bytes) {
    came_ = true;
    check_size(partial, partial.bytes() + bytes.size());
    partial.append(bytes);
    tell(partial.bytes());
  }

  [[noreturn]] void give_up(const PartialFile& partial) const {
    const auto whole = expected_.bytes ? expected_.bytes : promised_;
    if (last_.end == HttpAnswer::End::status) fail(Error::Kind::io, fmt::format("HTTP {}", last_.status));
    if (partial.bytes() == 0) fail(Error::Kind::io, last_.problem.empty() ? "sent nothing" : last_.problem);
    fail(Error::Kind::io,
         fmt::format("connection lost after {}; run it again to go on", amount(partial.bytes(), whole)));
  }

  void pause(std::chrono::milliseconds wait, std::uint64_t bytes) {
    for (const auto end = Clock::now() + wait; Clock::now() < end;) {
      tell(bytes);
      std::this_thread::sleep_for(std::min(wait, std::chrono::milliseconds(50)));
    }
  }

  [[nodiscard]] bool passes(const PartialFile& partial) {
    found_ = sha256_of(partial.path(), [&] { tell(partial.bytes()); });
    return found_.starts_with(lower(expected_.sha256));
  }

  [[nodiscard]] bool is_proven(const PartialFile& partial) { return !expected_.sha256.empty() && passes(partial); }

  void check(PartialFile& partial) {
    if (passes(partial)) return;
    partial.remove();
    const auto digits = std::max<std::size_t>(expected_.sha256.size(), 8);
    fail(Error::Kind::invalid_data, fmt::format("not the file expected: its SHA-256 begins with {}, not {}; removed",
                                                found_.substr(0, digits), lower(expected_.sha256)));
  }

  const std::string& url_;
  const std::string& path_;
  const Expected& expected_;
  const Progress& progress_;
  const Patience& patience_;
  std::optional<std::uint64_t> promised_;  // by the server: the whole file's size
  HttpAnswer last_;
  std::string found_;  // the SHA-256 of what came
  bool came_ = false;
};

}  // namespace

bool is_as_expected(const std::string& path, const Expected& expected, const Progress& progress) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  if (expected.bytes && std::filesystem::file_size(path, error) != *expected.bytes) return false;
  if (expected.sha256.empty()) return true;
  return sha256_of(path, [&] { report(progress, 0.0); }).starts_with(lower(expected.sha256));
}

void download(const std::string& url, const std::string& path, const Expected& expected, const Progress& progress,
              const Patience& patience) {
  const auto is_hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
  if (expected.sha256.size() > 64 || !std::ranges::all_of(expected.sha256, is_hex))
    throw Error(Error::Kind::invalid_argument, expected.sha256 + ": not a SHA-256 in hexadecimal digits");
  if (!is_as_expected(path, expected, progress)) Download(url, path, expected, progress, patience).run();
  report(progress, 1.0);
}

}  // namespace sfa::io
