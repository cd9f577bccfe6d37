#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "sfa/audio/error.hpp"
#include "song.hpp"

using namespace sfa;
using rules::played;

namespace {

std::vector<int> ids(const std::vector<rules::Event>& events) { return rules::all(events, &rules::Event::slice); }
std::vector<double> beats(const std::vector<rules::Event>& events) { return rules::all(events, &rules::Event::beat); }

/// 100,000 events of a mode.
std::vector<int> many(const std::string& voice, const std::vector<rules::SliceFacts>& slices = rules::four) {
  auto chosen = ids(played("tempo 1000\nvoice v1 " + voice, 6250, {.seed = 11}, slices));
  CHECK(chosen.size() == 100000);
  return chosen;
}

/// Whether a share of `count` trials lies within 4 standard errors of what was promised: once in 16000 it would not.
bool within_error(int hits, int count, double probability) {
  const double sigma = std::sqrt(probability * (1.0 - probability) / count);
  return std::abs(static_cast<double>(hits) / count - probability) <= 4.0 * sigma + 1e-12;
}

}  // namespace

TEST_CASE("inverted, a Euclidean rhythm sounds where it was silent") {
  CHECK(beats(played("voice v mode euclid:3/8/inverted", 1)) ==
        std::vector<double>{0.25, 0.5, 1.0, 1.25, 1.75, 2.25, 2.5, 3.0, 3.25, 3.75});
}

TEST_CASE("slices are chosen by their weights, within the error of 100,000 events") {
  // kick 4, hats 0.5 each, slice 2 outweighs its class: 4 : 0.5 : 3 : 0.5
  const auto chosen = many("mode prob:1 weights kick*4,hat*0.5,snare*7,2*3");
  std::map<int, int> counts;
  for (const int id : chosen) ++counts[id];
  CHECK(within_error(counts[0], 100000, 0.5));
  CHECK(within_error(counts[1], 100000, 0.0625));
  CHECK(within_error(counts[2], 100000, 0.375));
  CHECK(within_error(counts[3], 100000, 0.0625));
}

TEST_CASE("a step's probability holds within the error of 100,000 steps") {
  for (const double probability : {0.01, 0.3, 0.5, 0.97}) {
    const auto events = played("tempo 1000\nvoice v1 mode prob:" + std::to_string(probability), 6250, {.seed = 3});
    CHECK(within_error(static_cast<int>(events.size()), 100000, probability));
  }
}

TEST_CASE("random plays each slice as often, and without repetition each but the last as often") {
  std::map<int, int> counts, steps;
  for (const int id : many("mode random")) ++counts[id];
  for (const auto& [id, count] : counts) CHECK(within_error(count, 100000, 0.25));
  const auto chosen = many("mode random:no-repeat");
  for (std::size_t i = 1; i < chosen.size(); ++i) ++steps[(chosen[i] - chosen[i - 1] + 4) % 4];
  CHECK(steps[0] == 0);
  for (const int step : {1, 2, 3}) CHECK(within_error(steps[step], 99999, 1.0 / 3.0));
}

TEST_CASE("a Markov chain follows the song's own transitions, within the error of 100,000 events") {
  // a a b a c b, as a circle: a is followed by a, b, c once each, b by a twice, c by b.
  std::vector<rules::SliceFacts> song;
  const std::string states = "aabacb";
  for (std::size_t i = 0; i < states.size(); ++i)
    song.push_back({.id = static_cast<int>(i), .class_name = states.substr(i, 1)});
  const auto chosen = many("mode markov", song);
  std::map<std::pair<char, char>, int> pairs;
  std::map<char, int> from;
  std::map<int, int> of_a;
  for (std::size_t i = 0; i + 1 < chosen.size(); ++i) {
    const char a = states[static_cast<std::size_t>(chosen[i])], b = states[static_cast<std::size_t>(chosen[i + 1])];
    ++pairs[{a, b}];
    ++from[a];
    if (a == 'a') ++of_a[chosen[i]];
  }
  for (const char to : {'a', 'b', 'c'}) CHECK(within_error(pairs[{'a', to}], from['a'], 1.0 / 3.0));
  CHECK(pairs[{'b', 'a'}] == from['b']);
  CHECK(pairs[{'c', 'b'}] == from['c']);
  for (const int id : {0, 1, 3}) CHECK(within_error(of_a[id], from['a'], 1.0 / 3.0));  // any slice of the state
}

TEST_CASE("a Markov chain of higher order never plays what the song has not") {
  std::vector<rules::SliceFacts> song;
  const std::string states = "abcabdabcd";
  for (std::size_t i = 0; i < states.size(); ++i)
    song.push_back({.id = static_cast<int>(i), .class_name = states.substr(i, 1)});
  std::set<std::string> heard, there;
  for (std::size_t i = 0; i < states.size(); ++i) there.insert((states + states).substr(i, 4));
  const auto chosen = many("mode markov:3", song);
  for (std::size_t i = 0; i + 4 <= chosen.size(); ++i) {
    std::string four;
    for (std::size_t k = 0; k < 4; ++k) four += states[static_cast<std::size_t>(chosen[i + k])];
    heard.insert(four);
  }
  CHECK(heard == there);
}

TEST_CASE("at r = 4 the chaos mode spreads as the arcsine law says, without an amount it plays in order") {
  // x of the logistic map at r = 4 is arcsine distributed: P(x < t) = 2 / pi asin(sqrt(t)). The k-th event lies
  // floor(4 x) slices beyond k.
  const auto chosen = many("mode chaos:4");
  std::map<int, int> beyond;
  for (std::size_t i = 0; i < chosen.size(); ++i) ++beyond[(chosen[i] - static_cast<int>(i % 4) + 4) % 4];
  const auto below = [](double t) { return 2.0 / std::numbers::pi * std::asin(std::sqrt(t)); };
  // Successive values depend on one another, so the error is larger than of as many throws.
  for (int k = 0; k < 4; ++k)
    CHECK(beyond[k] / 100000.0 == doctest::Approx(below((k + 1) / 4.0) - below(k / 4.0)).epsilon(0.03));
  CHECK(ids(played("voice v mode chaos:4/0", 1)) == ids(played("voice v mode seq", 1)));
}

TEST_CASE("below chaos the map comes to rest, and the slices go in order from there") {
  const auto chosen = many("mode chaos:2.5");  // the fixed point is 1 - 1/2.5 = 0.6: floor(4 * 0.6) = 2 beyond
  for (std::size_t i = 1000; i < chosen.size(); ++i) REQUIRE((chosen[i] - static_cast<int>(i % 4) + 4) % 4 == 2);
}

TEST_CASE("a step pattern plays what is written") {
  const auto events = played("voice v mode \"pattern:x..x ..x. 3 . 1*2 -\"", 1);
  CHECK(beats(events) == std::vector<double>{0.0, 0.75, 1.5, 2.0, 2.5, 2.625, 3.0, 3.75});
  CHECK(ids(events) == std::vector<int>{0, 1, 2, 3, 1, 1, 3, 0});
  CHECK_THROWS_WITH_AS((void)played("voice v mode pattern:7", 1), "voice v: there is no slice 7 among those it plays",
                       Error);
}

TEST_CASE("a polyrhythm spreads each layer over the span, one slice a layer") {
  const auto events = played("voice v mode poly:3,4", 1);
  std::map<int, std::vector<double>> layers;
  for (const auto& event : events) layers[event.slice].push_back(event.beat);
  CHECK(layers[0] == std::vector<double>{0.0, 4.0 / 3.0, 8.0 / 3.0});
  CHECK(layers[1] == std::vector<double>{0.0, 1.0, 2.0, 3.0});
  CHECK(played("voice v mode poly:5/beats=1", 1).size() == 20);
  CHECK(played("meter 7/8\nvoice v mode poly:7", 2).size() == 14);
}

TEST_CASE("a follower plays after, or before, what it follows") {
  const auto of = [](const std::vector<rules::Event>& events, const std::string& voice) {
    std::vector<double> result;
    for (const auto& event : events)
      if (event.voice == voice) result.push_back(event.beat);
    return result;
  };
  const auto after = played("voice a mode euclid:1/4\nvoice b mode follow:a/delay=0.5", 1);
  CHECK(of(after, "b") == std::vector<double>{0.5, 1.5, 2.5, 3.5});
  const auto before = played("voice a mode euclid:1/4\nvoice b mode follow:a/delay=-0.25", 1);
  CHECK(of(before, "b") == std::vector<double>{0.75, 1.75, 2.75, 3.75});  // that of the first would be before 0
  const auto chain =
      played("voice c mode follow:b/delay=-1\nvoice b mode follow:a/delay=-1\nvoice a mode euclid:1/4", 2);
  CHECK(of(chain, "a") == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(of(chain, "c") == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7});  // of a's 2 to 9
}

TEST_CASE("a follower takes velocity, pitch and slice from what it follows") {
  const auto followers = [](const std::string& how, const std::string& rule = "always: velocity 0.5, pitch 3") {
    std::vector<rules::Event> result;
    for (auto& event : played("voice a mode seq\n" + rule + "\nvoice b mode follow:a/" + how, 1, {.seed = 2}))
      if (event.voice == "b") result.push_back(event);
    return result;
  };
  for (const auto& event : followers("velocity=0.5/pitch=4")) {
    CHECK(event.velocity == 0.25);
    CHECK(event.pitch == 7.0);
  }
  CHECK(ids(followers("choice=same")) == ids(played("voice a mode seq", 1)));
  CHECK(ids(followers("choice=sequential", "every 2: skip")) == std::vector<int>{0, 1, 2, 3, 0, 1, 2, 3});
  // -6, -30, -9, -28 dB: the nearest among the same slices is the slice itself.
  CHECK(ids(followers("choice=nearest")) == ids(played("voice a mode seq", 1)));
  const auto none = followers("probability=0");
  CHECK(none.empty());
  CHECK(followers("choice=same", "always: skip").empty());  // nothing sounds, nothing is followed
}

TEST_CASE("the nearest slice in energy is chosen from the follower's own bank") {
  const std::vector<rules::SliceFacts> toms{{.id = 7, .class_name = "tom", .rms_db = -7.6},
                                            {.id = 8, .class_name = "tom", .rms_db = -40.0}};
  const auto set = rules::parse_rules("voice a mode seq\nvoice b mode follow:a/choice=nearest");
  std::vector<int> answers;
  for (const auto& event : rules::generate(set, {rules::four, toms}, {}, 1).events)
    if (event.voice == "b") answers.push_back(event.slice);
  CHECK(answers == std::vector<int>{7, 8, 7, 8, 7, 8, 7, 8, 7, 8, 7, 8, 7, 8, 7, 8});  // to -6, -30, -9, -28
}

TEST_CASE("a length begins the mode anew, swing goes on") {
  CHECK(ids(played("voice v mode seq length 3", 1)) ==
        std::vector<int>{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0});
  const auto loop = ids(played("voice v mode chaos:4 length 4", 2, {.seed = 5}));
  for (std::size_t i = 4; i < loop.size(); ++i) CHECK(loop[i] == loop[i - 4]);
}

TEST_CASE("shift, groove and humanize move what sounds by no more than half a step") {
  CHECK(beats(played("voice v mode euclid:1/4 shift 0.25", 1)) ==
        std::vector<double>{0.0625, 1.0625, 2.0625, 3.0625});
  CHECK(beats(played("voice v mode euclid:1/4 shift -0.25", 1)) == std::vector<double>{0.0, 0.9375, 1.9375, 2.9375});
  const auto groove = beats(played("voice v mode seq groove 0,0.5,0,-0.5", 1));
  CHECK(groove[1] == 0.375);
  CHECK(groove[3] == 0.625);
  const auto human = beats(played("voice v mode seq humanize 0.5 shift 0.5", 16, {.seed = 1}));
  const auto straight = beats(played("voice v mode seq", 16));
  std::set<double> offsets;
  for (std::size_t i = 0; i < straight.size(); ++i) {
    CHECK(human[i] >= straight[i]);
    CHECK(human[i] <= straight[i] + 0.125);
    offsets.insert(human[i] - straight[i]);
  }
  CHECK(offsets.size() > 50);
}

TEST_CASE("a voice sounds in its scenes only") {
  const auto events = played(
      "start one\nbar = 2 and subbeat = 0 beat 1: scene two\nvoice a mode euclid:1/4 scenes one\nvoice b mode "
      "euclid:1/4 scenes two",
      3);
  for (const auto& event : events)
    CHECK(event.voice == (event.beat < 5.0 && event.beat != 4.0 ? "a" : event.beat == 4.0 ? event.voice : "b"));
  CHECK(events.size() == 4 + 2 + 3 + 4);
}
