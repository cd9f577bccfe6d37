#include "generator.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "sfa/audio/error.hpp"
#include "sfa/rules/rule.hpp"

namespace sfa::play {
namespace {

using namespace std::chrono_literals;
constexpr auto pause = 10ms, look_after = 100ms;

std::vector<RuleState> states_of(const rules::RuleSet& set) {
  std::vector<RuleState> states;
  const auto add = [&](rules::Rule rule) {
    RuleState state{.id = rule.id, .text = {}, .probability = rule.probability.value, .enabled = rule.enabled};
    rule.id.clear();
    rule.probability = {};
    rule.enabled = true;
    state.text = rules::to_text(rule);
    states.push_back(std::move(state));
  };
  std::ranges::for_each(set.rules, add);
  for (const auto& voice : set.voices) std::ranges::for_each(voice.rules, add);
  return states;
}

}  // namespace

/// The rules' file as it looked last.
struct Generator::Watched {
  struct Look {
    ino_t file = 0;
    off_t bytes = -1;
    timespec changed{};
    friend bool operator==(const Look& a, const Look& b) {
      return a.file == b.file && a.bytes == b.bytes && a.changed.tv_sec == b.changed.tv_sec && a.changed.tv_nsec == b.changed.tv_nsec;
    }
  };
  std::string path;
  Look known, last;
  std::chrono::steady_clock::time_point looked{};

  [[nodiscard]] Look look() const {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return {status.st_ino, status.st_size, status.st_mtim};
  }
  /// It changed, and then stayed as it is for a while: whoever writes it is done.
  [[nodiscard]] bool changed() {
    const auto now = std::chrono::steady_clock::now();
    if (path.empty() || now - looked < look_after) return false;
    looked = now;
    const auto there = look();
    const bool settled = there == std::exchange(last, there);
    if (!settled || there == known || there.bytes < 0) return false;
    known = there;
    return true;
  }
};

Generator::Generator(const Ruled& ruled, const Kit& kit, const engine::Instrument& instrument, Messages& messages)
    : instrument_(instrument),
      messages_(messages),
      tempo_(engine::tempo_near(ruled.sequencer().bpm()), instrument.rate),
      bars_(ruled.bars()),
      watched_(std::make_unique<Watched>()),
      ruled_(ruled),
      kit_(kit),
      timeline_(ruled.sequencer()),
      states_(states_of(ruled.set())) {
  head_ = rules::describe(timeline_.now(), 0);
  watched_->path = ruled.rules_file();
  watched_->known = watched_->last = watched_->look();
  write_until(to_frames(lead, instrument_.rate));
  // All that a bank has, as far as it is few, so that no choice of the rules comes as a surprise.
  constexpr int most = 1024;
  for (int slice = 0; slice < std::min(kit.slices(), most); ++slice) instrument_.samples.slot({.slice = slice}).want();
}

Generator::~Generator() { stop(); }

void Generator::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Generator::start(std::function<Frames()> position) {
  position_ = std::move(position);
  thread_ = std::thread([this] { work(); });
}

void Generator::reach(Frames frame) {
  const Frames ahead = frame + to_frames(lead, instrument_.rate);
  wanted_ = frame;
  wake_.notify_all();
  const auto give_up = std::chrono::steady_clock::now() + 500ms;
  while (made_until_ < ahead && !finished_ && std::chrono::steady_clock::now() < give_up) std::this_thread::sleep_for(2ms);
}

void Generator::set_loop(FrameRange range) {
  const std::lock_guard lock(mutex_);
  loop_ = range;
}

/// In frames of the piece, as fast as it goes by.
Frames Generator::lead_frames() const {
  return static_cast<Frames>(static_cast<double>(to_frames(lead, instrument_.rate)) * std::max(1.0, speed_.load()));
}

void Generator::work() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    try {
      watch();
      catch_up();
      write_until(std::max(position_(), wanted_.load()) + lead_frames());
    } catch (const std::exception& error) {  // the music so far goes on
      tell(error.what());
    }
    lock.lock();
    wake_.wait_for(lock, pause);
  }
}

/// Each window has the lock for itself, so that none who asks for something waits long.
void Generator::write_until(Frames frame) {
  while (!stop_ && write_kept() && !finished_ && made_until_ < frame) make_window();
}

Frames Generator::bar_after(Frames frame) const {
  const auto bar_ticks = engine::to_ticks(timeline_.now().bar_beats());
  return tempo_.frame((tempo_.tick(std::max<Frames>(0, frame - 1)) / bar_ticks + 1) * bar_ticks);
}

/// What is still to be played, or will be once more, and was made before the rules were changed: made anew, and heard
/// from the next bar on.
void Generator::catch_up() {
  std::unique_lock lock(mutex_);
  const Frames here = position_();
  const auto bar = go_back(here, here + lead_frames());
  const auto loop = loop_;
  lock.unlock();
  if (!bar) return;
  std::exception_ptr failure;
  try {
    write_until(std::max(here, loop.end) + lead_frames());
  } catch (...) {  // what there is of it is played
    failure = std::current_exception();
  }
  lock.lock();
  const Frames next = std::max(*bar, bar_after(position_() + lead_frames() / 2));
  const bool wraps_before = here < loop.end && next >= loop.end;
  tape_.go_over(wraps_before ? std::numeric_limits<Frames>::max() : next);
  if (failure) std::rethrow_exception(failure);
}

/// To the first bar that is to be made anew, if there is one.
std::optional<Frames> Generator::go_back(Frames here, Frames soon) {
  const Frames next = bar_after(soon);
  const bool inside = here >= loop_.begin && here < loop_.end;
  const Frames from = inside ? std::min(next, loop_.begin) : next;
  const Frames usual = next + tempo_.frame(engine::to_ticks(timeline_.now().bar_beats()));
  if (made_until_ <= from || (!inside && made_until_ <= usual)) return std::nullopt;
  const auto bar = next_ ? timeline_.bar(from) : timeline_.stale(from);
  if (!bar || !tape_.begin_anew(*bar)) return std::nullopt;
  timeline_.go_back(*bar);
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(written_));
  std::erase_if(kept_, [&](const auto& event) { return event.frame >= *bar; });
  written_ = 0;
  made_until_ = last_frame_ = *bar;
  finished_ = false;
  return bar;
}

bool Generator::write_kept() {
  while (written_ < kept_.size()) {
    if (!tape_.write(kept_[written_])) return false;
    ++written_;
  }
  kept_.clear();
  written_ = 0;
  return true;
}

/// To the next beat or bar, whichever comes first.
void Generator::make_window() {
  const std::lock_guard lock(mutex_);
  auto& sequencer = timeline_.now();
  const double bar = sequencer.bar_beats(), from = sequencer.beat();
  const double bars_done = std::floor(from / bar + 1e-9);
  const bool at_bar = std::abs(bars_done * bar - from) < 1e-9;
  if (at_bar) {
    if (next_) take_next();
    timeline_.mark(tempo_.frame(engine::to_ticks(from)));
  }
  const double end = bars_ > 0 ? bars_ * bar : INFINITY;
  const double to = std::min({std::floor(from + 1e-9) + 1.0, (bars_done + 1.0) * bar, end});
  std::vector<rules::Event> events;
  sequencer.advance(to, events);
  made_until_ = tempo_.frame(engine::to_ticks(to));
  place(std::move(events));
  if (to >= end) finish();
}

void Generator::place(std::vector<rules::Event> events) {
  for (auto& event : events) {
    event.slice = kit_.number(event);
    auto trigger = engine::make_trigger(event, instrument_);
    trigger.lane = engine::lane_of(head_, event.voice);
    const Frames frame = engine::frame_of(event, tempo_, instrument_.rate);
    const Frames length = engine::sounding_frames(trigger, instrument_);
    last_end_ = std::max(last_end_, frame + length);
    const bool tells = !event.midi.empty() || !event.osc.empty();
    if (tells) {
      const auto seconds = to_seconds(length, instrument_.rate);
      messages_.put(++last_cue_, {std::move(event.midi), std::move(event.osc), seconds});
    }
    kept_.push_back({frame, trigger, tells ? last_cue_ : 0});
  }
  std::ranges::stable_sort(kept_, {}, &engine::ScoreEvent::frame);
  for (auto& event : kept_) event.frame = last_frame_ = std::max(last_frame_, event.frame);
}

void Generator::finish() {
  head_.duration = bars_ * timeline_.now().bar_beats() * 60.0 / timeline_.now().bpm();
  finished_ = true;
  tape_.finish(std::max(last_end_, engine::make_score(head_, instrument_).frames));
}

void Generator::watch() {
  std::unique_lock lock(mutex_);
  if (!watched_->changed()) return;
  const auto path = watched_->path;
  lock.unlock();
  try {
    load(path);
    tell(path + ": changed, from the next bar on");
  } catch (const std::exception& error) {
    tell(std::string(error.what()) + "; the rules before go on");
  }
}

Generator::Next Generator::prepare(const std::string& rules_file) const {
  std::unique_lock lock(mutex_);
  const auto before = ruled_;
  auto kit = kit_;
  auto trial = timeline_.now();
  lock.unlock();
  auto ruled = before.reread(rules_file);
  trial.replace(ruled.set(), ruled.slices());
  const auto keys = ruled.bank_keys();
  for (std::size_t v = 0; v < keys.size(); ++v) kit.assign(ruled.set().voices[v].name.text, keys[v]);
  return {std::move(ruled), std::move(kit)};
}

void Generator::load(const std::string& rules_file) {
  Watched watched;
  watched.path = rules_file;
  watched.known = watched.last = watched.look();  // before it is read: what changes meanwhile is seen
  auto next = prepare(rules_file);
  const std::lock_guard lock(mutex_);
  next_ = std::move(next);
  *watched_ = std::move(watched);
}

void Generator::take_next() {
  (void)timeline_.change([set = next_->ruled.set(), slices = next_->ruled.slices()](rules::Sequencer& sequencer) {
    sequencer.replace(set, slices);
    return true;
  });
  ruled_ = std::move(next_->ruled);
  kit_ = std::move(next_->kit);
  next_.reset();
  states_ = states_of(ruled_.set());
}

bool Generator::set_probability(const std::string& id, double probability) {
  const std::lock_guard lock(mutex_);
  if (!timeline_.change([=](auto& sequencer) { return sequencer.set_probability(id, probability); })) return false;
  for (auto& state : states_)
    if (state.id == id) state.probability = probability;
  return true;
}

bool Generator::enable_rule(const std::string& id, bool on) {
  const std::lock_guard lock(mutex_);
  if (!timeline_.change([=](auto& sequencer) { return sequencer.enable_rule(id, on); })) return false;
  for (auto& state : states_)
    if (state.id == id) state.enabled = on;
  return true;
}

bool Generator::set_variable(const std::string& name, double value) {
  const std::lock_guard lock(mutex_);
  return timeline_.change([=](auto& sequencer) { return sequencer.set_variable(name, value); });
}

void Generator::set_fill(bool on) {
  const std::lock_guard lock(mutex_);
  (void)timeline_.change([=](auto& sequencer) {
    sequencer.set_fill(on);
    return true;
  });
}

void Generator::set_scene(const std::string& name) {
  const std::lock_guard lock(mutex_);
  (void)timeline_.change([=](auto& sequencer) {
    sequencer.set_scene(name);
    return true;
  });
}

std::vector<RuleState> Generator::rules() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

std::string Generator::scene() const {
  const std::lock_guard lock(mutex_);
  return timeline_.now().scene();
}

void Generator::tell(const std::string& line) {
  const std::lock_guard lock(mutex_);
  news_ = line;
}

std::optional<std::string> Generator::news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, std::nullopt);
}

}  // namespace sfa::play
