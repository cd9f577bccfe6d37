#include "sfa/rules/mode.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

using namespace sfa;

TEST_CASE("every mode is read as it is written, its parameters by their order or by name") {
  CHECK(rules::parse_mode("seq") == rules::Mode{rules::Sequential{}});
  CHECK(rules::parse_mode("euclid:5/16/2") == rules::Mode{rules::Euclidean{5, 16, 2, false}});
  CHECK(rules::parse_mode("euclid:5/16/rotation=2/inverted") == rules::Mode{rules::Euclidean{5, 16, 2, true}});
  CHECK(rules::parse_mode("random") == rules::Mode{rules::RandomMode{}});
  CHECK(rules::parse_mode("random:no-repeat") ==
        rules::Mode{rules::RandomMode{rules::RandomMode::Repeats::no_repeat}});
  CHECK(rules::parse_mode("prob:0.25") == rules::Mode{rules::Probable{{0.25}}});
  CHECK(rules::parse_mode("prob:30%") == rules::Mode{rules::Probable{{0.3}}});
  CHECK(rules::parse_mode("chaos:3.7/amount=0.5") == rules::Mode{rules::Chaos{3.7, 0.5}});
  CHECK(rules::parse_mode("markov:2") == rules::Mode{rules::Markov{2}});
  CHECK(rules::parse_mode("pattern:x..x ..x. 3 . 5*2") == rules::Mode{rules::StepPattern{"x..x ..x. 3 . 5*2"}});
  CHECK(rules::parse_mode("poly:3,4/beats=2") == rules::Mode{rules::Polyrhythm{{3, 4}, 2.0}});
  CHECK(rules::to_text(rules::parse_mode("follow:drums/-0.5/30%")) == "follow:drums/delay=-0.5/probability=30%");
}

TEST_CASE("a mode that is none says what was expected") {
  for (const char* text : {"",
                           "sequential",
                           "euclid",
                           "euclid:",
                           "euclid:5",
                           "euclid:5/",
                           "euclid:a/8",
                           "euclid:9/8",
                           "euclid:3/8/8",
                           "euclid:3/8/1/1",
                           "euclid:3/8x",
                           "euclid:99999999999/8",
                           "euclid:-1/8",
                           "prob:",
                           "prob:1.5",
                           "prob:nan",
                           "prob:-1",
                           "prob:101%",
                           "prob:0.5x",
                           "random:",
                           "seq ",
                           "seq:1",
                           "chaos:5",
                           "markov:0",
                           "pattern:",
                           "pattern:y",
                           "pattern:x*33",
                           "poly:",
                           "poly:0",
                           "poly:64,63,61,59",
                           "follow",
                           "follow:a/when=1",
                           "euclid:5/8/5=1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)rules::parse_mode(text), Error);
  }
  CHECK_THROWS_WITH_AS((void)rules::parse_mode("euclid:9/8"),
                       "mode \"euclid:9/8\", column 8: pulses of a Euclidean rhythm must be from 1 to 8", Error);
  CHECK_THROWS_AS((void)rules::parse_choice("any"), Error);
}
