#!/usr/bin/env python3
"""Counts records, announced and withdrawn prefixes of an MRT file.

A second opinion for `bgp/src/mrt`: written from RFC 6396, RFC 8050, RFC 4271 and RFC 4760 alone, with
nothing but the standard library, and simple rather than fast or forgiving. Prints one line of JSON:

    {"records": 4297, "announced": 10111, "withdrawn": 385, "errors": []}

`records` are those that were read to their end; each of the others is in `errors` with its offset in the
decompressed stream. Prefixes are counted for IPv4 and IPv6, unicast and multicast. It goes from record to
record by the lengths in their headers alone: finding the way back is what the reader under test is for.
"""

import gzip
import json
import struct
import sys

TABLE_DUMP, TABLE_DUMP_V2, BGP4MP, BGP4MP_ET = 12, 13, 16, 17
ADDRESS = {1: 4, 2: 16}  # AFI → bytes
# TABLE_DUMP_V2 subtype → (AFI, add-path)
RIBS = {2: (1, False), 3: (1, False), 4: (2, False), 5: (2, False),
        8: (1, True), 9: (1, True), 10: (2, True), 11: (2, True)}
# BGP4MP subtype → (bytes of an AS number, add-path)
MESSAGES = {1: (2, False), 4: (4, False), 6: (2, False), 7: (4, False),
            8: (2, True), 9: (4, True), 10: (2, True), 11: (4, True)}
STATE_CHANGES = {0: 2, 5: 4}
UPDATE = 2
MP_REACH, MP_UNREACH = 14, 15


class Malformed(Exception):
    """A record that does not hold what its header promised."""


class Bytes:
    """A slice that is read from its front and never past its end."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        return len(self.data) - self.at

    def take(self, count):
        if not 0 <= count <= self.left():
            raise Malformed(f"{count} bytes wanted, {self.left()} left")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big")


def prefix(data, afi):
    bits = data.number(1)
    if bits > 8 * ADDRESS[afi]:
        raise Malformed(f"prefix of {bits} bits")
    data.take((bits + 7) // 8)


def prefixes(raw, afi, add_path):
    """How many prefixes `raw` holds."""
    data, count = Bytes(raw), 0
    while data.left():
        if add_path:
            data.take(4)
        prefix(data, afi)
        count += 1
    return count


def attributes(raw):
    """Yields (type, value) of a path attribute section."""
    data = Bytes(raw)
    while data.left():
        flags, kind = data.number(1), data.number(1)
        yield kind, data.take(data.number(2 if flags & 0x10 else 1))


def multiprotocol(value, reach, add_path):
    """How many prefixes an MP_REACH_NLRI or MP_UNREACH_NLRI holds."""
    data = Bytes(value)
    afi, safi = data.number(2), data.number(1)
    if reach:
        data.take(data.number(1))  # the next hop
        data.take(1)  # reserved
    if afi not in ADDRESS or safi not in (1, 2):
        return 0
    return prefixes(data.take(data.left()), afi, add_path)


def update(data, add_path):
    withdrawn = prefixes(data.take(data.number(2)), 1, add_path)
    section = data.take(data.number(2))
    announced = prefixes(data.take(data.left()), 1, add_path)
    for kind, value in attributes(section):
        if kind == MP_REACH:
            announced += multiprotocol(value, True, add_path)
        elif kind == MP_UNREACH:
            withdrawn += multiprotocol(value, False, add_path)
    return announced, withdrawn


def table_dump(subtype, data):
    size = ADDRESS.get(subtype)
    if size is None:
        raise Malformed(f"TABLE_DUMP subtype {subtype}")
    data.take(4 + size + 2 + 4 + size + 2)  # view, sequence, prefix, length, status, time, peer, peer AS
    list(attributes(data.take(data.number(2))))
    return 1, 0


def table_dump_v2(subtype, data):
    if subtype == 1:  # PEER_INDEX_TABLE
        data.take(4)
        data.take(data.number(2))
        for _ in range(data.number(2)):
            kind = data.number(1)
            data.take(4 + (16 if kind & 1 else 4) + (4 if kind & 2 else 2))
        return 0, 0
    if subtype not in RIBS:
        raise Malformed(f"TABLE_DUMP_V2 subtype {subtype}")
    afi, add_path = RIBS[subtype]
    data.take(4)
    prefix(data, afi)
    count = data.number(2)
    for _ in range(count):
        data.take(6 + (4 if add_path else 0))
        list(attributes(data.take(data.number(2))))
    return count, 0


def bgp4mp(subtype, data):
    if subtype in STATE_CHANGES:
        data.take(2 * STATE_CHANGES[subtype] + 2)
        data.take(2 * ADDRESS.get(data.number(2), 0) + 4)
        return 0, 0
    if subtype not in MESSAGES:
        raise Malformed(f"BGP4MP subtype {subtype}")
    size, add_path = MESSAGES[subtype]
    data.take(2 * size + 2)
    afi = data.number(2)
    if afi not in ADDRESS:
        raise Malformed(f"BGP4MP address family {afi}")
    data.take(2 * ADDRESS[afi] + 16)
    length, kind = data.number(2), data.number(1)
    message = Bytes(data.take(length - 19))
    return update(message, add_path) if kind == UPDATE else (0, 0)


def record(kind, subtype, data):
    if kind == TABLE_DUMP:
        counts = table_dump(subtype, data)
    elif kind == TABLE_DUMP_V2:
        counts = table_dump_v2(subtype, data)
    elif kind in (BGP4MP, BGP4MP_ET):
        if kind == BGP4MP_ET:
            data.take(4)
        counts = bgp4mp(subtype, data)
    else:
        raise Malformed(f"MRT type {kind}")
    if data.left():
        raise Malformed(f"{data.left()} bytes too many")
    return counts


def count(stream):
    total = {"records": 0, "announced": 0, "withdrawn": 0, "errors": []}
    at = 0
    while at < len(stream):
        header, body = stream[at:at + 12], b""
        if len(header) == 12:
            _, kind, subtype, length = struct.unpack(">IHHI", header)
            body = stream[at + 12:at + 12 + length]
        if len(header) < 12 or len(body) < length:
            total["errors"].append([at, "truncated"])
            break
        try:
            announced, withdrawn = record(kind, subtype, Bytes(body))
            total["records"] += 1
            total["announced"] += announced
            total["withdrawn"] += withdrawn
        except Malformed as why:
            total["errors"].append([at, str(why)])
        at += 12 + length
    return total


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        raw = file.read()
    print(json.dumps(count(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)))
