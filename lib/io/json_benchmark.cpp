#include "sfa/io/json_benchmark.hpp"

#include "json_reader.hpp"
#include "json_separation.hpp"
#include "json_source.hpp"

namespace sfa::io {
namespace {

using separation::Benchmark;
using separation::BenchmarkSong;
using separation::StemScores;

constexpr const char* format = "sfa.benchmark";
constexpr int version = 1;

json::Object written(const std::optional<double>& figure) {
  return figure ? json::number(*figure) : json::Object(nullptr);
}

void add(json::Object& entry, const StemScores& scores) {
  entry["nsdr_db"] = written(scores.estimate.nsdr_db);
  entry["sdr_db"] = written(scores.estimate.sdr_db);
  entry["mixture_nsdr_db"] = written(scores.mixture.nsdr_db);
  entry["mixture_sdr_db"] = written(scores.mixture.sdr_db);
}

/// The members "stems" and "mean".
void add(json::Object& entry, const Benchmark& benchmark, const std::vector<StemScores>& stems) {
  json::Object& list = entry["stems"] = json::Object::array();
  for (std::size_t s = 0; s < stems.size(); ++s) {
    json::Object stem = {{"name", benchmark.stems.at(s)}};
    add(stem, stems[s]);
    list.push_back(std::move(stem));
  }
  add(entry["mean"] = json::Object::object(), separation::mean(stems));
}

json::Object written(const Benchmark& benchmark, const BenchmarkSong& song) {
  json::Object entry = {{"name", song.name}, {"source", json::written(song.source)}};
  if (song.range) entry["range"] = json::written(*song.range);
  add(entry, benchmark, song.stems);
  entry["speed"] = json::number(song.speed);
  return entry;
}

json::Object written(const Benchmark& benchmark, const std::vector<StemScores>& over_songs) {
  json::Object entry = json::Object::object();
  add(entry, benchmark, over_songs);
  return entry;
}

std::optional<double> read_figure(const json::Reader& entry, const char* name) {
  return entry.has(name) ? std::optional(entry.number(name)) : std::nullopt;
}

StemScores read_scores(const json::Reader& entry) {
  return {{read_figure(entry, "nsdr_db"), read_figure(entry, "sdr_db")},
          {read_figure(entry, "mixture_nsdr_db"), read_figure(entry, "mixture_sdr_db")}};
}

BenchmarkSong read_song(const json::Reader& entry, const std::vector<std::string>& stems) {
  BenchmarkSong song;
  song.name = entry.text("name");
  song.source = json::read_source(entry.object("source"));
  if (const auto range = entry.object_if("range")) song.range = json::read_range(*range);
  const auto scores = entry.array("stems");
  if (scores.size() != stems.size()) entry.fail("stems", "one for each of the document's stems");
  for (std::size_t s = 0; s < stems.size(); ++s) {
    if (scores[s].text("name") != stems[s]) scores[s].fail("name", stems[s]);
    song.stems.push_back(read_scores(scores[s]));
  }
  song.speed = entry.number_or("speed", 0.0, {.min = 0.0});
  return song;
}

}  // namespace

std::string to_json(const Benchmark& document, const std::string& recipe) {
  json::Object root = json::begin_document(format, version, recipe);
  root["engine"] = document.engine;
  root["engine_note"] = document.engine_note;
  if (document.network) root["network"] = json::written(*document.network);
  root["stems"] = document.stems;
  json::Object& songs = root["songs"] = json::Object::array();
  for (const auto& song : document.songs) songs.push_back(written(document, song));
  root["mean"] = written(document, over_songs(document, separation::mean));
  root["median"] = written(document, over_songs(document, separation::median));
  root["speed"] = json::number(speed(document));
  return json::dump(root, false);
}

Benchmark benchmark_from_json(std::string_view text) {
  const json::Document parsed(text, format, version);
  const json::Reader& root = parsed.root();
  Benchmark document;
  document.engine = root.text_or("engine", "");
  document.engine_note = root.text_or("engine_note", "");
  if (const auto network = root.object_if("network")) document.network = json::read_network(*network);
  document.stems = root.texts("stems");
  for (const auto& entry : root.array("songs")) document.songs.push_back(read_song(entry, document.stems));
  return document;
}

}  // namespace sfa::io
