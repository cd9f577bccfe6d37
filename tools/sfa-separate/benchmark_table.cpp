#include "benchmark_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sfa/audio/error.hpp"

namespace sfa::tool {
namespace {

using separation::Benchmark;
using separation::Scores;
using separation::StemScores;

struct Row {
  std::string name;
  std::vector<StemScores> stems;
};

/// Whatever a folder is called, it stays one line on a terminal.
std::string printable(const std::string& name) { return Error(Error::Kind::io, name).what(); }

std::vector<Row> rows_of(const Benchmark& benchmark) {
  std::vector<Row> rows;
  for (const auto& song : benchmark.songs) rows.push_back({printable(song.name), song.stems});
  if (rows.size() > 1) {
    rows.push_back({"mean", over_songs(benchmark, separation::mean)});
    rows.push_back({"median", over_songs(benchmark, separation::median)});
  }
  for (auto& row : rows) row.stems.push_back(separation::mean(row.stems));
  return rows;
}

std::string cell(const std::optional<double>& figure) {
  if (!figure) return fmt::format("{:>9}", "-");
  const auto text = fmt::format("{:.2f}", *figure);
  return fmt::format("{:>9}", text == "-0.00" ? "0.00" : text);
}

std::string table(const std::string& title, const Benchmark& benchmark, const std::vector<Row>& rows,
                  std::optional<double> Scores::*figure) {
  std::size_t width = title.size();
  for (const auto& row : rows) width = std::max(width, fmt::formatted_size("{}  separated", row.name));
  std::string text = fmt::format("{:{}}", title, width);
  for (const auto& stem : benchmark.stems) text += fmt::format("{:>9}", printable(stem));
  text += fmt::format("{:>9}\n", "mean");
  const auto name_width = width - std::string("  separated").size();
  const auto add = [&](const std::string& name, const char* what, const Row& row, Scores StemScores::*made) {
    text += fmt::format("{:{}}  {:9}", name, name_width, what);
    for (const auto& stem : row.stems) text += cell(stem.*made.*figure);
    text += '\n';
  };
  for (const auto& row : rows) {
    add(row.name, "separated", row, &StemScores::estimate);
    add("", "mixture", row, &StemScores::mixture);
  }
  return text;
}

std::string duration(const Benchmark& benchmark) {
  double seconds = 0.0;
  for (const auto& song : benchmark.songs) seconds += to_seconds(song.source.frames, song.source.sample_rate).value;
  return fmt::format("{:.1f} s", seconds);
}

}  // namespace

std::string benchmark_table(const Benchmark& benchmark) {
  const auto rows = rows_of(benchmark);
  const auto count = benchmark.songs.size();
  return fmt::format("{}: {} {}, {} in all, {:.1f} times as fast as they play\n\n",
                     printable(benchmark.network ? benchmark.network->model : benchmark.engine), count,
                     count == 1 ? "song" : "songs", duration(benchmark), speed(benchmark)) +
         table("nSDR in dB", benchmark, rows, &Scores::nsdr_db) + "\n" +
         table("SDR in dB", benchmark, rows, &Scores::sdr_db);
}

}  // namespace sfa::tool
