// Audio kept by what it is: <dir>/audio/<sha256>.wav, the SHA-256 of the decoded audio, and documents by
// what they were made of: <dir>/documents/<fingerprint>.json. Any number of processes may use one cache
// at once: entries appear whole by rename and are never changed.
// What networks make of audio lies in <dir>/stems: see stem_store.hpp.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sfa/audio/buffer.hpp"

namespace sfa::io {

class ContentCache {
 public:
  /// `directory` empty: $XDG_CACHE_HOME/sfa, or $HOME/.cache/sfa. It is made when first needed.
  explicit ContentCache(std::string directory = {}, std::uint64_t limit_bytes = std::uint64_t{8} << 30);

  /// Keeps `audio` (float WAV) and returns its path. Afterwards the least recently used entries
  /// are removed until the cache fits its limit; the new entry is never among them.
  std::string keep(const AudioView& audio);

  /// Audio on its way into the cache, block by block.
  class Keeping {
   public:
    Keeping(const ContentCache& cache, SampleRate rate, int channels);
    ~Keeping();
    Keeping(Keeping&&) noexcept;
    Keeping& operator=(Keeping&&) noexcept;
    void write(const AudioView& audio);
    /// All is written: the entry of the audio with that hash, and its path, as keep() gives it.
    [[nodiscard]] std::string commit(const std::string& sha256);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

  /// The path of an entry, marked as just used.
  [[nodiscard]] std::optional<std::string> find(const std::string& sha256) const;

  /// Keeps a document under the fingerprint of its recipe; not one of which the recipe is not known whole, nor one too
  /// long to be read again.
  void keep_document(const std::string& recipe, std::string_view text) const;

  /// What was kept under that recipe, marked as just used.
  [[nodiscard]] std::optional<std::string> find_document(const std::string& recipe) const;

  /// Removes the least recently used entries, stems as well as audio, until the cache fits its limit; what
  /// a process holds a lock on and `newest` are left, whatever their size.
  void prune(const std::string& newest = {}) const;

  [[nodiscard]] const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
  std::uint64_t limit_bytes_;
};

}  // namespace sfa::io
