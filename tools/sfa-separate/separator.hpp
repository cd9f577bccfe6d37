// What takes songs apart here: an engine, or a trained network.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "options.hpp"
#include "sfa/io/recipe.hpp"
#include "sfa/separation/engine.hpp"
#include "sfa/separation/stems.hpp"
#include "song.hpp"

namespace sfa::tool {

/// A song's stems on their way.
class StemSource {
 public:
  virtual ~StemSource() = default;
  /// Gives the stems that were wanted, from the beginning to the end, each time it is called: blocks at the song's
  /// rate, in its channels, as many frames as it has.
  virtual void produce(const separation::BlockSink& sink, const Progress& progress) = 0;
  /// What made them, into the manifest. After produce().
  virtual void describe(separation::Stems& manifest) const = 0;
};

class Separator {
 public:
  virtual ~Separator() = default;
  /// All that it has.
  [[nodiscard]] virtual const std::vector<std::string>& stems() const = 0;
  /// Whether it reads a song more than once.
  [[nodiscard]] virtual bool reads_again() const = 0;
  /// From now on only these, in the order of stems().
  virtual void want(const std::vector<std::size_t>& stems) = 0;
  /// What decides the stems besides the options.
  virtual void add_to(io::Recipe& recipe) const = 0;
  /// `song` outlives the source.
  [[nodiscard]] virtual std::unique_ptr<StemSource> open(Song& song) = 0;
};

[[nodiscard]] std::unique_ptr<Separator> make_engine_separator(const std::string& engine);

/// Throws as io::find_model. `command` is asked for its cache and told remarks.
[[nodiscard]] std::unique_ptr<Separator> make_network_separator(Command& command, const Options& options);

}  // namespace sfa::tool
