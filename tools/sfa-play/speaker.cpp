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

bool Speaker::come_back() {
  try {
    const auto there = playback::find_device(device_.api, device_.name);
    there.check_rate(options_.rate);
    open();
    output_->start();
    return true;
  } catch (const Error&) {
    output_.reset();
    return false;
  }
}

std::optional<std::string> Speaker::watch() {
  using playback::Health;
  const auto now = Clock::now();
  // One that only fell silent is waited for: to open another would hang where the server does, or libjack, whose lock
  // is at times lost with its server (JackLibClient::ClientNotifyImp is cancelled while it holds fSynchroMutex).
  const auto health = output_ ? output_->health() : Health::gone;
  bool heard = health == Health::playing;
  if (output_ && health == Health::gone) let_go();
  if (heard && !lost_) return std::nullopt;
  if (!lost_) {
    lost_ = tried_ = now;
    trouble_ = device_.name + ": the audio server " + (output_ ? "does not answer any more" : "went away");
    if (patience_.value > 0.0) return trouble_ + ": waiting for it";
  }
  if (!output_ && now - tried_ >= 1s) {
    tried_ = now;
    heard = come_back();
  }
  if (heard) {
    lost_.reset();
    return device_.name + ": is back";
  }
  const std::chrono::duration<double> away = now - *lost_;
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
