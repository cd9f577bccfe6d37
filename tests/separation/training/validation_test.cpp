#include "sfa/training/validation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/error.hpp"
#include "toy_songs.hpp"

using namespace sfa;
using namespace sfa::training;

namespace {

struct Judge {
  std::vector<Multitrack> songs;
  ExampleMaker maker{songs, toy::options()};
  Trainer trainer{toy::network(), [] {
                    TrainerOptions options;
                    options.precision = separation::Precision::float32;
                    options.threads = 1;
                    return options;
                  }()};
  [[nodiscard]] double nsdr(const Multitrack& song, std::size_t stem) const {
    const auto [error, power] = trainer.judge(maker.plain(song, 0, static_cast<int>(maker.spectra(song))));
    return 10.0 * std::log10(power[stem] / error[stem]);
  }
};

}  // namespace

TEST_CASE("nSDR is that of the whole song, and its mean over songs") {
  const Judge judge{{toy::song(1, 40000), toy::song(2, 5000)}};  // the first is longer than is judged at once
  const auto judgement = training::judge(judge.trainer, judge.maker, judge.songs);
  double mean = 0.0;
  for (std::size_t s = 0; s < toy::stems; ++s) {
    // At its borders a stretch misses what the network would see of the whole.
    CHECK(judgement.stems[s] == doctest::Approx(0.5 * (judge.nsdr(judge.songs[0], s) + judge.nsdr(judge.songs[1], s))).epsilon(0.02));
    mean += judgement.stems[s] / toy::stems;
  }
  CHECK(judgement.mean == doctest::Approx(mean));
}

TEST_CASE("a stem counts for the songs that have it") {
  auto instrumental = toy::song(2, 5000);
  instrumental.stems[3] = {};
  auto drummed = instrumental;
  drummed.stems[1] = {};
  const Judge judge{{toy::song(1, 5000), instrumental}};
  const auto both = training::judge(judge.trainer, judge.maker, judge.songs);
  CHECK(both.stems[3] == doctest::Approx(judge.nsdr(judge.songs[0], 3)));
  const auto neither = training::judge(judge.trainer, judge.maker, {drummed});
  CHECK(neither.stems[1] == 0.0);
  CHECK(neither.mean == doctest::Approx((neither.stems[0] + neither.stems[2]) / 2.0));
  CHECK(training::judge(judge.trainer, judge.maker, {}).mean == 0.0);
}

TEST_CASE("judging tells how far it is, and ends when it is told to") {
  const Judge judge{{toy::song(1, 5000), toy::song(2, 5000)}};
  std::vector<double> told;
  (void)training::judge(judge.trainer, judge.maker, judge.songs, [&](double done) { return told.push_back(done), true; });
  CHECK(told == std::vector{0.5, 1.0});
  CHECK_THROWS_AS((void)training::judge(judge.trainer, judge.maker, judge.songs, [](double) { return false; }), Error);
}
