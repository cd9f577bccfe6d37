/* An ALSA control without elements: RtAudio counts devices by opening "default" as one, which fails where there is no
   sound card. For tests that play on ALSA's `file` device. */
#include <alsa/asoundlib.h>
#include <alsa/control_external.h>

static int count(snd_ctl_ext_t *ext) { return (void)ext, 0; }
static int list(snd_ctl_ext_t *ext, unsigned offset, snd_ctl_elem_id_t *id) {
  return (void)ext, (void)offset, (void)id, -ENOENT;
}
static snd_ctl_ext_key_t find(snd_ctl_ext_t *ext, const snd_ctl_elem_id_t *id) {
  return (void)ext, (void)id, SND_CTL_EXT_KEY_NOT_FOUND;
}
static int attribute(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, int *type, unsigned *access, unsigned *values) {
  return (void)ext, (void)key, (void)type, (void)access, (void)values, -ENOENT;
}
static int read_event(snd_ctl_ext_t *ext, snd_ctl_elem_id_t *id, unsigned *mask) {
  return (void)ext, (void)id, (void)mask, -EAGAIN;
}

static const snd_ctl_ext_callback_t callbacks = {
    .elem_count = count, .elem_list = list, .find_elem = find, .get_attribute = attribute, .read_event = read_event};

SND_CTL_PLUGIN_DEFINE_FUNC(sfanothing) {
  static snd_ctl_ext_t ext;
  (void)root, (void)conf;
  ext.version = SND_CTL_EXT_VERSION;
  strcpy(ext.id, "nothing");
  strcpy(ext.driver, "nothing");
  strcpy(ext.name, "nothing");
  strcpy(ext.longname, "nothing");
  strcpy(ext.mixername, "nothing");
  ext.poll_fd = -1;
  ext.callback = &callbacks;
  const int result = snd_ctl_ext_create(&ext, name, mode);
  if (result >= 0) *handlep = ext.handle;
  return result;
}
SND_CTL_PLUGIN_SYMBOL(sfanothing);
