"""HTTP on loopback, passed on to a program's Unix socket: schemathesis speaks TCP alone.

Each request has its own connection to the program. A stream that goes on is ended after it was quiet for a moment, so that
it can be looked at like any other answer.
"""

import http.client
import http.server
import socket
import threading

LOOPBACK = "127.0.0.1"
# Longest that a stream is listened to while nothing comes, in seconds; and the most bytes that are taken of one.
QUIET = 0.3
MOST_OF_A_STREAM = 1 << 16
# Longest that anything else may take.
PATIENCE = 30
# Headers that are about one connection.
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class Unix(http.client.HTTPConnection):
    """A connection to a Unix socket."""

    def __init__(self, path):
        super().__init__("tenterhook", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def taken(answer, sock):
    """The body of an answer, as much as comes of a stream."""
    if answer.getheader("content-type") != "application/x-ndjson":
        return answer.read()
    sock.settimeout(QUIET)
    lines = b""
    try:
        while len(lines) < MOST_OF_A_STREAM:
            line = answer.readline()
            if not line:
                break
            lines += line
    except TimeoutError:
        pass
    return lines


def relay(path):
    """Starts a relay to the socket at `path`, and says its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def __getattr__(self, name):
            # Whatever the method is: the program says which ones it knows.
            if name.startswith("do_"):
                return self.pass_on
            raise AttributeError(name)

        def pass_on(self):
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length) if length else None
            headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
            unix = Unix(path)
            try:
                unix.connect()
                sock = unix.sock
                try:
                    unix.request(self.command, self.path, body, {**headers, "connection": "close"})
                except BrokenPipeError:
                    # It has heard enough of the body; its answer is there all the same.
                    pass
                answer = unix.getresponse()
                content = taken(answer, sock)
            finally:
                unix.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer((LOOPBACK, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]
