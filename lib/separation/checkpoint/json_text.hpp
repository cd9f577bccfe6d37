// JSON as .safetensors hold it: their header, and in it the arguments of the network.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "sfa/separation/value.hpp"

namespace sfa::separation {

/// Throws Error::invalid_data for what is no JSON, nested deeper than `deepest`, or where an object has a
/// member twice.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, int deepest);

/// Arguments as an object. JSON has no word for some values; they are objects of one member:
/// {"fraction": [39, 5]}, {"opaque": "torch.nn.ReLU"}, {"real": "inf"} (or "-inf", "nan").
[[nodiscard]] std::string to_json_text(const ValueMap& arguments);
[[nodiscard]] ValueMap arguments_from_json(std::string_view text);

}  // namespace sfa::separation
