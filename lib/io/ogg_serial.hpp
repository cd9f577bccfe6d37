// Ogg streams carry a serial number, for which libsndfile throws dice. The same sound shall give
// the same bytes, so it is replaced by a constant, and each page's checksum by the one that fits.
// The page: RFC 3533, section 6.
#pragma once

namespace sfa::io {

/// Rewrites every page of a regular file that holds one Ogg stream. Returns 0 or errno; EIO if
/// the file is no row of Ogg pages.
[[nodiscard]] int set_ogg_serial(int descriptor) noexcept;

}  // namespace sfa::io
