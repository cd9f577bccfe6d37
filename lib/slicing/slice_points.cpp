#include "sfa/slicing/slice_points.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/slicing/attack.hpp"

namespace sfa::slicing {
namespace {

constexpr Seconds looked_at{0.06};  // to either side of an onset: what attack_start and attack_centre reach

}  // namespace

std::vector<Attack> attacks(const Sound& sound, const Survey& survey, const Progress& progress) {
  std::vector<Attack> found;
  const Frames reach = to_frames(looked_at, sound.rate);
  for (const analysis::Onset& onset : survey.onsets) {
    report(progress, static_cast<double>(found.size()) / static_cast<double>(survey.onsets.size()));
    const Frames frame = survey.range.begin + to_frames({onset.time}, sound.rate);
    const FrameRange near = intersect(survey.range, {frame - reach, frame + reach});
    const auto mono = one_channel(sound.read(near), survey.channel);
    const FrameRange bounds{0, static_cast<Frames>(mono.size())};
    if (bounds.empty()) continue;
    const Frames start = attack_start(mono, sound.rate, frame - near.begin, bounds);
    found.push_back({near.begin + start, near.begin + attack_centre(mono, sound.rate, start), onset.strength});
  }
  std::ranges::stable_sort(found, {}, &Attack::start);
  report(progress, 1.0);
  return found;
}

std::vector<Attack> far_enough_apart(std::vector<Attack> attacks, Frames distance, FrameRange range) {
  std::ranges::stable_sort(attacks, std::ranges::greater{}, &Attack::strength);
  const auto earlier = [](const Attack& a, const Attack& b) { return a.start < b.start; };
  std::set<Attack, decltype(earlier)> kept(earlier);
  for (const Attack& attack : attacks) {
    if (attack.start > range.begin && attack.start > range.end - distance) continue;
    const auto next = kept.lower_bound(attack);
    if (next != kept.end() && next->start - attack.start < distance) continue;
    if (next != kept.begin() && attack.start - std::prev(next)->start < distance) continue;
    kept.insert(attack);
  }
  return {kept.begin(), kept.end()};
}

std::vector<Frames> equal_points(Frames frames, int parts) {
  if (parts < 1 || parts > frames)
    throw Error(Error::Kind::invalid_argument, "cannot cut a sound into more parts (" + std::to_string(parts) +
                                                   ") than it has frames (" + std::to_string(frames) + ")");
  std::vector<Frames> points;
  for (int i = 0; i < parts; ++i) points.push_back(frames / parts * i + frames % parts * i / parts);
  return points;
}

std::vector<Frames> time_points(std::span<const double> times, Frames frames, SampleRate rate, double min_length) {
  std::vector<Frames> points;
  const auto end = to_seconds(frames, rate).value;
  for (const double time : times) {
    if (!(time >= 0.0 && time < end)) continue;
    const Frames frame = to_frames({time}, rate);
    const bool room = points.empty() || to_seconds(frame - points.back(), rate).value >= min_length;
    if (room && frame < frames && (points.empty() || frame > points.back())) points.push_back(frame);
  }
  return points;
}

std::vector<Frames> silence_points(const Survey& survey, double threshold, Frames least) {
  std::vector<Frames> points;
  const auto levels = static_cast<Frames>(survey.levels.size());
  const auto frame = [&](Frames level) { return std::min(level * survey.level_frames, survey.range.size()); };
  for (Frames begin = 0; begin < levels;) {
    if (survey.levels[static_cast<std::size_t>(begin)] >= threshold) {
      ++begin;
      continue;
    }
    Frames end = begin;
    while (end < levels && survey.levels[static_cast<std::size_t>(end)] < threshold) ++end;
    if (frame(end) - frame(begin) >= least) {
      points.push_back(frame(begin));
      if (end < levels) points.push_back(frame(end));
    }
    begin = end;
  }
  return points;
}

}  // namespace sfa::slicing
