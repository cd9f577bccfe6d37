#include "sfa/io/json_stems.hpp"

#include "json_reader.hpp"
#include "json_separation.hpp"
#include "json_source.hpp"

namespace sfa::io {
namespace {

constexpr const char* format = "sfa.stems";
constexpr int version = 1;

json::Object written(const separation::StemFile& stem) {
  return {{"name", stem.name},
          {"path", stem.path},
          {"peak_db", json::number(stem.peak_db)},
          {"loudness_lufs", json::number(stem.loudness_lufs)}};
}

separation::StemFile read_stem(const json::Reader& entry) {
  separation::StemFile stem;
  stem.name = entry.text("name");
  stem.path = entry.text("path");
  if (stem.path.empty()) entry.fail("path", "the name of a file");
  stem.peak_db = entry.level("peak_db");
  stem.loudness_lufs = entry.level("loudness_lufs");
  return stem;
}

}  // namespace

std::string to_json(const separation::Stems& document, const std::string& recipe, bool compact) {
  json::Object root = json::begin_document(format, version, recipe);
  root["source"] = json::written(document.source);
  if (document.range) root["range"] = json::written(*document.range);
  root["engine"] = document.engine;
  root["engine_note"] = document.engine_note;
  if (document.network) root["network"] = json::written(*document.network);
  if (document.gain_db != 0.0) root["gain_db"] = json::number(document.gain_db);
  json::Object& list = root["stems"] = json::Object::array();
  for (const separation::StemFile& stem : document.stems) list.push_back(written(stem));
  return json::dump(root, compact);
}

separation::Stems stems_from_json(std::string_view text) {
  const json::Document parsed(text, format, version);
  const json::Reader& root = parsed.root();
  separation::Stems document;
  document.source = json::read_source(root.object("source"));
  document.engine = root.text_or("engine", "");
  document.engine_note = root.text_or("engine_note", "");
  if (const auto range = root.object_if("range")) document.range = json::read_range(*range);
  if (const auto network = root.object_if("network")) document.network = json::read_network(*network);
  document.gain_db = root.number_or("gain_db", 0.0);
  for (const json::Reader& entry : root.array("stems")) document.stems.push_back(read_stem(entry));
  return document;
}

}  // namespace sfa::io
