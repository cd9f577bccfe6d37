#include "generator.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>

#include "sfa/audio/error.hpp"
#include "sfa/rules/rule.hpp"

namespace sfa::play {
namespace {

using namespace std::chrono_literals;
constexpr auto pause = 10ms, look_after = 100ms;
constexpr std::size_t most_outgoing = 4096;

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

Generator::Generator(const Ruled& ruled, const Kit& kit, const engine::Instrument& instrument)
    : instrument_(instrument),
      tempo_(engine::tempo_near(ruled.sequencer().bpm()), instrument.rate),
      bars_(ruled.bars()),
      watched_(std::make_unique<Watched>()),
      ruled_(ruled),
      kit_(kit),
      sequencer_(ruled.sequencer()),
      states_(states_of(ruled.set())) {
  head_ = rules::describe(sequencer_, 0);
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

void Generator::work() {
  const Frames ahead = to_frames(lead, instrument_.rate);
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    try {
      watch();
      const auto lead_frames = static_cast<Frames>(static_cast<double>(ahead) * std::max(1.0, speed_.load()));
      write_until(std::max(position_(), wanted_.load()) + lead_frames);
    } catch (const std::exception& error) {  // the music so far goes on
      tell(error.what());
    }
    lock.lock();
    wake_.wait_for(lock, pause);
  }
}

/// Each window has the lock for itself, so that none who asks for something waits long.
void Generator::write_until(Frames frame) {
  while (write_kept() && !finished_ && made_until_ < frame) make_window();
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
  const double bar = sequencer_.bar_beats(), from = sequencer_.beat();
  const double bars_done = std::floor(from / bar + 1e-9);
  const bool at_bar = std::abs(bars_done * bar - from) < 1e-9;
  if (at_bar && next_) take_next();
  const double end = bars_ > 0 ? bars_ * bar : INFINITY;
  const double to = std::min({std::floor(from + 1e-9) + 1.0, (bars_done + 1.0) * bar, end});
  std::vector<rules::Event> events;
  sequencer_.advance(to, events);
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
    kept_.push_back({frame, trigger});
    last_end_ = std::max(last_end_, frame + engine::sounding_frames(trigger, instrument_));
    for (auto& message : event.osc)
      if (outgoing_.size() < most_outgoing) outgoing_.push_back({frame, std::move(message)});
  }
  std::ranges::stable_sort(kept_, {}, &engine::ScoreEvent::frame);
  for (auto& event : kept_) event.frame = last_frame_ = std::max(last_frame_, event.frame);
}

void Generator::finish() {
  head_.duration = bars_ * sequencer_.bar_beats() * 60.0 / sequencer_.bpm();
  finished_ = true;
  tape_.finish(std::max(last_end_, engine::make_score(head_, instrument_).frames));
}

void Generator::watch() {
  if (!watched_->changed()) return;
  try {
    load(watched_->path);
    tell(watched_->path + ": changed, from the next bar on");
  } catch (const std::exception& error) {
    tell(std::string(error.what()) + "; the rules before go on");
  }
}

Generator::Next Generator::prepare(const std::string& rules_file) const {
  std::unique_lock lock(mutex_);
  const auto before = ruled_;
  auto kit = kit_;
  auto trial = sequencer_;
  lock.unlock();
  auto ruled = before.reread(rules_file);
  trial.replace(ruled.set(), ruled.slices());
  const auto keys = ruled.bank_keys();
  for (std::size_t v = 0; v < keys.size(); ++v) kit.assign(ruled.set().voices[v].name.text, keys[v]);
  return {std::move(ruled), std::move(kit)};
}

void Generator::load(const std::string& rules_file) {
  auto next = prepare(rules_file);
  const std::lock_guard lock(mutex_);
  next_ = std::move(next);
}

void Generator::take_next() {
  sequencer_.replace(next_->ruled.set(), next_->ruled.slices());
  ruled_ = std::move(next_->ruled);
  kit_ = std::move(next_->kit);
  next_.reset();
  states_ = states_of(ruled_.set());
  changes_.fetch_add(1, std::memory_order_release);
}

bool Generator::set_probability(const std::string& id, double probability) {
  const std::lock_guard lock(mutex_);
  if (!sequencer_.set_probability(id, probability)) return false;
  for (auto& state : states_)
    if (state.id == id) state.probability = probability;
  return true;
}

bool Generator::enable_rule(const std::string& id, bool on) {
  const std::lock_guard lock(mutex_);
  if (!sequencer_.enable_rule(id, on)) return false;
  for (auto& state : states_)
    if (state.id == id) state.enabled = on;
  return true;
}

bool Generator::set_variable(const std::string& name, double value) {
  const std::lock_guard lock(mutex_);
  return sequencer_.set_variable(name, value);
}

void Generator::set_fill(bool on) {
  const std::lock_guard lock(mutex_);
  sequencer_.set_fill(on);
  fill_ = on;
}

void Generator::set_scene(const std::string& name) {
  const std::lock_guard lock(mutex_);
  sequencer_.set_scene(name);
}

std::vector<RuleState> Generator::rules() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

std::string Generator::scene() const {
  const std::lock_guard lock(mutex_);
  return sequencer_.scene();
}

bool Generator::fill() const {
  const std::lock_guard lock(mutex_);
  return fill_;
}

rules::Meter Generator::meter() const { return head_.meter; }

void Generator::tell(const std::string& line) {
  const std::lock_guard lock(mutex_);
  news_ = line;
}

std::optional<std::string> Generator::news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, std::nullopt);
}

std::vector<Outgoing> Generator::take_outgoing(Frames frame) {
  const std::lock_guard lock(mutex_);
  const auto due = std::ranges::stable_partition(outgoing_, [&](const auto& one) { return one.frame >= frame; });
  std::vector<Outgoing> taken(std::make_move_iterator(due.begin()), std::make_move_iterator(due.end()));
  outgoing_.erase(due.begin(), due.end());
  return taken;
}

}  // namespace sfa::play
