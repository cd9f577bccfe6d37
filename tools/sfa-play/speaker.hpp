// The device that an engine plays on, and how it comes back when it goes away.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sfa/playback/output.hpp"

namespace sfa::play {

class Speaker {
 public:
  /// Throws what playback::Output throws.
  Speaker(playback::Device device, playback::OutputOptions options, playback::Fill fill, Seconds patience);

  void start() {
    if (output_ && output_->health() != playback::Health::gone) output_->start();
  }
  void stop(bool drain) noexcept {
    if (output_) output_->stop(drain);
  }

  /// To be called a few times a second. What happened, if something did: the device went away, or came back. Throws
  /// DeviceError::lost once it has been away for longer than the patience.
  std::optional<std::string> watch();
  [[nodiscard]] bool connected() const { return output_ && !lost_; }

  /// Until it has asked for so many more frames and a buffer or two; a second at most.
  void wait_for(Frames frames) const;

  // Over all connections.
  [[nodiscard]] std::uint64_t xruns() const { return earlier_xruns_ + (output_ ? output_->underruns() : 0); }
  [[nodiscard]] Seconds worst_callback() const { return {std::max(earlier_worst_.value, output_ ? output_->worst_fill().value : 0.0)}; }
  [[nodiscard]] Seconds latency() const { return latency_; }
  [[nodiscard]] Seconds period() const { return period_; }

 private:
  using Clock = std::chrono::steady_clock;
  void open();
  void let_go();
  bool come_back();

  playback::Device device_;
  playback::OutputOptions options_;
  playback::Fill fill_;
  Seconds patience_;
  std::unique_ptr<playback::Output> output_;
  std::uint64_t earlier_xruns_ = 0;
  Seconds earlier_worst_, latency_, period_;
  std::string trouble_;
  std::optional<Clock::time_point> lost_;  // since when it is not heard
  Clock::time_point tried_{};
};

}  // namespace sfa::play
