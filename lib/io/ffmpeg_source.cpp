#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "sample_source.hpp"
#include "sfa/audio/error.hpp"
#include "wav_stream.hpp"

extern char** environ;

namespace sfa::io {
namespace {

// Formats that hold sound and nothing but it or film. Playlists (HLS, concat, DASH) stay out: one
// would have ffmpeg open whatever files it names.
constexpr const char* demuxers =
    "mov,mp4,m4a,matroska,webm,asf,avi,flv,mpegts,mpeg,aac,ac3,eac3,dts,dtshd,truehd,mlp,mp3,ogg,flac,wav,w64,"
    "aiff,caf,au,ape,wv,tta,tak,mpc,mpc8,amr,amrnb,amrwb,dsf,iff,rm,gsm,xwma,voc,ast,adx,bonk,shn,oma,loas,latm";

class Child {
 public:
  explicit Child(const std::vector<std::string>& arguments, int out, int errors) {
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    // An ignored SIGPIPE would be inherited, and the child outlive its reader.
    sigset_t none, pipe;
    sigemptyset(&none);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &pipe);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error_number_ = ::posix_spawnp(&pid_, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error_number_ != 0) pid_ = -1;
  }
  Child(Child&&) = delete;
  ~Child() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    wait();
  }

  [[nodiscard]] int error_number() const { return error_number_; }

  /// Whether it ended well.
  bool wait() {
    if (pid_ <= 0) return succeeded_;
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return succeeded_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  pid_t pid_ = -1;
  int error_number_ = 0;
  bool succeeded_ = false;
};

std::pair<Descriptor, Descriptor> make_pipe(const std::string& name) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_system_error(name, errno);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// The end of what ffmpeg wrote to standard error.
std::string complaints(int descriptor) {
  std::string text(4096, '\0');
  const auto size = size_of(descriptor);
  text.resize(read_at(descriptor, size - std::min<std::uint64_t>(size, text.size()),
                      std::as_writable_bytes(std::span(text))));
  return text;
}

/// The last line, without "[aac @ 0x55...] " and the like before it.
std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  text = text.substr(text.rfind('\n') + 1);
  if (const auto bracket = text.find("] "); text.starts_with('[') && bracket != std::string::npos)
    text = text.substr(bracket + 2);
  return text;
}

/// ffmpeg decodes what there is of half a file, complains, and calls it a success.
bool tells_of_cut(const std::string& text) {
  return text.find("partial file") != std::string::npos || text.find("ended prematurely") != std::string::npos ||
         text.find("exhausted before END") != std::string::npos;
}

class FfmpegSource final : public SampleSource {
 public:
  FfmpegSource(const std::string& path, std::string name)
      : name_(std::move(name)), errors_(::memfd_create("sfa-ffmpeg", MFD_CLOEXEC)) {
    if (!errors_.is_open()) throw_system_error(name_, errno);
    auto [out, in] = make_pipe(name_);
    child_ = std::make_unique<Child>(
        std::vector<std::string>{"ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist",
                                 "file,pipe", "-format_whitelist", demuxers, "-i", "file:" + path, "-map", "0:a:0",
                                 "-map_metadata", "-1", "-bitexact", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1"},
        in.number(), errors_.number());
    in.close();
    if (child_->error_number() == ENOENT)
      throw Error(Error::Kind::unsupported, name_ + ": needs ffmpeg to be read (apt install ffmpeg)");
    if (child_->error_number() != 0) throw_system_error(name_ + ": ffmpeg", child_->error_number());
    std::string taken;
    try {
      decoded_ = open_wav_stream(out, name_, taken);
    } catch (const Error& error) {
      if (error.kind == Error::Kind::unsupported) throw;
      out.close();  // or a child that still writes would never end
      if (child_->wait()) throw;
    }
    if (!decoded_) throw_failure();
    info_ = decoded_->info();
    info_.container = "ffmpeg";
    info_.encoding = "decoded";
  }

  Frames read(std::span<float> interleaved) override {
    const auto frames = decoded_->read(interleaved);
    const bool at_end = frames < static_cast<Frames>(interleaved.size()) / info_.channels;
    if (at_end && tells_of_cut(complaints(errors_.number())))
      throw Error(Error::Kind::invalid_data, name_ + ": cut short");
    if (at_end && !child_->wait()) throw_failure();
    return frames;
  }

  void seek(Frames) override {
    throw Error(Error::Kind::unsupported, name_ + ": cannot seek in what ffmpeg decodes");
  }

 private:
  [[noreturn]] void throw_failure() {
    child_->wait();
    auto line = last_line(complaints(errors_.number()));
    if (line.find("Invalid data found") != std::string::npos ||
        line.find("Format not on whitelist") != std::string::npos)
      line = "not a sound file";
    if (line.find("matches no streams") != std::string::npos) line = "no sound in it";
    throw Error(Error::Kind::invalid_data, name_ + ": " + (line.empty() ? "ffmpeg could not read it" : line));
  }

  std::string name_;
  Descriptor errors_;
  std::unique_ptr<Child> child_;
  std::unique_ptr<SampleSource> decoded_;
};

}  // namespace

std::unique_ptr<SampleSource> open_by_ffmpeg(const std::string& path, const std::string& name) {
  return std::make_unique<FfmpegSource>(path, name);
}

}  // namespace sfa::io
