#include "separator.hpp"

namespace sfa::tool {
namespace {

class EngineStems final : public StemSource {
 public:
  EngineStems(separation::Engine& engine, const std::vector<std::size_t>& wanted, Song& song)
      : engine_(engine), wanted_(wanted), song_(song) {}

  void produce(const separation::BlockSink& sink, const Progress& progress) override {
    const auto wanted = [&](std::span<const AudioBuffer> all) {
      std::vector<AudioBuffer> stems;
      for (const auto stem : wanted_) stems.push_back(all[stem]);
      sink(stems);
    };
    separation::separate(engine_, song_.open(), wanted, song_.foreseen_frames(), progress);
  }

  void describe(separation::Stems& manifest) const override {
    manifest.engine = engine_.info().name;
    manifest.engine_note = engine_.info().note;
  }

 private:
  separation::Engine& engine_;
  const std::vector<std::size_t>& wanted_;
  Song& song_;
};

class EngineSeparator final : public Separator {
 public:
  explicit EngineSeparator(const std::string& name) : engine_(separation::make_engine(name)) {}

  [[nodiscard]] const std::vector<std::string>& stems() const override { return engine_->info().stems; }
  [[nodiscard]] bool reads_again() const override { return false; }
  void want(const std::vector<std::size_t>& stems) override { wanted_ = stems; }
  void add_to(io::Recipe& recipe) const override { recipe.option("engine", engine_->info().name); }
  [[nodiscard]] std::unique_ptr<StemSource> open(Song& song) override {
    return std::make_unique<EngineStems>(*engine_, wanted_, song);
  }

 private:
  std::unique_ptr<separation::Engine> engine_;
  std::vector<std::size_t> wanted_;
};

}  // namespace

std::unique_ptr<Separator> make_engine_separator(const std::string& engine) {
  return std::make_unique<EngineSeparator>(engine);
}

}  // namespace sfa::tool
