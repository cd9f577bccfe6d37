#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <utility>

#include "rtaudio.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::playback {
namespace {

Device device_from(const rtaudio_device_info_t& info, Api api) {
  Device device{.api = api,
                .name = std::string(info.name, strnlen(info.name, MAX_NAME_LENGTH)),
                .channels = static_cast<int>(info.output_channels),
                .preferred_rate = {static_cast<int>(info.preferred_sample_rate)},
                .rates = {},
                .is_default = info.is_default_output != 0};
  for (const int hz : info.sample_rates)
    if (hz > 0) device.rates.push_back({hz});
  if (device.preferred_rate.hz < 1)
    device.preferred_rate = device.rates.empty() ? SampleRate{48000} : device.rates.back();
  return device;
}

std::vector<Api> apis(Api api) {
  if (api == Api::automatic) return {Api::jack, Api::pulse, Api::alsa};
  return {api};
}

std::vector<Device> devices_of(Api api) {
  const auto audio = instance(api);
  std::vector<Device> found;
  if (audio == nullptr) return found;
  for (const auto& entry : entries(audio)) found.push_back(device_from(entry.info, api));
  return found;
}

constexpr std::array<std::pair<Api, const char*>, 4> api_names{
    {{Api::automatic, "auto"}, {Api::jack, "jack"}, {Api::pulse, "pulse"}, {Api::alsa, "alsa"}}};

}  // namespace

const char* name(Api api) { return api_names[static_cast<std::size_t>(api)].second; }

Api api_named(const std::string& word) {
  for (const auto& [api, text] : api_names)
    if (word == text) return api;
  throw Error(Error::Kind::invalid_argument, "no audio API is called " + word + " (auto, jack, pulse or alsa)");
}

SampleRate Device::rate_for(SampleRate wanted) const {
  return std::ranges::find(rates, wanted) != rates.end() ? wanted : preferred_rate;
}

void Device::check_rate(SampleRate wanted) const {
  if (std::ranges::find(rates, wanted) != rates.end()) return;
  std::string known;
  for (const auto rate : rates) known += (known.empty() ? "" : ", ") + std::to_string(rate.hz);
  throw DeviceError(DeviceError::Reason::rate,
                    name + ": does not play at " + std::to_string(wanted.hz) + " Hz (it has " + known + ")");
}

std::vector<Device> devices(Api api) {
  std::vector<Device> all;
  for (const Api one : apis(api)) std::ranges::move(devices_of(one), std::back_inserter(all));
  return all;
}

Device find_device(Api api, const std::string& wanted) {
  const std::string where = api == Api::automatic ? "JACK, PulseAudio or ALSA" : name(api);
  std::vector<Device> similar;
  for (const Api one : apis(api)) {
    const auto found = devices_of(one);
    if (wanted.empty() && !found.empty()) {
      const auto standard = std::ranges::find_if(found, &Device::is_default);
      return standard != found.end() ? *standard : found.front();
    }
    for (const auto& device : found) {
      if (device.name == wanted) return device;
      if (device.name.find(wanted) != std::string::npos) similar.push_back(device);
    }
  }
  if (similar.size() == 1) return similar.front();
  if (wanted.empty()) throw DeviceError(DeviceError::Reason::none, "no audio device found through " + where);
  const std::string many = similar.empty() ? "no audio device is called " : "several audio devices are called ";
  throw DeviceError(DeviceError::Reason::none, many + wanted + " (looked through " + where + ")");
}

}  // namespace sfa::playback
