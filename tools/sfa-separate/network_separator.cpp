#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "model.hpp"
#include "separator.hpp"
#include "sfa/io/digest.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/stem_store.hpp"
#include "sfa/separation/model_run.hpp"
#include "sfa/separation/torch_runtime.hpp"

namespace sfa::tool {
namespace {

using separation::KeptSources;
using separation::ModelMember;
using separation::ModelRun;
using separation::NetworkInput;

/// A member that something is wanted of.
struct Needed {
  Model::Member member;
  std::string sha256;                // of its file
  std::vector<double> weights;       // of its sources, 0 for those that are not wanted
};

/// All that song after song is separated with.
struct Setup {
  Command& command;
  Options options;
  Model model;
  std::vector<Needed> needed;
  io::StemStore store;
};

std::vector<std::size_t> with_weight(const std::vector<double>& weights) {
  std::vector<std::size_t> sources;
  for (std::size_t s = 0; s < weights.size(); ++s)
    if (weights[s] > 0.0) sources.push_back(s);
  return sources;
}

const char* name_of(separation::Device device) {
  return device == separation::Device::cpu ? "cpu" : device == separation::Device::cuda ? "cuda" : "auto";
}

const char* name_of(separation::Precision precision) {
  using separation::Precision;
  return precision == Precision::float32 ? "float32" : precision == Precision::bfloat16 ? "bfloat16" : "auto";
}

std::unique_ptr<separation::Network> make(const Setup& setup, const Needed& needed) {
  if (const auto& torch = separation::torch_runtime(); torch.problem.empty() && torch.slow_blas)
    setup.command.warn("matrix products are done by the slow reference BLAS: install libopenblas0-openmp");
  const auto checkpoint = read_model_file(needed.member.path);
  return io::about(needed.member.path, [&] { return separation::make_network(checkpoint, setup.options.network); });
}

/// All that decides what a network makes of a sound, as a name for it.
std::string key_of(const Setup& setup, const Needed& needed, const std::string& audio_sha256, std::size_t group,
                   const std::vector<std::size_t>& sources) {
  const auto& segments = setup.options.segments;
  const auto& network = setup.options.network;
  auto text = fmt::format("{} audio {} channels {} network {} sources {} overlap {} device {} precision {}", Command::version(),
                          audio_sha256, group, needed.sha256, fmt::join(sources, ","), segments.overlap,
                          name_of(network.device), name_of(network.precision));
  if (segments.segment_seconds) text += fmt::format(" segment {}", *segments.segment_seconds);
  if (setup.model.segment_seconds) text += fmt::format(" bag-segment {}", *setup.model.segment_seconds);
  if (segments.shifts > 0) text += fmt::format(" shifts {} seed {}", segments.shifts, segments.seed);
  return io::sha256_of(text);
}

class NetworkStems final : public StemSource {
 public:
  NetworkStems(Setup& setup, Song& song)
      : setup_(setup),
        song_(song),
        input_(song.info().channels, song.info().rate, setup.model.facts, song.open(), [&song] { return song.open(); }),
        run_(members(), input_, [this](auto... at) { return open(at...); }, [this](double done) { return tell(done); }) {}

  void produce(const separation::BlockSink& sink, const Progress& progress) override;
  void describe(separation::Stems& manifest) const override;

 private:
  bool tell(double done) {
    report(progress_, done);
    return true;
  }
  [[nodiscard]] std::vector<ModelMember> members() const;
  [[nodiscard]] KeptSources open(std::size_t member, std::size_t group, const Progress& progress) const;

  Setup& setup_;
  Song& song_;
  Progress progress_;
  NetworkInput input_;
  ModelRun run_;
};

std::vector<ModelMember> NetworkStems::members() const {
  std::vector<ModelMember> members;
  for (const auto& needed : setup_.needed)
    members.push_back({[&] { return make(setup_, needed); }, needed.weights, setup_.options.segments,
                       setup_.model.segment_seconds});
  return members;
}

/// Who made all stems once need not make some of them again.
KeptSources NetworkStems::open(std::size_t member, std::size_t group, const Progress& progress) const {
  const auto& needed = setup_.needed[member];
  const auto all = with_weight(needed.member.weights), wanted = with_weight(needed.weights);
  const auto key = [&](const auto& sources) { return key_of(setup_, needed, song_.sha256(), group, sources); };
  const auto shape = [&](const auto& sources) {
    return io::StemStore::Shape{static_cast<int>(sources.size()) * input_.network_channels(), input_.frames(),
                                input_.network_rate()};
  };
  if (auto made = setup_.store.find(key(all), shape(all))) return {std::move(made), all};
  bool told = false;
  const auto waiting = [&](double done) {
    if (!told) setup_.command.note("another process is making these stems; waiting for it");
    told = true;
    report(progress, done);
    return true;
  };
  return {setup_.store.open(key(wanted), shape(wanted), waiting), wanted};
}

void NetworkStems::produce(const separation::BlockSink& sink, const Progress& progress) {
  progress_ = progress;
  separation::give_all(run_, input_, sink);
  report(progress, 1.0);
}

void NetworkStems::describe(separation::Stems& manifest) const {
  const auto& options = setup_.options;
  manifest.engine = "network";
  const auto& architecture = setup_.model.facts.architecture;
  manifest.engine_note = architecture == "BandUNet" ? "masks on bands of the spectrum by sfa's own network: BandUNet"
                                                    : fmt::format("trained networks of the Demucs family: {}", architecture);
  separation::NetworkUse use;
  use.model = setup_.model.name;
  for (const auto& needed : setup_.needed) use.networks.push_back(needed.sha256);
  const auto made_with = run_.made_with();
  use.device = made_with.substr(0, made_with.find(' '));
  use.precision = made_with.substr(std::min(made_with.size(), use.device.size() + 1));
  use.overlap = options.segments.overlap;
  use.segment_seconds = options.segments.segment_seconds;
  use.shifts = options.segments.shifts;
  use.seed = options.segments.seed;
  manifest.network = std::move(use);
}

class NetworkSeparator final : public Separator {
 public:
  NetworkSeparator(Command& command, const Options& options)
      : setup_{command, options, find_model(options.model, options.model_dir), {},
               options.no_cache ? io::StemStore() : io::StemStore(command.cache())} {}

  [[nodiscard]] const std::vector<std::string>& stems() const override { return setup_.model.facts.sources; }
  [[nodiscard]] bool reads_again() const override { return true; }
  void want(const std::vector<std::size_t>& stems) override;
  void add_to(io::Recipe& recipe) const override;
  [[nodiscard]] std::unique_ptr<StemSource> open(Song& song) override {
    return std::make_unique<NetworkStems>(setup_, song);
  }

 private:
  Setup setup_;
};

void NetworkSeparator::want(const std::vector<std::size_t>& stems) {
  setup_.needed.clear();
  for (const auto& member : setup_.model.members) {
    Needed needed{member, {}, std::vector<double>(member.weights.size(), 0.0)};
    for (const auto stem : stems) needed.weights.at(stem) = member.weights.at(stem);
    if (with_weight(needed.weights).empty()) continue;
    if (member.path.empty()) throw Error(Error::Kind::not_found, member.problem);
    const auto facts = io::about(member.path, [&] { return separation::network_facts(read_model_file(member.path)); });
    const auto& first = setup_.model.facts;
    if (facts.sources != first.sources || facts.rate != first.rate || facts.channels != first.channels)
      throw Error(Error::Kind::unsupported, member.path + ": has other stems, channels or rate than the rest of its bag");
    needed.sha256 = io::sha256_of_file(member.path);
    setup_.command.reads(member.path);
    setup_.needed.push_back(std::move(needed));
  }
}

void NetworkSeparator::add_to(io::Recipe& recipe) const {
  for (const auto& needed : setup_.needed)
    recipe.option("network", needed.sha256).option("weights", fmt::format("{}", fmt::join(needed.weights, ",")));
  if (setup_.model.segment_seconds) recipe.option("bag-segment", fmt::format("{}", *setup_.model.segment_seconds));
}

}  // namespace

std::unique_ptr<Separator> make_network_separator(Command& command, const Options& options) {
  return std::make_unique<NetworkSeparator>(command, options);
}

}  // namespace sfa::tool
