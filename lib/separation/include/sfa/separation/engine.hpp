// What turns a sound into stems, and how a sound of any length goes through it.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/progress.hpp"

namespace sfa::separation {

struct EngineInfo {
  std::string name;                 // as --engine says it
  std::vector<std::string> stems;   // "drums", "bass", ...; they add up to the mix
  std::optional<SampleRate> rate;   // the only rate it works at; none: any
  std::string note;                 // what it is good for, in one honest sentence
};

/// Stretches overlap, and the stems fade from one to the next there, so that an engine sees no more
/// than one stretch at a time. 0 < overlap_frames <= frames / 2.
struct Stretch {
  Frames frames = 0;
  Frames overlap_frames = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual const EngineInfo& info() const = 0;

  /// How much to give to separate() at once for such a sound: bounds its memory.
  [[nodiscard]] virtual Stretch stretch(int channels, SampleRate rate) const = 0;

  /// The stems of one stretch, in the order of info().stems, each of the shape of `mix`, which has at
  /// least one channel and one frame. The same bits for the same samples. Throws what `progress` does.
  [[nodiscard]] virtual std::vector<AudioBuffer> separate(const AudioView& mix, const Progress& progress) = 0;
};

/// The engines of this build, the default first.
[[nodiscard]] std::vector<EngineInfo> engines();

/// Throws Error::not_found for a name that engines() does not have.
[[nodiscard]] std::unique_ptr<Engine> make_engine(const std::string& name);

/// Gives the next `frames` of a sound; fewer only at its end, then none. Always of one shape.
using BlockSource = std::function<AudioBuffer(Frames frames)>;
/// Takes the next block of each stem, in the order of the engine's, all of one shape.
using BlockSink = std::function<void(std::span<const AudioBuffer> stems)>;

/// Pulls `source` dry and pushes its stems, as many frames as there were, in blocks. Memory does not
/// grow with the length. `total` frames are foreseen for `progress`; where they are unknown it hears
/// 0 until the end. Throws Error::unsupported for a rate that is not the engine's, and whatever the
/// callbacks throw.
void separate(Engine& engine, const BlockSource& source, const BlockSink& sink,
              std::optional<Frames> total = {}, const Progress& progress = {});

/// The same in memory.
[[nodiscard]] std::vector<AudioBuffer> separate(Engine& engine, const AudioView& mix, const Progress& progress = {});

}  // namespace sfa::separation
