# SPDX-License-Identifier: GPL-2.0-or-later
"""Routes to announce: a real table where its MRT file is at hand, generated ones elsewhere."""

import gzip
import pathlib
import random
import struct

from .speaker import attribute, updates

TABLE = "mrt/bview.20020722.2337.gz"


def find(table=TABLE):
    """The file, in the data that a checkout may have beside it."""
    root = pathlib.Path(__file__).resolve().parents[3]
    path = root.parent / "shared" / "data" / table
    return path if path.exists() else None


def _wide(path):
    """An AS_PATH of two-byte numbers as one of four-byte numbers, and how long it is."""
    out, at, length = b"", 0, 0
    while at + 2 <= len(path):
        kind, count = path[at], path[at + 1]
        numbers = struct.unpack_from(f"!{count}H", path, at + 2)
        out += struct.pack(f"!BB{count}I", kind, count, *numbers)
        length += 1 if kind == 1 else count
        at += 2 + 2 * count
    return out, length


def _attributes(data, next_hop):
    """The attributes of a table's entry as we send them: our next hop, wide AS numbers, no local preference."""
    kept, at, length = {}, 0, 0
    while at + 3 <= len(data):
        flags, code = data[at], data[at + 1]
        if flags & 0x10:
            (size,) = struct.unpack_from("!H", data, at + 2)
            at += 4
        else:
            size = data[at + 2]
            at += 3
        value = data[at : at + size]
        at += size
        if code == 2:
            value, length = _wide(value)
        if code == 3:
            value = next_hop
        if code == 7 and len(value) == 6:
            value = struct.pack("!I", struct.unpack("!H", value[:2])[0]) + value[2:]
        if code in (1, 2, 3, 4, 6, 7, 8):
            kept[code] = attribute(flags & 0xE0, code, value)
    kept.setdefault(1, attribute(0x40, 1, b"\2"))
    return b"".join(kept[code] for code in sorted(kept)), length


def real(path, next_hop):
    """The best route to each prefix of a table: the one of the shortest AS path, the first of equals."""
    best = {}
    data = gzip.open(path).read()
    at = 0
    while at + 12 <= len(data):
        _, kind, subtype, length = struct.unpack_from("!IHHI", data, at)
        record = data[at + 12 : at + 12 + length]
        at += 12 + length
        if (kind, subtype) != (12, 1) or len(record) < 22:
            continue
        prefix, bits = record[4:8], record[8]
        (size,) = struct.unpack_from("!H", record, 20)
        if bits == 0 or bits > 32 or prefix[0] in (0, 10, 127) or prefix[0] >= 224:
            continue
        of, hops = _attributes(record[22 : 22 + size], next_hop)
        route = bytes([bits]) + prefix[: (bits + 7) // 8]
        if route not in best or hops < best[route][1]:
            best[route] = (of, hops)
    return [(route, of) for route, (of, _) in best.items()]


def generated(count, next_hop, seed=1):
    """Routes that nobody announced, always the same."""
    dice = random.Random(seed)
    routes = {}
    while len(routes) < count:
        bits = dice.choice([16, 19, 20, 22, 23, 24, 24, 24, 24])
        number = dice.randrange(11 << 24, 126 << 24) >> (32 - bits) << (32 - bits)
        route = bytes([bits]) + struct.pack("!I", number)[: (bits + 7) // 8]
        path = [dice.randrange(1, 64000) for _ in range(dice.randrange(2, 7))]
        of = attribute(0x40, 1, b"\0") + attribute(0x40, 2, struct.pack(f"!BB{len(path)}I", 2, len(path), *path))
        of += attribute(0x40, 3, next_hop)
        of += attribute(0xC0, 8, struct.pack("!2I", dice.randrange(1 << 32), dice.randrange(1 << 32)))
        routes[route] = of
    return list(routes.items())


def on_the_wire(routes):
    """UPDATE messages: routes with the same attributes share messages, as a router sends them."""
    by_attributes = {}
    for route, of in routes:
        by_attributes.setdefault(of, []).append(route)
    return b"".join(updates(of, sharing) for of, sharing in by_attributes.items())
