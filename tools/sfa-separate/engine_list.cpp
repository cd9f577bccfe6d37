#include "engine_list.hpp"

#include <fmt/format.h>

#include "sfa/io/model_files.hpp"
#include "sfa/separation/engine.hpp"
#include "sfa/separation/torch_runtime.hpp"

namespace sfa::tool {

std::string engine_list(const std::string& model_dir) {
  std::string text;
  for (const auto& engine : separation::engines()) {
    text += fmt::format("{}: {}; {}\n  {}\n", engine.name, fmt::join(engine.stems, ", "),
                        engine.rate ? fmt::format("{} Hz", engine.rate->hz) : "any sample rate", engine.note);
  }
  const auto models = io::models_found(io::model_folders(model_dir));
  text += fmt::format("models for --model: {}\n", models.empty() ? "none on this machine; see --fetch-model"
                                                                 : fmt::format("{}", fmt::join(models, ", ")));
  const auto& torch = separation::torch_runtime();
  if (!torch.problem.empty()) return text + fmt::format("libtorch: {}\n", torch.problem);
  text += fmt::format("libtorch: {}, threads: {}, matrix products by {}\n", torch.version, torch.threads,
                      torch.blas.empty() ? "a library unknown" : torch.blas);
  if (torch.slow_blas) text += "  that is the slow reference BLAS: install libopenblas0-openmp\n";
  return text;
}

}  // namespace sfa::tool
