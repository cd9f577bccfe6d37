#include "sfa/io/recipe.hpp"

#include <sys/stat.h>

#include "scratch.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/io/sound_file.hpp"

using scratch::Folder;
using scratch::put;
using namespace sfa::io;

namespace {

const std::string digits = "0123456789abcdef0123456789abcdef";
const std::string recipe = "sfa-slice 0.1.0 " + digits;

}  // namespace

TEST_CASE("a recipe is the tool, its version and 32 hex digits of SHA-256") {
  const Folder folder;
  put(folder / "abc", "abc");
  // hashlib.sha256(b"sfa-seq 0.1.0 option 4 2 bars16").hexdigest()[:32]
  CHECK(Recipe("sfa-seq", "0.1.0").option("bars", "16").text() == "sfa-seq 0.1.0 cb293b12e0733e647839cff5a9d6e9db");
  // ... + b"file " + hashlib.sha256(b"abc").hexdigest().encode()
  CHECK(Recipe("sfa-seq", "0.1.0").option("bars", "16").file(folder / "abc").text() ==
        "sfa-seq 0.1.0 0af408afb435559300024ad6e0990472");
}

TEST_CASE("whatever can change the output changes the recipe") {
  const Folder folder;
  put(folder / "a", "one");
  put(folder / "b", "one");
  put(folder / "c", "two");
  const auto text = [&](auto... parts) {
    Recipe made("sfa-x", "1");
    (parts(made), ...);
    return made.text();
  };
  const auto option = [](auto name, auto value) { return [=](Recipe& made) { made.option(name, value); }; };
  const auto file = [&](auto name) { return [=, &folder](Recipe& made) { made.file(folder / name); }; };
  CHECK(text(file("a")) == text(file("b")));
  CHECK(text(file("a")) != text(file("c")));
  CHECK(text(file("a"), file("c")) != text(file("c"), file("a")));
  CHECK(text(option("ab", "c")) != text(option("a", "bc")));
  CHECK(text(option("a", "1")) != text(option("a", "2")));
  CHECK(Recipe("sfa-x", "1").text() != Recipe("sfa-x", "2").text());
  CHECK(scratch::kind_of([&] { Recipe("sfa-x", "1").file(folder / "none"); }) == sfa::Error::Kind::not_found);
}

TEST_CASE("a recipe of a pipe marks its output as ours but never as current") {
  const Folder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const auto text = Recipe("sfa-slice", "0.1.0").option("x", "y").file(folder / "pipe").text();
  CHECK(text == "sfa-slice 0.1.0 " + std::string(32, '0'));
  put(folder / "out.json", "{\"made_by\": \"" + text + "\"}");
  CHECK(standing(folder / "out.json", text) == Standing::outdated);
}

TEST_CASE("sound files of every container carry their recipe") {
  const Folder folder;
  for (const std::string ending : {"wav", "rf64", "w64", "aiff", "caf", "au", "flac", "ogg", "opus", "mp3"}) {
    CAPTURE(ending);
    const auto path = folder / ("x." + ending);
    write_sound(path, scratch::sine(440, 48000, 1, 48000), format_for(path), recipe);
    CHECK(recipe_of(path) == recipe);
    CHECK(standing(path, recipe) == Standing::current);
    CHECK(standing(path, "sfa-slice 0.1.0 " + std::string(32, 'f')) == Standing::outdated);
    CHECK(standing(path, "sfa-mix 0.1.0 " + std::string(32, 'f')) == Standing::foreign);
    write_sound(path, scratch::sine(440, 48000, 1, 48000), format_for(path));
    CHECK(standing(path, recipe) == Standing::foreign);
  }
}

TEST_CASE("a recipe changes nothing of the sound beside it") {
  const Folder folder;
  for (const std::string ending : {"wav", "rf64", "w64", "aiff", "caf", "au", "flac"})
    for (const int frames : {0, 1, 2, 3, 7, 10001}) {
      if (ending == "flac" && frames == 0) continue;
      CAPTURE(ending);
      CAPTURE(frames);
      const auto path = folder / ("x." + ending);
      const auto audio = scratch::noise(1, frames);
      write_sound(path, audio, format_for(path, 24));
      const auto plain = read_sound(path);
      for (const std::string& text : {recipe, recipe + "!", recipe + "1234567"}) {
        write_sound(path, audio, format_for(path, 24), text);
        CHECK(SoundReader(path).info().frames == frames);
        CHECK(scratch::largest_difference(read_sound(path), plain) == 0.0);
      }
    }
}

TEST_CASE("JSON carries its recipe in the outermost object's made_by") {
  const Folder folder;
  const auto found = [&](const std::string& text) {
    put(folder / "x.json", text);
    return recipe_of(folder / "x.json").value_or("none");
  };
  CHECK(found("{\"format\": \"sfa.bank\", \"made_by\": \"" + recipe + "\", \"slices\": [{}]}") == recipe);
  CHECK(found("\n { \"a\" : [1, {\"b\": \"}\"}], \"made_by\" : \"" + recipe + "\" }") == recipe);
  CHECK(found("{\"made_by\":\"" + recipe + "\"}\n{\"made_by\":\"other\"}\n") == recipe);
  CHECK(found("{\"a\": 1}\n{\"made_by\":\"" + recipe + "\"}\n") == "none");
  CHECK(found("{\"inner\": {\"made_by\": \"" + recipe + "\"}}") == "none");
  CHECK(found("{\"made_by\": \"by hand, after " + recipe + "\"}") == "none");
  CHECK(found("{\"x\": \"made_by\", \"y\": \"" + recipe + "\"}") == "none");
  CHECK(found("{\"x\\\"made_by\": \"" + recipe + "\"}") == "none");
  CHECK(found("[{\"made_by\": \"" + recipe + "\"}]") == "none");
  CHECK(found("{\"made_by\": \"sfa-slice") == "none");
  CHECK(found("{\"made_by\": \"\\") == "none");
  CHECK(found("{\"made_by\": 3, \"b\": \"" + recipe + "\"}") == "none");
  CHECK(found(std::string(1 << 20, '{')) == "none");
  CHECK(found("{" + std::string(1 << 20, ' ') + "\"made_by\": \"" + recipe + "\"}") == "none");
}

TEST_CASE("a MIDI file carries its recipe in a text event") {
  const Folder folder;
  const std::string head{"MThd\0\0\0\6\0\1\0\1\1\xE0MTrk\0\0\0\x40\0\xFF\1\x30", 26};
  put(folder / "x.mid", head + recipe + std::string("\0\xFF\x2F\0", 4));
  CHECK(recipe_of(folder / "x.mid") == recipe);
}

TEST_CASE("a file that merely speaks of a recipe is somebody else's") {
  const Folder folder;
  put(folder / "notes.txt", "made with " + recipe + "\n");
  CHECK(standing(folder / "notes.txt", recipe) == Standing::foreign);
  for (const auto& almost : {"sfa-slice 0.1.0 " + digits.substr(1), recipe + "0", "sfa-Slice 0.1.0 " + digits,
                                   "sfa-slice  " + digits, "sfa- 0.1.0 " + digits, std::string("sfa-")}) {
    CAPTURE(almost);
    put(folder / "x.mid", "MThd" + almost);
    CHECK(standing(folder / "x.mid", recipe) == Standing::foreign);
  }
}

TEST_CASE("odd files have no recipe and are foreign; what is not there, a device or a pipe is absent") {
  const Folder folder;
  put(folder / "empty", "");
  sfa::Random random(3);
  std::string junk(100000, '\0');
  for (auto& c : junk) c = static_cast<char>(random.bits());
  put(folder / "junk", junk);
  scratch::fs::create_symlink("nowhere", folder / "dangling");
  scratch::fs::create_symlink("loop", folder / "loop");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const std::string name : {"empty", "junk", "dangling", "loop", "."}) {
    CAPTURE(name);
    CHECK_FALSE(recipe_of(folder / name));
    CHECK(standing(folder / name, recipe) == Standing::foreign);
  }
  for (const auto& path : {folder / "none", folder / "pipe", std::string("/dev/full"), std::string("/dev/stdout")})
    CHECK(standing(path, recipe) == Standing::absent);
  CHECK_FALSE(recipe_of(""));
}

TEST_CASE("a document that somebody edited is theirs") {
  const Folder folder;
  const auto path = folder / "bank.json";
  const auto other = "sfa-slice 0.1.0 " + std::string(32, 'f');
  sfa::slicing::Bank bank;
  bank.source = {"a.wav", "", {44100}, 1, 100};
  bank.grid.bpm = 120.0;
  for (const bool compact : {false, true}) {
    CAPTURE(compact);
    const auto text = to_json(bank, recipe, compact);
    put(path, text);
    CHECK(recipe_of(path) == recipe);
    CHECK(standing(path, recipe) == Standing::current);
    CHECK(standing(path, other) == Standing::outdated);

    auto edited = text;
    edited.replace(edited.find("120"), 3, "121");
    put(path, edited);
    CHECK(standing(path, recipe) == Standing::foreign);
    put(path, text.substr(0, text.size() - 3));
    CHECK(standing(path, recipe) == Standing::foreign);

    if (!compact) continue;
    put(path, text + edited);  // JSON Lines
    CHECK(standing(path, recipe) == Standing::foreign);
    put(path, text + text);
    CHECK(standing(path, recipe) == Standing::current);
  }
}
