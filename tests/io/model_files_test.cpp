#include "sfa/io/model_files.hpp"

#include <cstdlib>

#include "scratch.hpp"

using scratch::error_of;
using scratch::Folder;
using scratch::kind_of;
using sfa::Error;
using namespace sfa::io;

namespace {

struct Places {
  Folder folder;
  ModelFolders folders{{folder / "mine", folder / "data"}, {folder / "hub"}};

  Places() {
    for (const auto* name : {"mine", "data", "hub"}) scratch::fs::create_directory(folder / name);
  }
  std::string put(const std::string& name) const {
    scratch::put(folder / name, "");
    return folder / name;
  }
};

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("models are looked for where XDG and torch.hub say") {
  CHECK(scratch::in_child([] {
          ::setenv("HOME", "/h", 1);
          for (const auto* name : {"XDG_DATA_HOME", "XDG_CACHE_HOME", "TORCH_HOME"}) ::unsetenv(name);
          const auto shipped = model_folders().shipped;
          const bool beside = shipped.ends_with("/share/sfa/models");
          const bool plain =
              model_folders().all() == Paths{"/h/.local/share/sfa/models", shipped, "/h/.cache/torch/hub/checkpoints"};
          ::setenv("XDG_DATA_HOME", "/d", 1);
          ::setenv("XDG_CACHE_HOME", "/c", 1);
          ::setenv("TORCH_HOME", "/t", 1);
          const bool all = model_folders("m").own == Paths{"m", "/d/sfa/models"} &&
                           model_folders("m").hub == Paths{"/t/hub/checkpoints", "/c/torch/hub/checkpoints",
                                                           "/h/.cache/torch/hub/checkpoints"};
          ::setenv("XDG_DATA_HOME", "relative", 1);
          const bool relative = model_folders().own == Paths{"/h/.local/share/sfa/models"};
          for (const auto* name : {"HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TORCH_HOME"}) ::unsetenv(name);
          return beside && plain && all && relative && model_folders().all() == Paths{shipped} ? 0 : 1;
        }) == 0);
}

TEST_CASE("a checkpoint is found under each of its names, the first folder first") {
  const Places places;
  const auto find = [&] { return find_checkpoint(places.folders.all(), "955717e8", "8726e21a").value_or("none"); };
  CHECK(find() == "none");
  places.put("mine/955717e8-00000000.th");  // of another file
  places.put("mine/955717e8-8726e21a.th.part");
  scratch::fs::create_directory(places.folder / "mine/955717e8.th");
  CHECK(find() == "none");
  for (const auto* name : {"hub/955717e8-8726e21a.th", "data/955717e8-8726e21a.safetensors", "data/955717e8.safetensors",
                           "data/955717e8.th", "data/955717e8-8726e21a.th", "mine/955717e8.safetensors"}) {
    const auto path = places.put(name);
    CHECK(find() == path);
  }
}

TEST_CASE("without a checksum any will do, but nothing outside the folders") {
  const Places places;
  const auto path = places.put("hub/abc-12345678.th");
  places.put("hub/abc-12345678.safetensors");
  places.put("hub/abc-model.th");
  places.put("outside.th");
  CHECK(find_checkpoint(places.folders.all(), "abc") == path);
  CHECK_FALSE(find_checkpoint(places.folders.all(), "../outside"));
  CHECK_FALSE(find_checkpoint(places.folders.all(), ""));
}

TEST_CASE("a released model is there when all its members are, wherever each is") {
  const Places places;
  const std::string missing = "htdemucs_ft is not on this machine; get it with: sfa-separate --fetch-model htdemucs_ft";
  const auto problem = [&] { return error_of([&] { (void)find_model("htdemucs_ft", places.folders); }); };
  CHECK(problem() == missing);
  const Paths members{places.put("hub/f7e0c4bc-ba3fe64a.th"), places.put("data/d12395a8.safetensors"),
                      places.put("mine/92cfc3b6.th")};
  CHECK(problem() == missing);
  CHECK(models_found(places.folders).empty());
  auto all = members;
  all.push_back(places.put("hub/04573f0d-f3cf25b2.th"));
  const auto files = find_model("htdemucs_ft", places.folders);
  CHECK(files.checkpoints == all);
  CHECK(files.released == sfa::separation::find_released_model("htdemucs_ft"));
  CHECK(models_found(places.folders) == Paths{"htdemucs_ft"});
}

TEST_CASE("the user's own models go by their files' names") {
  const Places places;
  const auto bag = places.put("mine/band.yaml"), single = places.put("data/choir-0123abcd.th");
  places.put("hub/stranger.th");
  places.put("mine/notes.txt");
  CHECK(find_model("band", places.folders).bag == bag);
  CHECK(find_model("choir", places.folders).checkpoints == Paths{single});
  CHECK(models_found(places.folders) == Paths{"band", "choir"});
  CHECK(error_of([&] { (void)find_model("stranger", places.folders); }) ==
        "stranger: no such model; released: htdemucs, htdemucs_ft, htdemucs_6s, hdemucs_mmi, mdx, mdx_extra; on this "
        "machine: band, choir");
  const auto own = places.put("mine/htdemucs.yaml");
  CHECK(find_model("htdemucs", places.folders).bag == own);
}

TEST_CASE("a file is named by its path") {
  const Places places;
  const auto checkpoint = places.put("elsewhere.th"), bag = places.put("elsewhere.yaml");
  CHECK(find_model(checkpoint, places.folders).checkpoints == Paths{checkpoint});
  CHECK(find_model(bag, places.folders).bag == bag);
  CHECK(error_of([&] { (void)find_model("none.th", places.folders); }) == "none.th: No such file or directory");
  CHECK(kind_of([&] { (void)find_model(places.folder.str(), places.folders); }) == Error::Kind::io);
}

TEST_CASE("a bag's members lie beside it or where models do") {
  const Places places;
  const auto bag = places.put("band.yaml");
  CHECK(error_of([&] { (void)find_member(bag, "d12395a8", places.folders); }) ==
        bag + ": its member d12395a8 is not on this machine; get it with: sfa-separate --fetch-model htdemucs_ft");
  CHECK(error_of([&] { (void)find_member(bag, "feedbeef", places.folders); }) ==
        bag + ": its member feedbeef is not on this machine");
  const auto far = places.put("hub/d12395a8-e57c48e6.th");
  CHECK(find_member(bag, "d12395a8", places.folders) == far);
  const auto near = places.put("d12395a8.th");
  CHECK(find_member(bag, "d12395a8", places.folders) == near);
}

TEST_CASE("quantised models are refused by name") {
  const Places places;
  CHECK(kind_of([&] { (void)find_model("mdx_extra_q", places.folders); }) == Error::Kind::unsupported);
  CHECK(error_of([&] { (void)find_model("mdx_q", places.folders); }) ==
        "mdx_q is quantised by DiffQ, which sfa does not read; mdx is the same model before that");
}
