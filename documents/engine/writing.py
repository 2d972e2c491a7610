"""The bytes of a PDF. pydyf's own writer puts each object into bytes twice, and packs them all thrice."""

import zlib
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import md5, sha256

import pydyf

HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
COMPRESSION = 6  # 9 takes half as long again for a hundredth of the size
KEPT_STREAMS = 800  # some 6 kilobytes each


class Packer:
    """Compresses streams, and remembers those it has seen: pages and profiles recur in each stage's PDF."""

    def __init__(self) -> None:
        self.packed: OrderedDict[bytes, bytes] = OrderedDict()

    def pack(self, stream: pydyf.Stream) -> None:
        if stream.compress:
            stream.stream = [self._packed(b"\n".join(map(pydyf._to_bytes, stream.stream)))]
            stream.extra["Filter"] = "/FlateDecode"
            stream.compress = False

    def _packed(self, content: bytes) -> bytes:
        key = sha256(content).digest()
        if key not in self.packed:
            self.packed[key] = zlib.compress(content, COMPRESSION)
            while len(self.packed) > KEPT_STREAMS:
                self.packed.popitem(last=False)
        self.packed.move_to_end(key)
        return self.packed[key]


def write(pdf: pydyf.PDF, packer: Packer) -> bytes:
    """Streams as they are, all other objects in one stream, at the end the table of where each is."""
    pdf.add_object(pdf.info)
    others = [object_ for object_ in pdf.objects[1:] if not isinstance(object_, pydyf.Stream)]
    pdf.add_object(_together(others))
    holder = pdf.objects[-1].number
    # Of each object: 1 and its place in the file, or 2, the stream that holds it and its place in there.
    places = [(0, 0, 65535)]
    parts = [HEADER]
    position = len(HEADER)
    held = 0
    for object_ in pdf.objects[1:]:
        if isinstance(object_, pydyf.Stream):
            packer.pack(object_)
            places.append((1, position, 0))
            parts.append(object_.indirect + b"\n")
            position += len(parts[-1])
        else:
            places.append((2, holder, held))
            held += 1
    places.append((1, position, 0))
    table = _table(pdf, places, identifier=md5(b"".join(parts), usedforsecurity=False).hexdigest())
    packer.pack(table)
    return b"".join([*parts, table.indirect, b"\nstartxref\n%d\n%%%%EOF\n" % position])


def _together(objects: Sequence[pydyf.Object]) -> pydyf.Stream:
    """One stream of them, with their numbers and places before them."""
    contents = [object_.data for object_ in objects]
    index = []
    position = 0
    for object_, content in zip(objects, contents, strict=True):
        index.append(f"{object_.number} {position}")
        position += len(content) + 1
    head = " ".join(index).encode()
    extra = {"Type": "/ObjStm", "N": len(contents), "First": len(head) + 1}
    return pydyf.Stream([head, *contents], extra, compress=True)


def _table(pdf: pydyf.PDF, places: Sequence[tuple[int, int, int]], identifier: str) -> pydyf.Stream:
    rows = [kind.to_bytes(1) + place.to_bytes(4) + held.to_bytes(3) for kind, place, held in places]
    extra = {
        "Type": "/XRef",
        "Size": len(places),
        "W": pydyf.Array((1, 4, 3)),
        "Root": pdf.catalog.reference,
        "Info": pdf.info.reference,
        "ID": pydyf.Array([pydyf.String(identifier)] * 2),
    }
    table = pydyf.Stream([b"".join(rows)], extra, compress=True)
    pdf.add_object(table)
    return table
