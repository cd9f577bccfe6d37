#!/usr/bin/python3
"""edit_safetensors.py CHANGE FROM TO: a checkpoint of which one thing is wrong: 'architecture', 'missing' (its last
tensor), 'nan' (a weight), 'sources' (none)."""
import json
import struct
import sys

change, source, target = sys.argv[1:]
data = open(source, "rb").read()
size = struct.unpack("<Q", data[:8])[0]
header, body = json.loads(data[8:8 + size]), bytearray(data[8 + size:])
tensors = [name for name in header if name != "__metadata__"]
if change == "architecture":
    header["__metadata__"]["architecture"] = "OpenUnmix"
elif change == "sources":
    arguments = json.loads(header["__metadata__"]["arguments"])
    del arguments["sources"]
    header["__metadata__"]["arguments"] = json.dumps(arguments)
elif change == "missing":
    last = max(tensors, key=lambda name: header[name]["data_offsets"][1])
    del body[header[last]["data_offsets"][0]:]
    del header[last]
elif change == "nan":
    name = next(name for name in tensors if header[name]["dtype"] in ("F16", "F32"))
    begin = header[name]["data_offsets"][0]
    nan = b"\x00\x7e" if header[name]["dtype"] == "F16" else b"\x00\x00\xc0\x7f"
    body[begin:begin + len(nan)] = nan
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
open(target, "wb").write(struct.pack("<Q", len(text)) + text + bytes(body))
