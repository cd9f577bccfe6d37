#include "live_stems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "sfa/audio/error.hpp"
#include "sfa/io/input.hpp"

namespace sfa::play {
namespace {

using namespace std::chrono_literals;
constexpr auto patience = 60s;        // with a file's stems: they come several times as fast as they are played
constexpr Seconds worth_reading{8.0}; // what lies no further ahead is sooner read than a child is started

/// As an argument that is no option.
std::string as_file(const std::string& path) { return path.starts_with('-') ? "./" + path : path; }

}  // namespace

LiveStems::LiveStems(std::string path, std::string model, std::string model_dir)
    : path_(std::move(path)),
      model_(std::move(model)),
      model_dir_(std::move(model_dir)),
      program_(find_program("sfa-separate")),
      is_stream_(io::is_stream(path_)) {
  if (program_.empty())
    throw Error(Error::Kind::not_found, "--live-stems needs sfa-separate, which is neither beside sfa-play nor in PATH");
  if (is_stream_) {
    start();  // whose stems tell what sound it is
    info_ = reader_->info();
  } else {
    info_ = io::SoundReader(path_).info();
    info_.channels *= static_cast<int>(names.size());
  }
}

/// What goes wrong with the child's output, as the child tells it.
template <typename Read>
auto LiveStems::told(const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    if (std::string_view(error.what()).find("temporarily unavailable") != std::string_view::npos) {
      stop();
      throw Error(Error::Kind::io, fmt::format("{}: sfa-separate stands still", io::input_name(path_)));
    }
    throw_last_words();
  }
}

void LiveStems::throw_last_words() {
  reader_.reset();
  if (child_->wait()) throw Error(Error::Kind::invalid_data, io::input_name(path_) + ": sfa-separate wrote no stems");
  auto words = child_->last_words();
  const std::string_view prefix = "sfa-separate: ";
  throw Error(Error::Kind::invalid_data, words.starts_with(prefix) ? words.substr(prefix.size()) : std::string(prefix) + words);
}

void LiveStems::start() {
  std::vector<std::string> arguments{program_, "--stream", "--stem", fmt::format("{}", fmt::join(names, ","))};
  if (!model_.empty()) arguments.insert(arguments.end(), {"--model", model_});
  if (!model_dir_.empty()) arguments.insert(arguments.end(), {"--model-dir", model_dir_});
  if (position_ > 0) arguments.insert(arguments.end(), {"--start", fmt::format("{}", to_seconds(position_, info_.rate).value)});
  arguments.push_back(is_stream_ ? "-" : as_file(path_));
  child_ = std::make_unique<Child>(arguments, is_stream_ ? path_ : "/dev/null", is_stream_ ? 0s : patience);
  told([&] { reader_.emplace(child_->output()); });
}

/// False where that is beyond the end of a sound whose length shows only then; one that begins there is the user's mistake.
bool LiveStems::start_within() try {
  start();
  return true;
} catch (const Error& error) {
  ended_ = has_given_ && !info_.frames && std::string_view(error.what()).find("is not before its end") != std::string_view::npos;
  if (!ended_) throw;
  return false;
}

void LiveStems::stop() {
  reader_.reset();
  child_.reset();
}

AudioBuffer LiveStems::read(Frames frames) {
  const AudioBuffer none(info_.channels, 0, info_.rate);
  if (ended_ || (info_.frames && position_ >= *info_.frames)) return none;
  if (child_ == nullptr && !start_within()) return none;
  auto block = told([&] { return reader_->read(frames); });
  position_ += block.frames();
  has_given_ = has_given_ || block.frames() > 0;
  if (block.frames() < frames) {
    reader_.reset();
    if (!child_->wait()) throw_last_words();
    ended_ = true;
  }
  return block;
}

void LiveStems::go_to(Frames frame) {
  const auto near = to_frames(worth_reading, info_.rate);
  if (frame == position_ && !ended_) return;
  if (is_stream_ && frame < position_)
    throw Error(Error::Kind::unsupported, io::input_name(path_) + ": cannot go back in a pipe");
  if (frame >= position_ && (is_stream_ || (child_ != nullptr && !ended_ && frame - position_ <= near))) {
    while (position_ < frame && read(std::min<Frames>(8192, frame - position_)).frames() > 0) {
    }
    return;
  }
  stop();
  position_ = info_.frames ? std::min(frame, *info_.frames) : frame;
  ended_ = false;
}

}  // namespace sfa::play
