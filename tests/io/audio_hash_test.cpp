#include "sfa/io/audio_hash.hpp"

#include "scratch.hpp"

using sfa::AudioBuffer;
using sfa::io::audio_sha256;
using sfa::io::AudioHasher;

TEST_CASE("audio is named by the SHA-256 of its shape and its interleaved samples") {
  // Expectations: hashlib.sha256(b"44100 1\n" + struct.pack("<3f", 0, 0.5, -1)) and so on.
  AudioBuffer mono(1, 3, {44100});
  mono.channel(0)[1] = 0.5F;
  mono.channel(0)[2] = -1.0F;
  CHECK(audio_sha256(mono) == "1ea7d013265ddb9803f2bd8be6636a3c7db2cc33702cebbf37cb38e22927fe3d");

  AudioBuffer stereo(2, 2, {48000});
  stereo.channel(0)[0] = 0.25F;
  stereo.channel(1)[0] = -0.25F;
  stereo.channel(0)[1] = 1.0F;
  stereo.channel(1)[1] = -0.5F;
  CHECK(audio_sha256(stereo) == "0a3dc64991350b23dc040e2f955274c8550072a59577d19a2cb72b21b64c9c70");

  CHECK(audio_sha256(AudioBuffer(1, 0, {8000})) ==
        "310052190a0837ffbeb00c50615c33c3c5bacc555d56f661073c42cfa0d6bf79");
}

TEST_CASE("hashing block by block is hashing the whole") {
  const auto audio = scratch::noise(3, 10000);
  AudioHasher hasher(audio.rate(), audio.channels());
  for (sfa::Frames at = 0; at < 10000; at += 777) {
    hasher.update(audio.view().slice({at, at + 777}));
    CHECK(hasher.hex().size() == 64);  // looking in between changes nothing
  }
  CHECK(hasher.hex() == audio_sha256(audio));
}

TEST_CASE("a rate or a channel count makes other audio of the same samples") {
  const std::vector<float> samples{0.1F, 0.2F, 0.3F, 0.4F};
  const sfa::AudioView mono(samples, {44100});
  CHECK(audio_sha256(mono) != audio_sha256(sfa::AudioView(samples, {48000})));
  CHECK(audio_sha256(mono) != audio_sha256(sfa::AudioView(samples.data(), 2, 2, 2, {44100})));
  AudioHasher hasher({44100}, 2);
  CHECK_THROWS_AS(hasher.update(mono), sfa::Error);
}
