#include "sfa/engine/streamed_feed.hpp"

#include <doctest/doctest.h>

#include <future>

#include "material.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

/// What is told to a reader that gives nothing until `more` comes, and what it tells.
struct Stall {
  std::promise<void> asked, more, gone;
};

class StalledReader : public TrackReader {
 public:
  explicit StalledReader(Stall& stall) : stall_(stall) {}
  ~StalledReader() override { stall_.gone.set_value(); }
  [[nodiscard]] int channels() const override { return 1; }
  Frames read(const Block&) override {
    stall_.asked.set_value();
    stall_.more.get_future().wait();
    return 0;
  }
  void seek(Frames) override {}

 private:
  Stall& stall_;
};

/// Goes on, as a pipe does, and never back.
class OneWayReader : public MemoryReader {
 public:
  using MemoryReader::MemoryReader;
  Frames read(const Block& into) override {
    has_read_ = true;
    return MemoryReader::read(into);
  }
  void seek(Frames frame) override {
    if (has_read_) throw std::runtime_error("cannot go back");
    MemoryReader::seek(frame);
  }

 private:
  bool has_read_ = false;
};

/// All that comes from the feed until its end, asked for `ask` frames at a time.
std::vector<float> drain(TrackFeed& feed, Frames ask) {
  std::vector<float> all;
  while (!feed.at_end()) {
    const auto part = feed.read(ask);
    if (part.empty()) std::this_thread::yield();
    if (!part.empty()) all.insert(all.end(), part.channel(0).begin(), part.channel(0).end());
  }
  return all;
}

}  // namespace

TEST_CASE("a streamed feed gives what its reader gives, whatever is asked for at a time") {
  const auto audio = noise(3, 10000);
  const std::vector<float> expected(audio.channel(0).begin(), audio.channel(0).end());
  for (const Frames ask : {1, 63, 256, 5000}) {
    StreamedFeed streamed(std::make_unique<MemoryReader>(audio), 256, 4);
    CHECK(drain(streamed, ask) == expected);
    DirectFeed direct(std::make_unique<MemoryReader>(audio), 256);
    CHECK(drain(direct, ask) == expected);
  }
}

TEST_CASE("audio whose length is a whole number of chunks ends too, and so does none at all") {
  for (const Frames frames : {0, 256, 1024}) {
    const auto audio = noise(1, frames);
    StreamedFeed streamed(std::make_unique<MemoryReader>(audio), 256, 4);
    CHECK(drain(streamed, 100).size() == static_cast<std::size_t>(frames));
    DirectFeed direct(std::make_unique<MemoryReader>(audio), 256);
    CHECK(drain(direct, 100).size() == static_cast<std::size_t>(frames));
  }
}

TEST_CASE("after a seek comes only what lies behind it") {
  const auto audio = noise(1, 10000);
  const auto from = [&](Frames frame) {
    const auto part = audio.view().slice({frame, 10000}).channel(0);
    return std::vector<float>(part.begin(), part.end());
  };
  StreamedFeed streamed(std::make_unique<MemoryReader>(audio), 256, 4);
  CHECK(streamed.wait_until_full({10.0}));
  CHECK(streamed.read(100).frames() == 100);
  streamed.seek(7000);
  CHECK(drain(streamed, 64) == from(7000));
  streamed.seek(10);
  CHECK(streamed.wait_until_full({10.0}));
  CHECK(drain(streamed, 64) == from(10));
  streamed.seek(20000);
  CHECK(drain(streamed, 64).empty());
}

TEST_CASE("where a seek is the first that is asked, nothing before it is read") {
  const auto audio = noise(1, 10000);
  StreamedFeed streamed(std::make_unique<OneWayReader>(audio), 256, 4);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  streamed.seek(300);
  CHECK(drain(streamed, 64).size() == 9700);
  CHECK(streamed.failure() == nullptr);
}

TEST_CASE("a reader that fails ends the feed and its failure is kept") {
  const auto audio = noise(1, 10000);
  StreamedFeed streamed(std::make_unique<MemoryReader>(audio, 1000), 256, 4);
  CHECK(drain(streamed, 64).size() == 768);
  CHECK_THROWS_WITH(std::rethrow_exception(streamed.failure()), "broken tape");
  DirectFeed direct(std::make_unique<MemoryReader>(audio, 1000), 256);
  CHECK(drain(direct, 64).size() == 768);
  CHECK_THROWS_WITH(std::rethrow_exception(direct.failure()), "broken tape");
}

TEST_CASE("a feed can go while its reader waits for more; the reader goes when more has come") {
  Stall stall;
  auto gone = stall.gone.get_future();
  {
    StreamedFeed streamed(std::make_unique<StalledReader>(stall), 256, 4);
    CHECK(streamed.read(1).empty());
    stall.asked.get_future().wait();
  }
  CHECK(gone.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  stall.more.set_value();
  gone.wait();
}

namespace {

/// Read one frame after another, with loops that are set and taken away at given frames read.
std::vector<float> drain_with_loops(TrackFeed& feed, const std::vector<std::pair<std::size_t, FrameRange>>& loops,
                                    Frames ask) {
  std::vector<float> all;
  auto next = loops.begin();
  while (!feed.at_end() && all.size() < 100000) {
    if (next != loops.end() && all.size() == next->first) feed.set_loop((next++)->second);
    const auto wanted = next == loops.end() ? ask : std::min(ask, static_cast<Frames>(next->first - all.size()));
    const auto part = feed.read(wanted);
    if (part.empty()) std::this_thread::sleep_for(std::chrono::microseconds(100));
    if (!part.empty()) all.insert(all.end(), part.channel(0).begin(), part.channel(0).end());
  }
  return all;
}

}  // namespace

TEST_CASE("a loop that is set while streaming is played without a gap, as when read directly") {
  const auto audio = noise(1, 40000);
  const std::vector<std::vector<std::pair<std::size_t, FrameRange>>> plans{
      {{100, {2000, 12000}}, {30000, {}}},                       // on, and off in the third pass
      {{100, {2000, 12000}}, {15000, {2000, 20000}}, {21000, {}}},  // made longer, then off
      {{100, {0, 30000}}, {9000, {5000, 9500}}, {25000, {}}},    // another one, near its end
      {{3000, {1000, 2500}}, {20000, {}}},                       // behind us: never reached
      {{100, {2000, 12000}}, {5000, {2500, 13000}}, {5003, {2500, 11000}}, {5010, {3000, 14000}}, {30000, {}}}};
  for (const auto& plan : plans) {
    DirectFeed direct(std::make_unique<MemoryReader>(audio), 256);
    const auto expected = drain_with_loops(direct, plan, 64);
    StreamedFeed streamed(std::make_unique<MemoryReader>(audio), 256, 64);
    CHECK(streamed.wait_until_full({10.0}));
    const auto made = drain_with_loops(streamed, plan, 64);
    if (streamed.lost_frames() == 0) CHECK(made == expected);  // a machine in distress may come late
    CHECK(made.size() == expected.size());
  }
}
