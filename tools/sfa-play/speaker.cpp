#include "speaker.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace sfa::play {

using namespace std::chrono_literals;

Speaker::Speaker(playback::Device device, playback::OutputOptions options, playback::Fill fill, Seconds patience)
    : device_(std::move(device)), options_(std::move(options)), fill_(std::move(fill)), patience_(patience) {
  open();
}

void Speaker::open() {
  output_ = std::make_unique<playback::Output>(device_, options_, fill_);
  latency_ = output_->latency();
  period_ = to_seconds(output_->buffer_frames(), options_.rate);
}

void Speaker::let_go() {
  earlier_xruns_ = xruns();
  earlier_worst_ = worst_callback();
  output_.reset();
}

std::optional<std::string> Speaker::watch() {
  const auto now = Clock::now();
  if (output_) {
    const auto trouble = output_->trouble();
    if (!trouble) return std::nullopt;
    trouble_ = *trouble;
    let_go();
    lost_ = tried_ = now;
    if (patience_.value <= 0.0) throw playback::DeviceError(playback::DeviceError::Reason::lost, trouble_);
    return trouble_ + ": waiting for it";
  }
  if (now - tried_ < 1s) return std::nullopt;
  tried_ = now;
  try {
    const auto there = playback::find_device(device_.api, device_.name);
    there.check_rate(options_.rate);
    open();
    output_->start();
    return device_.name + ": is back";
  } catch (const Error&) {
    output_.reset();
  }
  const std::chrono::duration<double> away = now - lost_;
  if (away.count() >= patience_.value) throw playback::DeviceError(playback::DeviceError::Reason::lost, trouble_);
  return std::nullopt;
}

void Speaker::wait_for(Frames frames) const {
  if (!output_) return;
  const auto give_up = Clock::now() + 1s;
  for (const Frames goal = output_->filled() + frames + 2 * output_->buffer_frames(); output_->filled() < goal && Clock::now() < give_up;)
    std::this_thread::sleep_for(2ms);
}

}  // namespace sfa::play
