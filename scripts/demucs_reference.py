"""The reference implementation of Demucs on one file, for scripts/bench separation:

demucs_reference.py --check                          exits 0 if it can be imported
demucs_reference.py NET.safetensors MIX.wav OUT      writes float32 stems, prints the seconds it took
demucs_reference.py --compare REFERENCE < OURS       tells how far two such outputs are apart
"""
import json
import struct
import sys
import time
import types
from fractions import Fraction

import numpy as np


def import_demucs():
    # What the networks' modules import and inference does not use.
    for name, members in {"dora": [], "dora.log": ["fatal", "bold"], "omegaconf": ["OmegaConf"], "diffq": [], "tqdm": ["tqdm"],
                          "openunmix": [], "openunmix.filtering": ["wiener"], "torchaudio": [], "lameenc": []}.items():
        try:
            __import__(name)
        except ImportError:
            module = types.ModuleType(name)
            for member in members:
                setattr(module, member, None)
            sys.modules[name] = module
    try:
        import einops  # noqa: F401
    except ImportError:
        sys.modules["einops"] = types.ModuleType("einops")
        sys.modules["einops"].rearrange = rearrange
    from demucs.apply import apply_model
    from demucs.hdemucs import HDemucs
    from demucs.htdemucs import HTDemucs
    return apply_model, {"HTDemucs": HTDemucs, "HDemucs": HDemucs}


def rearrange(x, pattern, **sizes):
    """The few patterns that Demucs asks of einops."""
    if pattern == "b c f t-> b c (f t)":
        return x.flatten(2)
    if pattern == "b c (f t)-> b c f t":
        return x.view(*x.shape[:2], sizes["f"], -1)
    if pattern == "b c fr t1 -> b (t1 fr) c":
        return x.permute(0, 3, 2, 1).flatten(1, 2)
    if pattern == "b (t1 fr) c -> b c fr t1":
        return x.view(x.shape[0], sizes["t1"], -1, x.shape[2]).permute(0, 3, 2, 1)
    if pattern in ("b c t2 -> b t2 c", "b t2 c -> b c t2"):
        return x.transpose(1, 2)
    if pattern == "t2 b c -> b t2 c":
        return x.transpose(0, 1)
    raise ValueError(pattern)


def read_network(path, classes):
    import torch
    data = open(path, "rb").read()
    size, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    about = header.pop("__metadata__")
    arguments = {name: Fraction(*value["fraction"]) if isinstance(value, dict) else value
                 for name, value in json.loads(about["arguments"]).items()}
    network = classes[about["architecture"]](**arguments)
    state = {}
    for name, tensor in header.items():
        begin, end = (8 + size + offset for offset in tensor["data_offsets"])
        state[name] = torch.from_numpy(np.frombuffer(data[begin:end], dtype=np.float32).reshape(tensor["shape"]).copy())
    network.load_state_dict(state)
    return network.eval()


def read_floats(path):
    """A float32 stereo WAV's samples as (2, frames)."""
    data = open(path, "rb").read()
    at = 12
    while data[at:at + 4] != b"data":
        at += 8 + struct.unpack("<I", data[at + 4:at + 8])[0]
    size, = struct.unpack("<I", data[at + 4:at + 8])
    return np.frombuffer(data[at + 8:at + 8 + size], dtype=np.float32).reshape(-1, 2).T.copy()


def separate(network_path, mix_path, out_path):
    import torch
    torch.set_num_threads(2)
    apply_model, classes = import_demucs()
    network = read_network(network_path, classes)
    mix = torch.from_numpy(read_floats(mix_path))
    mono = mix.mean(0)
    normal = (mix - mono.mean()) / (mono.std() + 1e-8)
    begin = time.time()
    stems = apply_model(network, normal[None], shifts=0, split=True, overlap=0.25)[0]
    print("%.2f" % (time.time() - begin))
    stems = stems * (mono.std() + 1e-8) + mono.mean()
    stems.transpose(1, 2).contiguous().numpy().tofile(out_path)


def compare(reference_path):
    reference = np.fromfile(reference_path, dtype=np.float32).astype(np.float64)
    ours = np.frombuffer(sys.stdin.buffer.read(), dtype=np.float32).astype(np.float64)
    error = ours - reference
    print(", largest difference %.1e, %.1f dB" % (
        abs(error).max(), 10 * np.log10((reference ** 2).sum() / max(1e-300, (error ** 2).sum()))), end="")


if sys.argv[1] == "--check":
    import_demucs()
elif sys.argv[1] == "--compare":
    compare(sys.argv[2])
else:
    separate(*sys.argv[1:4])
