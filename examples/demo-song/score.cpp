#include "score.hpp"

#include <algorithm>
#include <array>

#include "sfa/audio/random.hpp"

namespace demo {
namespace {

struct Harmony {
  const char* name;
  int root;
  std::array<int, 4> pitches;  // close voicings around middle C, so that the pad moves little
};

constexpr Harmony a_minor{"Am", 45, {57, 60, 64, 69}};
constexpr Harmony f_major{"F", 41, {57, 60, 65, 69}};
constexpr Harmony c_major{"C", 48, {55, 60, 64, 67}};
constexpr Harmony g_major{"G", 43, {55, 59, 62, 67}};
constexpr Harmony d_minor{"Dm", 50, {57, 62, 65, 69}};
constexpr Harmony e_major{"E", 40, {56, 59, 64, 68}};

// The dominant with its G sharp makes it A minor rather than C major.
constexpr std::array verse{a_minor, f_major, d_minor, e_major, a_minor, f_major, d_minor, e_major};
constexpr std::array chorus{a_minor, f_major, c_major, g_major, a_minor, f_major, d_minor, e_major};

struct Sung {
  double beat, beats;
  int pitch;
  Vowel vowel;
  Consonant consonant;
};
using enum Vowel;
using enum Consonant;

// Two bars of melody for each pair of chords, written an octave above what is sung, as a tenor's part is.
const std::array<std::vector<Sung>, 4> verse_melody{{
    {{0.5, 0.5, 64, a, hiss}, {1, 0.5, 69, o, none}, {1.5, 1, 67, i, burst}, {2.5, 1.25, 64, a, hum},
     {4.5, 0.5, 65, e, hiss}, {5, 0.5, 69, a, burst}, {5.5, 0.75, 72, o, none}, {6.25, 1.5, 69, u, hum}},
    {{0.5, 0.5, 65, a, burst}, {1, 0.5, 69, i, hiss}, {1.5, 1, 74, a, none}, {2.5, 1.25, 69, o, hum},
     {4, 1, 71, e, burst}, {5, 0.5, 68, a, none}, {5.5, 2, 64, o, hiss}},
    {{0.5, 0.5, 64, o, hum}, {1, 0.5, 69, a, hiss}, {1.5, 0.75, 72, e, none}, {2.25, 1.5, 71, a, burst},
     {4.5, 0.5, 72, i, hiss}, {5, 0.75, 69, a, hum}, {5.75, 1.75, 65, u, none}},
    {{0, 0.75, 65, a, burst}, {0.75, 0.75, 69, e, none}, {1.5, 1, 74, o, hiss}, {2.5, 1, 77, a, hum},
     {4, 1.5, 76, a, burst}, {5.5, 1, 74, i, none}, {6.5, 1, 71, o, hum}},
}};
const std::array<std::vector<Sung>, 4> chorus_melody{{
    {{0, 1.5, 76, a, hiss}, {1.5, 0.5, 74, e, none}, {2, 1.75, 72, o, hum}, {4, 0.5, 72, a, burst},
     {4.5, 0.5, 74, i, none}, {5, 2.5, 69, a, hum}},
    {{0, 1.5, 76, a, hiss}, {1.5, 0.5, 74, e, none}, {2, 1.75, 79, o, burst}, {4, 1, 74, i, hum},
     {5, 2.5, 71, a, none}},
    {{0, 1.5, 76, o, hum}, {1.5, 0.5, 79, a, hiss}, {2, 1.75, 81, a, none}, {4, 0.5, 81, i, burst},
     {4.5, 0.5, 79, e, none}, {5, 2.5, 77, a, hum}},
    {{0, 1, 77, a, burst}, {1, 1, 74, o, hiss}, {2, 1.75, 69, a, hum}, {4, 1.5, 68, e, hiss},
     {5.5, 2, 71, a, hum}},
}};

bool ends_section(const std::vector<Section>& form, int bar) {
  const auto at = static_cast<std::size_t>(bar);
  return at + 1 >= form.size() || form[at + 1] != form[at];
}

int bar_in_section(const std::vector<Section>& form, int bar) {
  int first = bar;
  while (first > 0 && form[static_cast<std::size_t>(first - 1)] == form[static_cast<std::size_t>(bar)]) --first;
  return bar - first;
}

std::vector<Section> form_of(int bars) {
  const int intro = bars >= 12 ? 2 : bars >= 4 ? 1 : 0;
  const int part = std::min(8, std::max(1, (bars - intro) / 2));
  std::vector<Section> form(static_cast<std::size_t>(intro), Section::intro);
  for (int bar = intro; bar < bars; ++bar)
    form.push_back((bar - intro) / part % 2 == 0 ? Section::verse : Section::chorus);
  return form;
}

const Harmony& harmony_of(const std::vector<Section>& form, int bar) {
  const auto section = form[static_cast<std::size_t>(bar)];
  const auto place = static_cast<std::size_t>(bar_in_section(form, bar) % 8);
  return section == Section::chorus ? chorus[place] : verse[place];
}

void add_fill(Score& score, double start) {
  constexpr std::array drums{Drum::snare, Drum::snare, Drum::high_tom, Drum::high_tom,
                             Drum::mid_tom, Drum::mid_tom, Drum::low_tom, Drum::low_tom};
  for (std::size_t i = 0; i < drums.size(); ++i)
    score.drums.push_back(
        {start + 2.0 + 0.25 * static_cast<double>(i), drums[i], 0.7 + 0.04 * static_cast<double>(i)});
}

void add_drums(Score& score, int bar, sfa::Random& random) {
  const auto section = score.form[static_cast<std::size_t>(bar)];
  const bool fill = ends_section(score.form, bar);
  const double start = bar * beats_per_bar;
  const auto hit = [&](double beat, Drum drum, double velocity) {
    if (!fill || beat < 2.0) score.drums.push_back({start + beat, drum, velocity * random.uniform(0.92, 1.0)});
  };
  if (bar_in_section(score.form, bar) == 0 && bar > 0) hit(0, Drum::crash, 0.9);
  for (int eighth = 0; eighth < 8; ++eighth) {
    const bool open = section == Section::chorus && eighth % 2 == 1;
    hit(0.5 * eighth, open ? Drum::open_hat : Drum::closed_hat, eighth % 2 == 0 ? 0.85 : 0.6);
  }
  if (section == Section::intro) {
    hit(0, Drum::kick, 0.9);
    hit(2, Drum::kick, 0.8);
  } else {
    for (const double beat : {0.0, 1.5, 2.5}) hit(beat, Drum::kick, beat == 0.0 ? 1.0 : 0.9);
    if (bar % 2 == 1) hit(3.75, Drum::kick, 0.7);
    for (const double beat : {1.0, 3.0}) {
      hit(beat, Drum::snare, 1.0);
      if (section == Section::chorus) hit(beat, Drum::clap, 0.8);
    }
    if (random.uniform() < 0.6) hit(1.75, Drum::snare, 0.25);  // a ghost note
  }
  if (fill) {
    add_fill(score, start);
    score.drums.push_back({start + 2.0, Drum::kick, 0.9});
    score.drums.push_back({start + 3.0, Drum::kick, 0.9});
  }
}

void add_bass(Score& score, int bar, const Harmony& harmony, sfa::Random& random) {
  const auto section = score.form[static_cast<std::size_t>(bar)];
  const double start = bar * beats_per_bar;
  const int root = harmony.root - 12;
  const auto note = [&](double beat, double beats, int pitch) {
    score.bass.push_back({start + beat, beats, pitch, random.uniform(0.85, 1.0)});
  };
  if (section == Section::intro) {
    note(0, 3.5, root);
  } else if (section == Section::verse) {
    note(0, 1.25, root);
    note(1.5, 0.75, root);
    note(2.5, 0.75, root + 12);
    note(3.5, 0.4, root + 7);
  } else {
    for (int eighth = 0; eighth < 8; ++eighth)
      note(0.5 * eighth, 0.42, eighth == 3 || eighth == 6 ? root + 12 : eighth == 7 ? root + 7 : root);
  }
}

void add_arpeggio(Score& score, int bar, const Harmony& harmony) {
  constexpr std::array<std::size_t, 8> order{0, 2, 1, 3, 2, 1, 3, 2};
  const bool busy = score.form[static_cast<std::size_t>(bar)] == Section::chorus;
  const double step = busy ? 0.25 : 0.5;
  for (int i = 0; i < static_cast<int>(beats_per_bar / step); ++i)
    score.arpeggio.push_back({bar * beats_per_bar + step * i, step * 0.9,
                              harmony.pitches[order[static_cast<std::size_t>(i % 8)]] + 12, i % 4 == 0 ? 1.0 : 0.7});
}

// The lead plays in the intro and answers the voice at the end of every second bar.
void add_lead(Score& score, int bar, const Harmony& harmony) {
  const double start = bar * beats_per_bar;
  const int fifth = harmony.pitches[2] + 12, top = harmony.pitches[3] + 12;
  if (score.form[static_cast<std::size_t>(bar)] == Section::intro) {
    score.lead.push_back({start, 1.5, fifth, 0.9});
    score.lead.push_back({start + 1.5, 0.5, top, 0.8});
    score.lead.push_back({start + 2, 1.75, top + (bar % 2 == 0 ? 3 : 0), 1.0});
  } else if (bar % 2 == 1) {
    score.lead.push_back({start + 3, 0.5, top, 0.8});
    score.lead.push_back({start + 3.5, 0.5, fifth, 0.7});
  }
}

void add_voice(Score& score, int bar, sfa::Random& random) {
  const auto section = score.form[static_cast<std::size_t>(bar)];
  const int place = bar_in_section(score.form, bar) % 8;
  if (section == Section::intro) return;
  const auto& melody = section == Section::chorus ? chorus_melody : verse_melody;
  const double half = place % 2 * beats_per_bar;
  for (const auto& sung : melody[static_cast<std::size_t>(place / 2)])
    if (sung.beat >= half && sung.beat < half + beats_per_bar) {
      const double beat = bar * beats_per_bar + sung.beat - half;
      score.voice.push_back(
          {{beat, sung.beats, sung.pitch - 12, random.uniform(0.85, 1.0)}, sung.vowel, sung.consonant});
    }
}

void add_ending(Score& score) {
  const double end = score.bars * beats_per_bar;
  score.chords.push_back({end, 2.0, a_minor.name, a_minor.root,
                          {a_minor.pitches.begin(), a_minor.pitches.end()}, Section::ending});
  score.drums.push_back({end, Drum::kick, 0.9});
  score.drums.push_back({end, Drum::crash, 0.7});
  score.bass.push_back({end, 1.5, a_minor.root - 12, 1.0});
  score.voice.push_back({{end, 1.5, 57, 0.7}, a, hum});
}

}  // namespace

Score compose(double seconds, std::uint64_t seed) {
  Score score;
  score.seconds = seconds;
  score.bars = std::max(1, static_cast<int>((seconds - lead_in - tail) * bpm / 60.0 / beats_per_bar));
  score.form = form_of(score.bars);
  sfa::Random random(seed);
  for (int bar = 0; bar < score.bars; ++bar) {
    const auto& harmony = harmony_of(score.form, bar);
    score.chords.push_back({static_cast<double>(bar * beats_per_bar), static_cast<double>(beats_per_bar), harmony.name,
                            harmony.root, {harmony.pitches.begin(), harmony.pitches.end()},
                            score.form[static_cast<std::size_t>(bar)]});
    add_drums(score, bar, random);
    add_bass(score, bar, harmony, random);
    add_arpeggio(score, bar, harmony);
    add_lead(score, bar, harmony);
    add_voice(score, bar, random);
  }
  add_ending(score);
  std::ranges::stable_sort(score.drums, {}, &Hit::beat);
  return score;
}

const char* name(Section section) {
  constexpr std::array names{"intro", "verse", "chorus", "ending"};
  return names[static_cast<std::size_t>(section)];
}

const char* name(Drum drum) {
  constexpr std::array names{"kick",  "snare",   "clap",    "closed-hat", "open-hat",
                             "crash", "low-tom", "mid-tom", "high-tom"};
  return names[static_cast<std::size_t>(drum)];
}

}  // namespace demo
