#include "http_get.hpp"

#include <curl/curl.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <strings.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <string_view>

namespace sfa::io {
namespace {

constexpr const char* soname = "libcurl.so.4";

/// What is used of libcurl.
struct Curl {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_setopt) setopt = nullptr;
  decltype(&curl_easy_getinfo) getinfo = nullptr;
  decltype(&curl_easy_strerror) strerror = nullptr;
  decltype(&curl_multi_init) multi_init = nullptr;
  decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&curl_multi_add_handle) multi_add = nullptr;
  decltype(&curl_multi_remove_handle) multi_remove = nullptr;
  decltype(&curl_multi_perform) multi_perform = nullptr;
  decltype(&curl_multi_poll) multi_poll = nullptr;
  decltype(&curl_multi_info_read) multi_info_read = nullptr;

  Curl() {
    void* library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
      throw Error(Error::Kind::unsupported, fmt::format("downloads need {}, which is not installed", soname));
    const auto find = [library]<typename Function>(Function& function, const char* symbol) {
      function = reinterpret_cast<Function>(dlsym(library, symbol));
      if (function == nullptr)
        throw Error(Error::Kind::unsupported, fmt::format("{} has no function {}", soname, symbol));
    };
    find(global_init, "curl_global_init");
    find(easy_init, "curl_easy_init");
    find(easy_cleanup, "curl_easy_cleanup");
    find(setopt, "curl_easy_setopt");
    find(getinfo, "curl_easy_getinfo");
    find(strerror, "curl_easy_strerror");
    find(multi_init, "curl_multi_init");
    find(multi_cleanup, "curl_multi_cleanup");
    find(multi_add, "curl_multi_add_handle");
    find(multi_remove, "curl_multi_remove_handle");
    find(multi_perform, "curl_multi_perform");
    find(multi_poll, "curl_multi_poll");
    find(multi_info_read, "curl_multi_info_read");
    if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Error(Error::Kind::unsupported, "libcurl does not start");
  }
};

/// Loaded once and kept.
const Curl& curl() {
  static const Curl library;
  return library;
}

/// "bytes 100-299/300", of which the last may be "*".
std::optional<HttpRange> parse_content_range(const std::string& text) {
  unsigned long long begin = 0, end = 0, whole = 0;
  const int fields = std::sscanf(text.c_str(), " bytes %llu-%llu/%llu", &begin, &end, &whole);
  if (fields < 2) return std::nullopt;
  return HttpRange{begin, fields == 3 ? std::optional<std::uint64_t>(whole) : std::nullopt};
}

class Request {
 public:
  Request(const std::string& url, std::uint64_t from, const Patience& patience, const HttpReceiver& receiver)
      : easy_(curl().easy_init(), curl().easy_cleanup), from_(from), receiver_(receiver) {
    if (!easy_) throw std::bad_alloc();
    // Unless told, libcurl lets a redirect lead from https to http.
    const char* const protocols = strncasecmp(url.c_str(), "https:", 6) == 0 ? "https" : "http,https";
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, protocols);
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, 10L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_USERAGENT, "sfa");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // does not wait for a name server when cancelled
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(patience.connect.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, 1024L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(patience.stall.count()));
    if (from > 0) set(CURLOPT_RANGE, fmt::format("{}-", from).c_str());
    set(CURLOPT_HEADERFUNCTION, &Request::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &Request::on_bytes);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  }

  HttpAnswer perform() {
    const auto& lib = curl();
    const std::unique_ptr<CURLM, decltype(lib.multi_cleanup)> multi(lib.multi_init(), lib.multi_cleanup);
    if (!multi || lib.multi_add(multi.get(), easy_.get()) != CURLM_OK) throw std::bad_alloc();
    const auto remove = [&](CURL* easy) { (void)lib.multi_remove(multi.get(), easy); };
    const std::unique_ptr<CURL, decltype(remove)> added(easy_.get(), remove);
    for (int running = 1; running > 0;) {
      if (lib.multi_perform(multi.get(), &running) != CURLM_OK) throw std::bad_alloc();
      if (thrown_) std::rethrow_exception(thrown_);
      receiver_.idle();
      if (running > 0) (void)lib.multi_poll(multi.get(), nullptr, 0, 100, nullptr);
    }
    int left = 0;
    const auto* const message = lib.multi_info_read(multi.get(), &left);
    return answer(message == nullptr ? CURLE_RECV_ERROR : message->data.result);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    if (const auto code = curl().setopt(easy_.get(), option, value); code != CURLE_OK)
      throw Error(Error::Kind::unsupported, fmt::format("this {} is too old: {}", soname, curl().strerror(code)));
  }

  [[nodiscard]] long status() const {
    long code = 0;
    (void)curl().getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &code);
    return code;
  }

  HttpAnswer answer(CURLcode code) {
    const long said = status();
    if (code == CURLE_HTTP_RETURNED_ERROR) return {HttpAnswer::End::status, said, {}};
    if (code == CURLE_OK) {
      if (!begun_) begin();  // an empty file
      return {begun_ ? HttpAnswer::End::whole : HttpAnswer::End::status, said, {}};
    }
    if (code == CURLE_WRITE_ERROR && !begun_) return {HttpAnswer::End::status, said, {}};
    return {is_break(code) ? HttpAnswer::End::broken : HttpAnswer::End::failed, said, curl().strerror(code)};
  }

  static bool is_break(CURLcode code) {
    switch (code) {
      case CURLE_PARTIAL_FILE:
      case CURLE_GOT_NOTHING:
      case CURLE_SEND_ERROR:
      case CURLE_RECV_ERROR:
      case CURLE_OPERATION_TIMEDOUT:
      case CURLE_HTTP2:
      case CURLE_HTTP2_STREAM:
        return true;
      default:
        return false;
    }
  }

  /// Takes an answer that is the file, or the part of it that was asked for; leaves any other.
  void begin() {
    const long code = status();
    if (code == 206) {
      const auto range = parse_content_range(content_range_);
      if (from_ == 0 || !range || range->begin > from_) return;
      begun_ = true;
      receiver_.begin(*range);
    } else if (code == 200) {
      curl_off_t length = -1;
      (void)curl().getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
      begun_ = true;
      receiver_.begin({0, length < 0 ? std::nullopt : std::optional<std::uint64_t>(length)});
    }
  }

  // No exception may cross libcurl, which is C.
  static std::size_t on_bytes(char* data, std::size_t, std::size_t size, void* user) noexcept {
    auto& self = *static_cast<Request*>(user);
    try {
      if (!self.begun_) self.begin();
      if (!self.begun_) return size + 1;
      self.receiver_.receive(std::as_bytes(std::span(data, size)));
      return size;
    } catch (...) {
      self.thrown_ = std::current_exception();
      return size + 1;  // makes libcurl end the request
    }
  }

  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) noexcept {
    auto& self = *static_cast<Request*>(user);
    constexpr std::string_view name = "content-range:";
    try {
      const std::string line(data, size);
      if (line.starts_with("HTTP/")) self.content_range_.clear();  // the next of a chain of redirects
      if (strncasecmp(line.c_str(), name.data(), name.size()) == 0) self.content_range_ = line.substr(name.size());
      return size;
    } catch (...) {
      self.thrown_ = std::current_exception();
      return size + 1;
    }
  }

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::uint64_t from_;
  const HttpReceiver& receiver_;
  std::string content_range_;
  bool begun_ = false;
  std::exception_ptr thrown_;
};

}  // namespace

HttpAnswer http_get(const std::string& url, std::uint64_t from, const Patience& patience,
                    const HttpReceiver& receiver) {
  return Request(url, from, patience, receiver).perform();
}

}  // namespace sfa::io
