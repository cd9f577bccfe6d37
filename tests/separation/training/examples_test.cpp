#include "sfa/training/examples.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <thread>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"
#include "toy_songs.hpp"

using namespace sfa;
using namespace sfa::training;
using separation::BandTransform;
using separation::MidSide;

namespace {

std::size_t index(Frames i) { return static_cast<std::size_t>(i); }

/// Where a batch keeps what it knows of a cell.
struct Cell {
  const Batch& batch;
  std::size_t at;
  Cell(const Batch& batch_, int item, int frame, int band)
      : batch(batch_), at((index(item) * index(batch_.frames) + index(frame)) * index(batch_.bands) + index(band)) {}
  [[nodiscard]] std::size_t of_stem(int stem, int side) const { return (at * index(batch.stems) + index(stem)) * 2 + index(side); }
  [[nodiscard]] double mix(int side) const { return batch.mix_power[at * 2 + index(side)]; }
  [[nodiscard]] double power(int stem, int side) const { return batch.stem_power[of_stem(stem, side)]; }
  [[nodiscard]] std::complex<double> cross(int stem, int side) const {
    return {batch.cross_re[of_stem(stem, side)], batch.cross_im[of_stem(stem, side)]};
  }
};

template <typename Check>
void for_each_cell(const Batch& batch, Check check) {
  for (int item = 0; item < batch.items; ++item)
    for (int frame = 0; frame < batch.frames; ++frame)
      for (int band = 0; band < batch.bands; ++band) check(Cell(batch, item, frame, band), item);
}

double energy(const Batch& batch, int item, int stem) {
  double sum = 0.0;
  for_each_cell(batch, [&](const Cell& cell, int i) { sum += i == item ? cell.power(stem, 0) + cell.power(stem, 1) : 0.0; });
  return sum;
}

std::vector<MidSide> spectra(const Multitrack& song, Frames spectrum) {
  BandTransform transform(toy::transform);
  std::vector<MidSide> all;
  for (const auto& stem : song.stems) {
    const auto begin = spectrum * toy::transform.hop_frames;
    auto sound = stem({begin, begin + toy::transform.size_frames});
    all.emplace_back();
    transform.analyze(sound.channel(0), sound.channel(1), all.back());
  }
  return all;
}

}  // namespace

TEST_CASE("three sums hold the error of any mask") {
  const auto song = toy::song(1);
  const std::vector songs{song};
  const ExampleMaker maker(songs, toy::options());
  const auto batch = maker.plain(song, 5, 3);
  const auto layout = BandTransform(toy::transform).layout();
  Random random(1);
  for (int frame = 0; frame < 3; ++frame) {
    const auto stems = spectra(song, 5 + frame);
    for (int band = 0; band < layout.bands(); ++band) {
      const Cell cell(batch, 0, frame, band);
      for (int stem = 0; stem < toy::stems; ++stem)
        for (int side = 0; side < 2; ++side) {
          const bool real = random.below(2) == 1;
          const std::complex<double> mask(random.uniform(0.0, 2.0), real ? 0.0 : random.uniform(-1.0, 1.0));
          double direct = 0.0, mix_power = 0.0, stem_power = 0.0;
          for (auto k = index(layout.begin(band)); k < index(layout.end(band)); ++k) {
            const auto bin = [&](const MidSide& spectrum) { return std::complex<double>((side == 0 ? spectrum.mid : spectrum.side)[k]); };
            std::complex<double> mix;
            for (const auto& spectrum : stems) mix += bin(spectrum);
            direct += std::norm(bin(stems[index(stem)]) - mask * mix);
            mix_power += std::norm(mix);
            stem_power += std::norm(bin(stems[index(stem)]));
          }
          const double by_sums = cell.power(stem, side) - 2.0 * std::real(std::conj(mask) * cell.cross(stem, side)) +
                                 std::norm(mask) * cell.mix(side);
          CHECK(std::abs(by_sums - direct) <= 1e-4 * (stem_power + mix_power) + 1e-6);
        }
    }
  }
}

TEST_CASE("stems add up to the mix, however they are changed") {
  const auto songs = toy::songs();
  const auto batch = ExampleMaker(songs, toy::options()).make(3);
  CHECK(batch.items == 6);
  for_each_cell(batch, [&](const Cell& cell, int) {
    for (int side = 0; side < 2; ++side) {
      std::complex<double> sum;
      double stems = 0.0;
      for (int stem = 0; stem < toy::stems; ++stem) {
        sum += cell.cross(stem, side);  // sum S conj(X) over the stems is sum |X|^2
        stems += cell.power(stem, side);
      }
      CHECK(std::abs(sum - cell.mix(side)) <= 1e-4 * (stems + cell.mix(side)) + 1e-6);
    }
  });
}

TEST_CASE("a step has its batch, whichever thread makes it") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  const auto batch = maker.make(5);
  std::vector<Batch> others(3);
  {
    std::vector<std::jthread> threads;
    for (auto& other : others) threads.emplace_back([&] { other = maker.make(5); });
  }
  for (const auto& other : others) CHECK(toy::same(batch, other));
  CHECK(toy::same(batch, ExampleMaker(songs, toy::options()).make(5)));
  CHECK_FALSE(toy::same(batch, maker.make(6)));
  auto options = toy::options();
  options.seed = 2;
  CHECK_FALSE(toy::same(batch, ExampleMaker(songs, options).make(5)));
}

TEST_CASE("remixes have stems of several songs, and the others those of one") {
  // One song sounds in the lowest bands alone, the other in the highest.
  std::vector<Multitrack> songs;
  for (const double hz : {150.0, 3500.0}) {
    const auto sound = toy::stem(toy::rate.hz, [&](double time, int) { return 0.3 * toy::sine(hz, time); });
    songs.push_back({"song", toy::rate.hz, {sound, sound, sound, sound}});
  }
  auto options = toy::options();
  options.augmentation = toy::none();
  int mixed = 0;
  for (std::uint64_t step = 0; step < 4; ++step) {
    const auto batch = ExampleMaker(songs, options).make(step);
    for (int item = 0; item < batch.items; ++item) {
      double low = 0.0, high = 0.0;
      for_each_cell(batch, [&](const Cell& cell, int i) {
        if (i != item) return;
        const bool is_low = cell.at % index(batch.bands) < index(batch.bands) / 2;
        for (int stem = 0; stem < toy::stems; ++stem) (is_low ? low : high) += cell.power(stem, 0);
      });
      const bool both = std::min(low, high) > 1e-3 * std::max(low, high);
      if (item < options.songs) CHECK_FALSE(both);
      mixed += both ? 1 : 0;
    }
  }
  CHECK(mixed > 0);
}

TEST_CASE("stems that are missing, silent or short are silent") {
  auto song = toy::song(1);
  song.stems[0] = {};                                                               // missing
  song.stems[1] = toy::stem(2 * toy::rate.hz, [](double, int) { return 0.0; });     // silent
  song.stems[2] = toy::stem(100, [](double time, int) { return toy::sine(500.0, time); });  // short
  song.stems.pop_back();                                                            // not even named
  const std::vector songs{song};
  const ExampleMaker maker(songs, toy::options());
  for (const auto& batch : {maker.plain(song, 20, 4), maker.make(1)}) {
    for (int item = 0; item < batch.items; ++item)
      for (const int stem : {0, 1, 3}) CHECK(energy(batch, item, stem) == 0.0);
    for (const float feature : batch.features) REQUIRE(std::isfinite(feature));
  }
  CHECK(energy(maker.plain(song, 20, 4), 0, 2) == 0.0);
  CHECK(energy(maker.plain(song, 0, 1), 0, 2) > 0.0);
}

TEST_CASE("a song of silence, and one shorter than an item, are mixed like others") {
  const std::vector silent{Multitrack{"silence", 5000, {{}, {}, {}, {}}}};
  const auto batch = ExampleMaker(silent, toy::options()).make(0);
  for (int item = 0; item < batch.items; ++item) CHECK(energy(batch, item, 0) == 0.0);
  const std::vector one_frame{toy::song(1, 1)};
  for (const float feature : ExampleMaker(one_frame, toy::options()).make(0).features) REQUIRE(std::isfinite(feature));
}

TEST_CASE("a stem of a remix is left out as often as is asked for") {
  const auto songs = toy::songs();
  auto options = toy::options();
  options.augmentation.leave_out = 1.0;
  const auto batch = ExampleMaker(songs, options).make(0);
  for (int item = 0; item < batch.items; ++item) CHECK((energy(batch, item, 1) > 0.0) == (item < options.songs));
}

TEST_CASE("gains stay within their bounds") {
  const auto songs = toy::songs();
  auto options = toy::options();
  options.augmentation = toy::none();
  options.augmentation.song_gain_db = 6.0;
  double least = 1e9, most = 0.0;
  for (std::uint64_t step = 0; step < 20; ++step) {
    const auto batch = ExampleMaker(songs, options).make(step);
    for (int item = 0; item < options.songs; ++item) {
      least = std::min(least, energy(batch, item, 1));  // the bass is as loud throughout
      most = std::max(most, energy(batch, item, 1));
    }
  }
  const double range_db = 10.0 * std::log10(most / least);
  CHECK(range_db > 6.0);
  CHECK(range_db < 12.5);
}

TEST_CASE("a song has as many spectra as begin within it") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  CHECK(maker.spectra({"", 0, {}}) == 0);
  CHECK(maker.spectra({"", 1, {}}) == 1);
  CHECK(maker.spectra({"", 64, {}}) == 1);
  CHECK(maker.spectra({"", 65, {}}) == 2);
}

TEST_CASE("batches that cannot be are refused") {
  const std::vector<Multitrack> none;
  CHECK_THROWS_AS(ExampleMaker(none, toy::options()), Error);
  const auto songs = toy::songs();
  for (const auto member : {&ExampleOptions::stems, &ExampleOptions::songs, &ExampleOptions::frames}) {
    auto options = toy::options();
    options.*member = 0;
    CHECK_THROWS_AS(ExampleMaker(songs, options), Error);
  }
  auto options = toy::options();
  options.songs = most_songs + 1;
  CHECK_THROWS_AS(ExampleMaker(songs, options), Error);
  options = toy::options();
  options.transform.hop_frames = 100;
  CHECK_THROWS_AS(ExampleMaker(songs, options), Error);
}
