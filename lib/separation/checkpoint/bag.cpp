#include "sfa/separation/bag.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>

#include "sfa/audio/error.hpp"

namespace sfa::separation {

namespace {

constexpr std::size_t longest_text = 64 << 10;
constexpr std::size_t most_models = 64;
constexpr std::size_t most_stems = 64;
constexpr std::size_t longest_name = 100;

[[noreturn]] void fail(const std::string& what) {
  throw Error(Error::Kind::invalid_data, "no bag of models: " + what);
}

bool is_signature(const std::string& text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
           c == '.';
  };
  return !text.empty() && text.size() <= longest_name && text[0] != '.' && std::ranges::all_of(text, allowed);
}

double number(const YAML::Node& node, const std::string& name) {
  double value = 0.0;
  if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !std::isfinite(value)) {
    fail(name + " must be a number");
  }
  return value;
}

std::vector<std::string> models_of(const YAML::Node& models) {
  if (!models || !models.IsSequence() || models.size() == 0) fail("models must be a list of signatures");
  if (models.size() > most_models) fail("it has more than 64 models");
  std::vector<std::string> names;
  for (const auto& model : models) {
    if (!model.IsScalar() || !is_signature(model.Scalar())) fail("models must be a list of signatures");
    names.push_back(model.Scalar());
  }
  return names;
}

std::vector<double> weights_of(const YAML::Node& row) {
  if (!row.IsSequence() || row.size() == 0 || row.size() > most_stems) {
    fail("weights must be a list of numbers for each model");
  }
  std::vector<double> weights;
  for (const auto& weight : row) {
    weights.push_back(number(weight, "a weight"));
    if (weights.back() < 0.0) fail("a weight must be at least 0");
  }
  return weights;
}

std::vector<std::vector<double>> weights_of(const YAML::Node& rows, std::size_t models) {
  if (!rows.IsSequence() || rows.size() != models) fail("weights must be a list of numbers for each model");
  std::vector<std::vector<double>> weights;
  for (const auto& row : rows) weights.push_back(weights_of(row));
  std::vector<double> totals(weights[0].size(), 0.0);
  for (const auto& row : weights) {
    if (row.size() != totals.size()) fail("each model must have as many weights as the others");
    for (std::size_t i = 0; i < row.size(); ++i) totals[i] += row[i];
  }
  for (const auto total : totals) {
    if (total <= 0.0 || !std::isfinite(total)) fail("each stem must have a model with a weight above 0");
  }
  return weights;
}

bool is_given(const YAML::Node& node) { return node && !node.IsNull(); }

}  // namespace

Bag parse_bag(std::string_view yaml) {
  if (yaml.size() > longest_text) fail("it is longer than 64 KiB");
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    if (!root.IsMap()) fail("it is no YAML with the member models");
    Bag bag;
    bag.models = models_of(root["models"]);
    if (const auto weights = root["weights"]; is_given(weights)) {
      bag.weights = weights_of(weights, bag.models.size());
    }
    if (const auto segment = root["segment"]; is_given(segment)) {
      bag.segment_seconds = number(segment, "segment");
      if (*bag.segment_seconds <= 0.0) fail("segment must be above 0");
    }
    return bag;
  } catch (const YAML::Exception& error) {
    fail("its YAML is broken: " + error.msg.substr(0, 200) + " in line " + std::to_string(error.mark.line + 1));
  }
}

}  // namespace sfa::separation
