// Arrays for NumPy: an .npz file, which is a zip of .npy files (NumPy, "NEP 1: a simple file format for NumPy
// arrays"; PKWARE, APPNOTE.TXT 6.3). Stored, not compressed, with 64-bit sizes as NumPy itself writes them, and
// without time stamps: the same arrays are the same bytes.
#pragma once
#include <memory>
#include <span>
#include <string>

namespace sfa::io {

/// Takes arrays whose lengths come out at the end, all side by side. What is beyond a megabyte of an array waits
/// in a nameless file in $TMPDIR.
class NpzWriter {
 public:
  /// A file at `path` that appears whole or not at all (see AtomicFile). `recipe` goes into the zip's comment.
  /// Throws as AtomicFile does.
  explicit NpzWriter(const std::string& path, const std::string& recipe = {});
  ~NpzWriter();
  NpzWriter(NpzWriter&&) noexcept;
  NpzWriter& operator=(NpzWriter&&) = delete;

  /// A single number, float64 without dimensions.
  void value(const std::string& name, double number);

  /// An array of float32 that grows frame by frame, `rows` >= 1 values each. NumPy sees it as (rows, frames),
  /// or as (frames) where `rows` is 1. Names are file names without a slash, each used once. Returns its number.
  /// Throws Error::invalid_argument.
  int array(const std::string& name, int rows);

  /// The next values of an array, whole frames. Throws Error::io.
  void append(int array, std::span<const float> values);

  /// Nothing may be added after it. Throws Error::io.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::io
