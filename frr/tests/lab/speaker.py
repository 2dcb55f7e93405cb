# SPDX-License-Identifier: GPL-2.0-or-later
"""A BGP speaker: opens a session, keeps it, announces and withdraws.

It does what RFC 4271 asks of a speaker that only sends, with four-byte AS numbers (RFC 6793) and IPv6 (RFC 4760).
"""

import ipaddress
import select
import socket
import struct
import threading
import time

MARKER = b"\xff" * 16
OPEN, UPDATE, NOTIFICATION, KEEPALIVE = 1, 2, 3, 4
IGP, EGP, INCOMPLETE = 0, 1, 2


def message(kind, body=b""):
    return MARKER + struct.pack("!HB", 19 + len(body), kind) + body


def attribute(flags, code, value):
    if len(value) > 255:
        return struct.pack("!BBH", flags | 0x10, code, len(value)) + value
    return struct.pack("!BBB", flags, code, len(value)) + value


def nlri(prefix):
    """A prefix as it is on the wire."""
    network = ipaddress.ip_network(prefix)
    return bytes([network.prefixlen]) + network.network_address.packed[: (network.prefixlen + 7) // 8]


def as_path(path):
    """Segments of AS numbers: lists are sequences, tuples are sets."""
    if path and not isinstance(path[0], (list, tuple)):
        path = [path]
    out = b""
    for segment in path:
        kind = 1 if isinstance(segment, tuple) else 2
        out += struct.pack(f"!BB{len(segment)}I", kind, len(segment), *segment)
    return out


def attributes(path, next_hop="10.0.0.2", origin=IGP, med=None, communities=(), large=(), extended=()):
    """The attributes of a route, but for IPv6's."""
    out = attribute(0x40, 1, bytes([origin])) + attribute(0x40, 2, as_path(path))
    if next_hop:
        out += attribute(0x40, 3, socket.inet_aton(next_hop))
    if med is not None:
        out += attribute(0x80, 4, struct.pack("!I", med))
    if communities:
        numbers = [int(a) << 16 | int(b) for a, b in (c.split(":") for c in communities)]
        out += attribute(0xC0, 8, struct.pack(f"!{len(numbers)}I", *numbers))
    if extended:
        out += attribute(0xC0, 16, b"".join(extended))
    if large:
        numbers = [int(n) for c in large for n in c.split(":")]
        out += attribute(0xC0, 32, struct.pack(f"!{len(numbers)}I", *numbers))
    return out


def updates(of, routes):
    """UPDATE messages that announce prefixes, as they are on the wire, with the attributes `of`."""
    room = 4096 - 19 - 4 - len(of)
    out, batch, size = [], [], 0
    for route in routes:
        if size + len(route) > room:
            out.append(message(UPDATE, struct.pack("!HH", 0, len(of)) + of + b"".join(batch)))
            batch, size = [], 0
        batch.append(route)
        size += len(route)
    if batch:
        out.append(message(UPDATE, struct.pack("!HH", 0, len(of)) + of + b"".join(batch)))
    return b"".join(out)


def withdrawals(routes):
    out, batch, size = [], [], 0
    for route in routes:
        if size + len(route) > 4000:
            out.append(message(UPDATE, struct.pack("!H", size) + b"".join(batch) + b"\0\0"))
            batch, size = [], 0
        batch.append(route)
        size += len(route)
    out.append(message(UPDATE, struct.pack("!H", size) + b"".join(batch) + b"\0\0"))
    return b"".join(out)


class Speaker:
    def __init__(self, local, asn, remote, hold=9, graceful=False):
        self.local, self.asn, self.remote, self.hold = local, asn, remote, hold
        # Whether it keeps its routes over a restart (RFC 4724), and whether this is one.
        self.graceful, self.restarting = graceful, False
        self.socket = None
        self.thread = None
        self.lock = threading.Lock()
        self.received = []
        self.lost = None
        # UPDATE messages sent in this session, and what the router had counted before it.
        self.sent = 0
        self.base = 0

    def connect(self, seconds=30):
        """Opens the session; answers once it is established."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self._connect()
            except (ConnectionError, socket.timeout) as error:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.local}: no session: {error}") from None
                time.sleep(0.2)

    def _connect(self):
        self.received, self.lost, self.sent = [], None, 0
        self.socket = socket.create_connection((self.remote, 179), 5, (self.local, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        families = b"".join(struct.pack("!BBHBB", 1, 4, afi, 0, 1) for afi in (1, 2))
        capabilities = families + struct.pack("!BBI", 65, 4, self.asn) + b"\x02\x00"
        if self.graceful:
            flags = 0x8000 if self.restarting else 0
            capabilities += struct.pack("!BBHHBB", 64, 6, flags | 120, 1, 1, 0x80)
        parameters = struct.pack("!BB", 2, len(capabilities)) + capabilities
        identity = socket.inet_aton(self.local)
        asn = self.asn if self.asn < 1 << 16 else 23456
        self.socket.sendall(message(OPEN, struct.pack("!BHH", 4, asn, self.hold) + identity +
                                    bytes([len(parameters)]) + parameters))
        kinds = set()
        self.buffer = b""
        while not kinds >= {OPEN, KEEPALIVE}:
            kind, body = self._read(self.socket)
            if kind == NOTIFICATION:
                raise ConnectionError(f"refused with NOTIFICATION {body[0]}/{body[1]}")
            kinds.add(kind)
            if kind == OPEN:
                self.socket.sendall(message(KEEPALIVE))
        self.socket.settimeout(None)
        self.thread = threading.Thread(target=self._keep, args=(self.socket,), daemon=True)
        self.thread.start()

    def _read(self, connection):
        while len(self.buffer) < 19 or len(self.buffer) < struct.unpack("!H", self.buffer[16:18])[0]:
            data = connection.recv(1 << 16)
            if not data:
                raise ConnectionError("the router closed the connection")
            self.buffer += data
        length, kind = struct.unpack("!HB", self.buffer[16:19])
        body, self.buffer = self.buffer[19:length], self.buffer[length:]
        return kind, body

    def _keep(self, connection):
        """Sends keepalives, and notes what comes; ends with the session."""
        sent = 0
        try:
            while connection is self.socket:
                if time.monotonic() - sent > self.hold / 3:
                    if self.lock.acquire(blocking=False):
                        try:
                            connection.sendall(message(KEEPALIVE))
                        finally:
                            self.lock.release()
                    sent = time.monotonic()
                if select.select([connection], [], [], 0.2)[0]:
                    kind, body = self._read(connection)
                    if kind == NOTIFICATION:
                        raise ConnectionError(f"NOTIFICATION {body[0]}/{body[1]}")
                    if kind == UPDATE:
                        self.received.append(body)
        except (OSError, ValueError) as error:
            if connection is self.socket:
                self.lost = str(error)

    @property
    def established(self):
        return self.lost is None and self.socket is not None

    def send(self, data):
        """Sends UPDATE messages."""
        at = 0
        while at < len(data):
            at += struct.unpack_from("!H", data, at + 16)[0]
            self.sent += 1
        with self.lock:
            self.socket.sendall(data)

    def announce(self, prefixes, *path, **others):
        self.send(updates(attributes(list(path) or [self.asn], **{"next_hop": self.local, **others}),
                          [nlri(p) for p in prefixes]))

    def announce6(self, prefixes, *path, next_hop="fd00::2", **others):
        reach = struct.pack("!HBB", 2, 1, 16) + socket.inet_pton(socket.AF_INET6, next_hop) + b"\0"
        reach += b"".join(nlri(p) for p in prefixes)
        of = attributes(list(path) or [self.asn], next_hop=None, **others) + attribute(0x80, 14, reach)
        self.send(message(UPDATE, struct.pack("!HH", 0, len(of)) + of))

    def end_of_rib(self):
        """Says that these are all its IPv4 routes."""
        self.send(message(UPDATE, struct.pack("!HH", 0, 0)))

    def withdraw(self, prefixes):
        self.send(withdrawals([nlri(p) for p in prefixes]))

    def close(self):
        connection, self.socket = self.socket, None
        if connection:
            connection.close()
        if self.thread:
            self.thread.join(5)
