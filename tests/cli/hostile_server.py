#!/usr/bin/python3
"""hostile_server.py PORT_FILE LOG [CERTIFICATE]: an HTTP server on the loopback that serves badly.

It writes its port to PORT_FILE and, to LOG, 'MANNER FILE FROM' for each request. The path is
/MANNER/.../FILE, and MANNER, with a number behind a colon, is one of

  fine      as servers should, with ranges
  drop:N    breaks each connection after N bytes
  whole:N   breaks the first connection after N bytes, and knows no ranges
  long:N    promises N bytes more than there are
  short:N   promises N bytes fewer than it sends
  corrupt   the right length, one bit wrong
  trouble:N HTTP 500 for the first N requests
  missing   HTTP 404
  stall:N   sends N bytes and then nothing
  moved     redirects to /fine
  plain:N   redirects to /fine over HTTP at port N

The files are as long as small checkpoints, and their SHA-256 begin as the checksums in their names
say: the last eight bytes of each were searched for until it did."""
import hashlib
import http.server
import ssl
import sys
import threading
import time

BODY = b"".join(hashlib.sha256(i.to_bytes(8, "little")).digest() for i in range(93750))
LAST_BYTES = {
    "8726e21a": 3951600863,
    "ba3fe64a": 205386169,
    "e57c48e6": 2440180622,
    "ef3bcb9c": 458094756,
}
lock, seen = threading.Lock(), {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        manner, _, number = self.path.split("/")[1].partition(":")
        name = self.path.rsplit("/", 1)[1]
        begin = int(self.headers.get("Range", "bytes=0-")[6:].split("-")[0])
        with lock:
            seen[self.path] = count = seen.get(self.path, 0) + 1
            with open(sys.argv[2], "a") as log:
                log.write(f"{manner} {name} {begin}\n")
        self.close_connection = True
        self.answer(manner, int(number or 0), name, begin, count)

    def answer(self, manner, number, name, begin, count):
        last = LAST_BYTES.get(name[9:17])
        if last is None or manner == "missing":
            return self.send_error(404)
        if manner == "trouble" and count <= number:
            return self.send_error(500)
        if manner == "moved":
            return self.head(302, 0, Location=self.path.replace("moved", "fine", 1))
        if manner == "plain":
            return self.head(302, 0, Location=f"http://127.0.0.1:{number}/fine/{name}")
        data = BODY + last.to_bytes(8, "little")
        if manner == "corrupt":
            data = data[:1000000] + bytes([data[1000000] ^ 1]) + data[1000001:]
        if manner == "whole":
            begin = 0
        if begin >= len(data):
            return self.head(416, 0)
        rest = data[begin:]
        extra = {"long": number, "short": -number}.get(manner, 0)
        if begin > 0:
            self.head(206, len(rest) + extra, **{"Content-Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"})
        else:
            self.head(200, len(rest) + extra)
        if manner in ("drop", "stall") or manner == "whole" and count == 1:
            rest = rest[:number]
        self.wfile.write(rest)
        self.wfile.flush()
        if manner == "stall":
            time.sleep(600)

    def head(self, status, length, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):  # who hangs up on us is no news
        pass


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(sys.argv[1], "w") as port:
    port.write(f"{server.server_address[1]}\n")
server.serve_forever()
