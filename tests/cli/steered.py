"""Steers a sfa-play by its control socket."""
import json
import os
import socket
import time


def steer(path):
    """Waits for the socket; the function that it gives sends a command and returns the reply."""
    deadline = time.monotonic() + 20
    while not os.path.exists(path):
        assert time.monotonic() < deadline, "no socket"
        time.sleep(0.05)
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    lines = client.makefile("rw")

    def ask(**command):
        print(json.dumps(command), file=lines, flush=True)
        return json.loads(lines.readline())
    return ask
