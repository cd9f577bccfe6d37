#include "sfa/io/stem_store.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "scratch.hpp"

using namespace sfa;
using io::ContentCache;
using io::StemStore;
using scratch::Folder;

namespace {

constexpr StemStore::Shape shape{4, 10000, {44100}};  // two stems of two channels

/// The frames of `range` of two stems that anybody can tell from one another.
std::vector<AudioBuffer> stems(FrameRange range) {
  std::vector<AudioBuffer> made;
  for (int s = 0; s < 2; ++s) {
    made.emplace_back(2, range.size(), shape.rate);
    for (int c = 0; c < 2; ++c)
      for (Frames t = range.begin; t < range.end; ++t)
        made.back().channel(c)[static_cast<std::size_t>(t - range.begin)] =
            static_cast<float>(t) + 0.25F * static_cast<float>(2 * s + c);
  }
  return made;
}

bool is_right(const AudioBuffer& audio, FrameRange range) {
  const auto wanted = stems(range);
  for (int channel = 0; channel < 4; ++channel)
    if (!std::ranges::equal(audio.channel(channel), wanted[static_cast<std::size_t>(channel / 2)].channel(channel % 2)))
      return false;
  return audio.channels() == 4;
}

void make(separation::KeptStems& entry) {
  for (Frames at = entry.done(); at < shape.frames; at += 2500) {
    entry.append(stems({at, at + 2500}));
    if (at + 2500 < shape.frames) entry.save({1.0F, static_cast<float>(at)});
  }
  entry.finish("cpu float32");
}

StemStore store_in(const Folder& folder, std::uint64_t limit = std::uint64_t{1} << 30) {
  return StemStore(ContentCache(folder / "cache", limit));
}

std::string file(const Folder& folder, const std::string& name) { return folder / ("cache/stems/" + name); }

void flip_bit(const std::string& path, std::size_t at) {
  auto bytes = scratch::get(path);
  bytes.at(at) = static_cast<char>(bytes[at] ^ 4);
  scratch::put(path, bytes);
}

}  // namespace

TEST_CASE("stems that are finished are found again, the same to the bit") {
  const Folder folder;
  const auto store = store_in(folder);
  CHECK_FALSE(store.find("a", shape));
  {
    const auto entry = store.open("a", shape, {});
    CHECK_FALSE(entry->finished());
    CHECK(entry->done() == 0);
    make(*entry);
    CHECK(is_right(entry->read({100, 9000}), {100, 9000}));
  }
  CHECK(scratch::fs::exists(file(folder, "a.stems")));
  CHECK_FALSE(scratch::fs::exists(file(folder, "a.part")));
  CHECK_FALSE(scratch::fs::exists(file(folder, "a.state")));
  const auto found = store.find("a", shape);
  REQUIRE(found);
  CHECK(found->finished());
  CHECK(found->made_with() == "cpu float32");
  CHECK(is_right(found->read({0, 10000}), {0, 10000}));
  CHECK_FALSE(store.find("b", shape));
  CHECK_FALSE(store.find("a", {4, 9999, {44100}}));
}

TEST_CASE("what was saved is there for whoever goes on") {
  const Folder folder;
  const auto store = store_in(folder);
  {
    const auto entry = store.open("a", shape, {});
    entry->append(stems({0, 2500}));
    entry->append(stems({2500, 4000}));
    entry->save({1.5F, -2.0F});
    entry->append(stems({4000, 5000}));  // not saved: lost
  }
  const auto entry = store.open("a", shape, {});
  CHECK(entry->done() == 4000);
  CHECK(entry->state() == std::vector<float>{1.5F, -2.0F});
  CHECK(is_right(entry->read({0, 4000}), {0, 4000}));
  CHECK_THROWS_AS((void)entry->read({0, 4001}), Error);
  entry->restart();
  CHECK(entry->done() == 0);
}

TEST_CASE("an entry that nothing was finished of leaves no file") {
  const Folder folder;
  { const auto entry = store_in(folder).open("a", shape, {}); }
  CHECK_FALSE(scratch::fs::exists(file(folder, "a.part")));
}

TEST_CASE("finished stems that were damaged or cut short are made anew") {
  const Folder folder;
  const auto store = store_in(folder);
  const auto path = file(folder, "a.stems");
  const auto whole = [&] {
    make(*store.open("a", shape, {}));
    return scratch::get(path).size();
  }();
  const auto samples = static_cast<std::size_t>(shape.channels * shape.frames) * 4;
  REQUIRE(whole > samples);
  for (const auto at : {std::size_t{0}, samples / 2, samples - 1, samples, whole - 70, whole - 1}) {
    CAPTURE(at);
    flip_bit(path, at);
    CHECK_FALSE(store.find("a", shape));
    const auto entry = store.open("a", shape, {});
    CHECK(entry->done() == 0);
    make(*entry);
    CHECK(store.find("a", shape));
  }
  for (const auto size : {std::size_t{0}, std::size_t{5}, samples - 4, samples, whole - 1}) {
    CAPTURE(size);
    scratch::put(path, scratch::get(path).substr(0, size));
    CHECK_FALSE(store.find("a", shape));
    make(*store.open("a", shape, {}));
  }
}

TEST_CASE("unfinished stems that were damaged are begun anew") {
  const Folder folder;
  const auto store = store_in(folder);
  for (const std::string name : {"a.part", "a.state"}) {
    for (const bool cut : {false, true}) {
      CAPTURE(name);
      CAPTURE(cut);
      {
        const auto entry = store.open("a", shape, {});
        entry->append(stems({0, 2500}));
        entry->save({1.0F});
      }
      const auto path = file(folder, name);
      if (cut) scratch::put(path, scratch::get(path).substr(0, 40));
      else flip_bit(path, 50);
      const auto entry = store.open("a", shape, {});
      CHECK(entry->done() == 0);
      CHECK(entry->state().empty());
    }
  }
}

TEST_CASE("one makes the stems and the other waits and takes them") {
  const Folder folder;
  const auto store = store_in(folder);
  auto maker = store.open("a", shape, {});
  maker->append(stems({0, 2500}));
  maker->save({});
  CHECK_THROWS_AS((void)store.open("a", shape, [](double) { return false; }), Error);  // it can be called off
  double told = 0.0;
  std::thread other([&] {
    const auto taken = store.open("a", shape, [&](double done) {
      told = done;
      return true;
    });
    CHECK(taken->finished());
    CHECK(is_right(taken->read({0, 10000}), {0, 10000}));
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  make(*maker);
  other.join();
  CHECK(told == doctest::Approx(0.25));
}

TEST_CASE("the lock of a process that was killed falls to the one that waits") {
  const Folder folder;
  const auto store = store_in(folder);
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto entry = store.open("a", shape, {});
    entry->append(stems({0, 2500}));
    entry->save({7.0F});
    (void)!::write(ready[1], "x", 1);
    ::pause();
    ::_exit(1);
  }
  char x = 0;
  REQUIRE(::read(ready[0], &x, 1) == 1);
  CHECK_THROWS_AS((void)store.open("a", shape, [](double) { return false; }), Error);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const auto entry = store.open("a", shape, [](double) { return false; });
  CHECK(entry->done() == 2500);
  CHECK(entry->state() == std::vector<float>{7.0F});
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("pruning takes the oldest stems that nobody has, audio and unfinished ones, too") {
  const Folder folder;
  ContentCache cache(folder / "cache", 400000);  // an entry has 160 kB and some
  const StemStore store(cache);
  const auto age = [&](const std::string& name, int hours) {
    scratch::fs::last_write_time(file(folder, name), scratch::fs::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  make(*store.open("a", shape, {}));
  const auto held = store.find("a", shape);
  {
    const auto entry = store.open("b", shape, {});
    entry->append(stems({0, 2500}));
    entry->save({});
  }
  age("a.stems", 3);
  age("b.part", 2);
  make(*store.open("c", shape, {}));
  CHECK(store.find("a", shape));  // the oldest, but somebody reads it
  CHECK_FALSE(scratch::fs::exists(file(folder, "b.part")));
  CHECK_FALSE(scratch::fs::exists(file(folder, "b.state")));
  CHECK(store.find("c", shape));
}

TEST_CASE("without a cache nothing is left behind") {
  const Folder folder;
  const StemStore store;
  const auto entry = store.open("a", shape, {});
  make(*entry);
  CHECK(entry->finished());
  CHECK(is_right(entry->read({0, 10000}), {0, 10000}));
  CHECK_FALSE(store.find("a", shape));
  CHECK(folder.entries() == 0);
}

TEST_CASE("stems of another shape are refused") {
  const StemStore store;
  const auto entry = store.open("a", shape, {});
  CHECK_THROWS_AS(entry->append({}), Error);
  const auto two = stems({0, 10});
  CHECK_THROWS_AS(entry->append(std::span(two).first(1)), Error);
  CHECK_THROWS_AS(entry->append(stems({0, 10001})), Error);
  CHECK_THROWS_AS((void)store.open("a", {0, 10, {44100}}, {}), Error);
}
