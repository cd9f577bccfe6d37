# What is in an .npz, as JSON: name -> type, shape, sum, first values. By Python's own zip reader, which
# checks the sums of what it reads, and by NumPy too where it is installed.
import ast, json, struct, sys, zipfile

arrays = {}
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    for entry in archive.infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0), entry
        data = archive.read(entry)
        assert data[:8] == b"\x93NUMPY\x01\x00"
        length, = struct.unpack("<H", data[8:10])
        assert (10 + length) % 64 == 0 and data[9 + length:10 + length] == b"\n"
        header = ast.literal_eval(data[10:10 + length].decode())
        values = [v for v, in struct.iter_unpack({"<f4": "<f", "<f8": "<d"}[header["descr"]], data[10 + length:])]
        count = 1
        for size in header["shape"]:
            count *= size
        assert count == len(values)
        assert header["fortran_order"] == (len(header["shape"]) == 2)
        name = entry.filename.removesuffix(".npy")
        arrays[name] = {"type": header["descr"], "shape": header["shape"], "sum": sum(values), "first": values[:3]}

try:
    import numpy
except ImportError:
    pass
else:
    with numpy.load(sys.argv[1]) as loaded:
        assert set(loaded) == set(arrays)
        for name, array in arrays.items():
            assert loaded[name].shape == tuple(array["shape"])
            assert list(loaded[name].ravel(order="F")[:3]) == array["first"]
print(json.dumps(arrays))
