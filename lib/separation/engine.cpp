#include "sfa/separation/engine.hpp"

#include <algorithm>

#include "sfa/audio/error.hpp"
#include "sfa/separation/spectral.hpp"

namespace sfa::separation {
namespace {

/// `a` and then `b`; an empty buffer without channels joins anything.
AudioBuffer joined(const AudioView& a, const AudioView& b) {
  if (a.channels() == 0) return AudioBuffer(b);
  AudioBuffer out(a.channels(), a.frames() + b.frames(), a.rate());
  for (int c = 0; c < a.channels(); ++c) {
    const auto rest = std::ranges::copy(a.channel(c), out.channel(c).begin()).out;
    std::ranges::copy(b.channel(c), rest);
  }
  return out;
}

/// The beginning of `next` goes over from `tail`, linearly: stems that add up to the mix in both do so
/// on the way, too.
void fade_over(const AudioView& tail, AudioBuffer& next) {
  const Frames frames = std::min(tail.frames(), next.frames());
  for (int c = 0; c < tail.channels(); ++c) {
    const auto from = tail.channel(c);
    const auto to = next.channel(c);
    for (Frames i = 0; i < frames; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const float share = static_cast<float>(i + 1) / static_cast<float>(frames + 1);
      to[at] = from[at] + share * (to[at] - from[at]);
    }
  }
}

AudioBuffer part(const AudioBuffer& audio, FrameRange range) { return AudioBuffer(audio.view().slice(range)); }

Progress within(const Progress& progress, Frames done, Frames size, std::optional<Frames> total) {
  if (!progress) return {};
  const auto whole = static_cast<double>(std::max<Frames>(1, total.value_or(0)));
  return [=](double share) {
    const double at = (static_cast<double>(done) + share * static_cast<double>(size)) / whole;
    return progress(total ? std::min(at, 1.0) : 0.0);
  };
}

void check_rate(const EngineInfo& info, SampleRate rate) {
  if (info.rate && *info.rate != rate) {
    throw Error(Error::Kind::unsupported, "engine " + info.name + " works at " + std::to_string(info.rate->hz) +
                                              " Hz only, not at " + std::to_string(rate.hz) + " Hz");
  }
}

}  // namespace

std::vector<EngineInfo> engines() { return {make_spectral_engine()->info()}; }

std::unique_ptr<Engine> make_engine(const std::string& name) {
  if (name == "spectral") return make_spectral_engine();
  throw Error(Error::Kind::not_found, name + ": no such engine");
}

void separate(Engine& engine, const BlockSource& source, const BlockSink& sink, std::optional<Frames> total,
              const Progress& progress) {
  AudioBuffer mix = source(1);  // one frame tells the shape
  if (mix.empty()) return;
  check_rate(engine.info(), mix.rate());
  const auto [size, overlap] = engine.stretch(mix.channels(), mix.rate());
  std::vector<AudioBuffer> tails;  // the end of the stretch before, of each stem
  Frames done = 0;
  for (bool last = false; !last;) {
    const Frames wanted = size - mix.frames();
    const AudioBuffer fresh = source(wanted);
    last = fresh.frames() < wanted;
    if (!tails.empty() && fresh.empty()) break;  // the tails are all that is left
    mix = joined(mix, fresh);
    auto stems = engine.separate(mix, within(progress, done, mix.frames(), total));
    for (std::size_t i = 0; i < tails.size(); ++i) fade_over(tails[i], stems[i]);
    tails.clear();
    if (!last) {
      const FrameRange kept{size - overlap, size};
      for (auto& stem : stems) {
        tails.push_back(part(stem, kept));
        stem = part(stem, {0, kept.begin});
      }
      mix = part(mix, kept);
    }
    sink(stems);
    done += stems.front().frames();
  }
  if (!tails.empty()) sink(tails);
  report(progress, 1.0);
}

std::vector<AudioBuffer> separate(Engine& engine, const AudioView& mix, const Progress& progress) {
  std::vector<AudioBuffer> stems(engine.info().stems.size(), AudioBuffer(mix.channels(), mix.frames(), mix.rate()));
  Frames read = 0, written = 0;
  const auto source = [&](Frames frames) {
    AudioBuffer block(mix.slice({read, read + frames}));
    read += block.frames();
    return block;
  };
  const auto sink = [&](std::span<const AudioBuffer> blocks) {
    for (std::size_t i = 0; i < blocks.size(); ++i)
      for (int c = 0; c < mix.channels(); ++c)
        std::ranges::copy(blocks[i].channel(c), stems[i].channel(c).begin() + written);
    written += blocks.front().frames();
  };
  separate(engine, source, sink, mix.frames(), progress);
  return stems;
}

}  // namespace sfa::separation
