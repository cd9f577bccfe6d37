// A user of the installed library: writes a second of a filtered impulse.
#include "sfa/dsp/biquad.hpp"
#include "sfa/io/sound_file.hpp"

int main(int, char** argv) {
  sfa::AudioBuffer audio(1, 44100, {44100});
  audio.channel(0)[0] = 1.0F;
  sfa::dsp::Biquad filter(sfa::dsp::low_pass(1000.0, 0.7, audio.rate()));
  filter.process(audio.channel(0));
  sfa::io::write_sound(argv[1], audio, sfa::io::format_for(argv[1]));
}
