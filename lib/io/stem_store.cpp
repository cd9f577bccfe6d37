#include "sfa/io/stem_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "descriptor.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sha256.hpp"
#include "stem_index.hpp"

namespace sfa::io {
namespace {

namespace fs = std::filesystem;
using Shape = StemStore::Shape;

/// Samples in an open file, channel after channel.
class Samples {
 public:
  Samples(Descriptor file, std::string name, const Shape& shape)
      : file_(std::move(file)), name_(std::move(name)), shape_(shape) {}

  [[nodiscard]] int descriptor() const { return file_.number(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] std::uint64_t bytes() const { return place(shape_.channels, 0); }

  void allot() const {
    if (::ftruncate(descriptor(), 0) != 0 || ::ftruncate(descriptor(), static_cast<off_t>(bytes())) != 0)
      throw_system_error(name_, errno);
  }

  void write(int channel, Frames at, std::span<const float> samples) const {
    if (const int error = write_at(descriptor(), place(channel, at), std::as_bytes(samples)))
      throw_system_error(name_, error);
  }

  /// Fewer bytes than asked for where the file ends too early.
  [[nodiscard]] bool read(FrameRange range, AudioBuffer& into) const {
    for (int c = 0; c < shape_.channels; ++c) {
      const auto samples = std::as_writable_bytes(into.channel(c));
      if (read_at(descriptor(), place(c, range.begin), samples) != samples.size()) return false;
    }
    return true;
  }

 private:
  [[nodiscard]] std::uint64_t place(int channel, Frames frame) const {
    return (static_cast<std::uint64_t>(channel) * static_cast<std::uint64_t>(shape_.frames) +
            static_cast<std::uint64_t>(frame)) * sizeof(float);
  }

  Descriptor file_;
  std::string name_;
  Shape shape_;
};

std::string digest_of(const AudioBuffer& block) {
  Sha256 hash;
  for (int c = 0; c < block.channels(); ++c) hash.update(std::as_bytes(block.channel(c)));
  return hash.hex();
}

/// Whether every block is as its SHA-256 says.
bool holds(const Samples& samples, const StemIndex& index) {
  constexpr Frames longest_block = Frames{1} << 28;
  Frames begin = 0;
  for (const auto& block : index.blocks) {
    if (block.end - begin > longest_block) return false;
    AudioBuffer audio(samples.shape().channels, block.end - begin, samples.shape().rate);
    if (!samples.read({begin, block.end}, audio) || digest_of(audio) != block.sha256) return false;
    begin = block.end;
  }
  return true;
}

struct Files {
  std::string growing, state, finished;
  ContentCache cache;
};

/// With files of its own: those of the cache. Without: in a nameless file.
class Entry final : public separation::KeptStems {
 public:
  Entry(Samples samples, StemIndex index, std::optional<Files> files, bool finished)
      : samples_(std::move(samples)), index_(std::move(index)), files_(std::move(files)), finished_(finished) {}

  ~Entry() override {
    // Nothing worth keeping.
    if (files_ && !finished_ && done() == 0) ::unlink(files_->growing.c_str());
  }

  [[nodiscard]] Frames done() const override { return index_.done(); }
  [[nodiscard]] bool finished() const override { return finished_; }
  [[nodiscard]] const std::vector<float>& state() const override { return index_.state; }
  [[nodiscard]] const std::string& made_with() const override { return index_.made_with; }

  void append(std::span<const AudioBuffer> stems) override {
    const Frames begin = done(), frames = stems.empty() ? 0 : stems.front().frames();
    Sha256 hash;
    int channel = 0;
    for (const auto& stem : stems) {
      for (int c = 0; c < stem.channels(); ++c, ++channel) {
        if (channel == samples_.shape().channels || stem.frames() != frames || begin + frames > samples_.shape().frames)
          throw Error(Error::Kind::invalid_argument, "stems of another shape were to be kept");
        samples_.write(channel, begin, stem.channel(c));
        hash.update(std::as_bytes(stem.channel(c)));
      }
    }
    if (frames == 0 || channel != samples_.shape().channels)
      throw Error(Error::Kind::invalid_argument, "stems of another shape were to be kept");
    index_.blocks.push_back({begin + frames, hash.hex()});
  }

  void restart() override {
    if (files_) ::unlink(files_->state.c_str());
    samples_.allot();
    index_.blocks.clear();
    index_.state.clear();
  }

  void save(const std::vector<float>& state) override {
    if (!files_) return;
    index_.state = state;
    write_file(files_->state, to_bytes(index_));
    index_.state.clear();
  }

  void finish(const std::string& made_with) override {
    index_.state.clear();
    index_.made_with = made_with;
    finished_ = true;
    if (!files_) return;
    const auto bytes = to_bytes(index_);
    if (const int error = write_at(samples_.descriptor(), samples_.bytes(), std::as_bytes(std::span(bytes))))
      throw_system_error(samples_.name(), error);
    if (::rename(files_->growing.c_str(), files_->finished.c_str()) != 0) throw_system_error(files_->growing, errno);
    ::unlink(files_->state.c_str());
    ::flock(samples_.descriptor(), LOCK_SH);  // others may read, too
    files_->cache.prune();
  }

  [[nodiscard]] AudioBuffer read(FrameRange range) const override {
    AudioBuffer audio(samples_.shape().channels, range.size(), samples_.shape().rate);
    if (range.end > done() || !samples_.read(range, audio))
      throw Error(Error::Kind::io, samples_.name() + ": was cut short while it was read");
    return audio;
  }

 private:
  Samples samples_;
  StemIndex index_;
  std::optional<Files> files_;
  bool finished_;
};

Files files_of(const ContentCache& cache, const std::string& key) {
  const auto base = cache.directory() + "/stems/" + key;
  return {base + ".part", base + ".state", base + ".stems", cache};
}

bool matches(const StemIndex& index, const std::string& key, const Shape& shape) {
  return index.key == key && index.channels == shape.channels && index.frames == shape.frames;
}

/// Whether `path` still names the open file.
bool is_named(int descriptor, const std::string& path) {
  struct stat open {}, named {};
  return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
         open.st_ino == named.st_ino;
}

/// Null where there is none; one that is damaged is removed.
std::unique_ptr<Entry> open_finished(const Files& files, const std::string& key, const Shape& shape) {
  Descriptor file(::open(files.finished.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return nullptr;
  ::flock(file.number(), LOCK_SH);  // waits for who removes it, at most
  Samples samples(std::move(file), files.finished, shape);
  const auto size = size_of(samples.descriptor());
  std::string bytes(size > samples.bytes() ? size - samples.bytes() : 0, '\0');
  const bool whole = read_at(samples.descriptor(), samples.bytes(), std::as_writable_bytes(std::span(bytes))) == bytes.size();
  auto index = stem_index_from(bytes);
  if (!whole || !index || !matches(*index, key, shape) || index->done() != shape.frames || !holds(samples, *index)) {
    if (is_named(samples.descriptor(), files.finished)) ::unlink(files.finished.c_str());
    return nullptr;
  }
  ::utimensat(AT_FDCWD, files.finished.c_str(), nullptr, 0);  // just used
  return std::make_unique<Entry>(std::move(samples), std::move(*index), files, true);
}

StemIndex index_at(const std::string& path) {
  try {
    return stem_index_from(read_file(path)).value_or(StemIndex{});
  } catch (const Error&) {
    return {};
  }
}

/// The growing file, locked: as far as it came, or from the beginning.
std::unique_ptr<Entry> go_on(Descriptor file, const Files& files, const std::string& key, const Shape& shape) {
  Samples samples(std::move(file), files.growing, shape);
  auto index = index_at(files.state);
  if (!matches(index, key, shape) || !holds(samples, index)) {
    ::unlink(files.state.c_str());
    samples.allot();
    index = {key, shape.channels, shape.frames, {}, {}, {}};
  }
  return std::make_unique<Entry>(std::move(samples), std::move(index), files, false);
}

/// Null while another process has it.
std::unique_ptr<Entry> lock_growing(const Files& files, const std::string& key, const Shape& shape) {
  Descriptor file(::open(files.growing.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!file.is_open()) throw_system_error(files.growing, errno);
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return nullptr;
  // It may have been finished, and so got its other name, or removed, since it was opened.
  if (!is_named(file.number(), files.growing)) return nullptr;
  if (::access(files.finished.c_str(), F_OK) == 0) {
    ::unlink(files.growing.c_str());
    return nullptr;
  }
  return go_on(std::move(file), files, key, shape);
}

}  // namespace

std::unique_ptr<separation::KeptStems> StemStore::find(const std::string& key, const Shape& shape) const {
  return cache_ ? open_finished(files_of(*cache_, key), key, shape) : nullptr;
}

std::unique_ptr<separation::KeptStems> StemStore::open(const std::string& key, const Shape& shape,
                                                       const Progress& waiting) const {
  if (shape.channels < 1 || shape.frames < 1) throw Error(Error::Kind::invalid_argument, "there are no stems to keep");
  if (!cache_) {
    Samples samples(nameless_file(), "temporary file", shape);
    samples.allot();
    return std::make_unique<Entry>(std::move(samples), StemIndex{key, shape.channels, shape.frames, {}, {}, {}},
                                   std::nullopt, false);
  }
  const auto files = files_of(*cache_, key);
  std::error_code error;
  fs::create_directories(cache_->directory() + "/stems", error);
  if (error) throw_system_error(cache_->directory() + "/stems", error.value());
  double other = 0.0;
  for (int round = 0;; ++round) {
    if (auto entry = open_finished(files, key, shape)) return entry;
    if (auto entry = lock_growing(files, key, shape)) {
      cache_->prune();
      return entry;
    }
    if (round % 10 == 0) other = static_cast<double>(index_at(files.state).done()) / static_cast<double>(shape.frames);
    report(waiting, other);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace sfa::io
