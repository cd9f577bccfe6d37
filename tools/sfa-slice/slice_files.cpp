#include "slice_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/slicing/slice.hpp"
#include "sfa/tool/folder.hpp"
#include "slice_names.hpp"

namespace sfa::tool {
namespace {

constexpr Frames block_frames = 65536;

/// That of a source of whole numbers, as a writer takes it; 0 for all others.
int bit_depth_of(const std::string& encoding) {
  int bits = 0;
  const auto [rest, failure] = std::from_chars(encoding.data(), encoding.data() + encoding.size(), bits);
  if (failure != std::errc() || std::string_view(rest) != "-bit PCM" || bits > 32) return 0;
  return bits <= 16 ? 16 : bits <= 24 ? 24 : 32;
}

/// `path`'s format, with the source's bit depth where it has one and the format has that.
io::SoundFormat format_of(const std::string& path, int bit_depth) {
  const auto plain = io::format_for(path);
  const bool takes_depth = plain.encoding != io::Encoding::lossy && !(plain.container == io::Container::flac && bit_depth == 32);
  return takes_depth ? io::format_for(path, bit_depth) : plain;
}

void write_slice(FileSound& sound, const std::string& path, slicing::Slice slice, bool with_fades, const std::string& recipe) {
  if (!with_fades) slice.fade_in_frames = slice.fade_out_frames = 0;
  const bool is_plain = slice.gain_db == 0.0 && slice.fade_in_frames == 0 && slice.fade_out_frames == 0;
  const auto& info = sound.info();
  io::SoundWriter writer(path, info.rate, info.channels, format_of(path, is_plain ? bit_depth_of(info.encoding) : 0), recipe);
  for (Frames begin = slice.range.begin; begin < slice.range.end; begin += block_frames) {
    AudioBuffer block = sound.read({begin, std::min(slice.range.end, begin + block_frames)});
    slicing::shape(block, begin, slice);
    writer.write(block);
  }
  writer.commit();
}

void write_marked(FileSound& sound, FrameRange range, const slicing::Bank& bank, const std::string& path,
                  const std::string& recipe) {
  const auto& info = sound.info();
  auto format = format_of(path, bit_depth_of(info.encoding));
  io::SoundWriter writer(path, info.rate, info.channels, format, recipe);
  std::vector<io::SoundMark> marks;
  for (const auto& slice : bank.slices)
    marks.push_back({{slice.range.begin - range.begin, slice.range.end - range.begin},
                     fmt::format("{:03}-{}", slice.id, slicing::name(slice.kind)), slice.note});
  std::ranges::stable_sort(marks, {}, [](const io::SoundMark& mark) { return mark.range.begin; });
  writer.mark(marks);
  for (Frames begin = range.begin; begin < range.end; begin += block_frames)
    writer.write(sound.read({begin, std::min(range.end, begin + block_frames)}));
  writer.commit();
}

}  // namespace

void write_files(Command& command, FileSound& sound, FrameRange range, slicing::Bank& bank, const SliceFiles& files,
                 const std::string& bank_path, const std::string& recipe) {
  std::vector<std::string> paths;
  if (!files.folder.empty()) {
    paths = slice_paths(command.input(), files.folder, files.name, bank.slices);
    make_folder(files.folder);
  }
  std::vector<bool> wanted;
  for (const auto& path : paths) {
    (void)io::format_for(path);
    make_folder_of(path);
    wanted.push_back(command.force() || io::standing(path, recipe) != io::Standing::current);
    if (wanted.back()) (void)command.needs_making(path, recipe);  // refuses somebody else's file
  }
  const bool marked = !files.cue_wav.empty() && (command.force() || io::standing(files.cue_wav, recipe) != io::Standing::current);
  if (marked) (void)command.needs_making(files.cue_wav, recipe);
  const auto progress = command.progress("write");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    report(progress, static_cast<double>(i) / static_cast<double>(paths.size()));
    if (wanted[i]) write_slice(sound, paths[i], bank.slices[i], files.with_fades, recipe);
    bank.slices[i].path = io::path_for(bank_path, paths[i]);
  }
  if (marked) write_marked(sound, range, bank, files.cue_wav, recipe);
  report(progress, 1.0);
}

bool is_complete(Command& command, const std::string& path, const SliceFiles& files, const std::string& recipe) {
  if (command.needs_making(path, recipe)) return false;
  if (!files.cue_wav.empty() && io::standing(files.cue_wav, recipe) != io::Standing::current) return false;
  try {
    const auto bank = io::bank_from_json(io::read_document(path));
    return std::ranges::all_of(bank.slices, [&](const slicing::Slice& slice) {
      return slice.path.empty() || io::standing(io::path_from(path, slice.path), recipe) == io::Standing::current;
    });
  } catch (const Error&) {
    return false;  // ours, but spoilt since
  }
}

}  // namespace sfa::tool
