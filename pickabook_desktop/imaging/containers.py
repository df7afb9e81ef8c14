"""Taking PNG, JPEG and WebP files apart and putting them together, without decoding a pixel."""

import binascii
import struct
from collections.abc import Iterator
from typing import Protocol

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr


class Container(Protocol):
    """A file format with a place for an XMP packet. All raise InputError on a damaged file."""

    def packet(self, data: bytes) -> bytes | None:
        """The XMP packet, or None."""
        ...

    def stripped(self, data: bytes) -> bytes:
        """Without metadata; whatever is needed to show the picture rightly stays."""
        ...

    def with_packet(self, data: bytes, packet: bytes) -> bytes:
        """As :meth:`stripped`, with ``packet`` in it; copies the file's bytes once."""
        ...


class Png:
    """PNG Specification, third edition; the keyword is that of the XMP specification."""

    SIGNATURE = b"\x89PNG\r\n\x1a\n"
    KEYWORD = b"XML:com.adobe.xmp"
    CRITICAL = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND"))
    COLOUR = frozenset((b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD"))
    KEPT = CRITICAL | COLOUR | frozenset((b"pHYs", b"acTL", b"fcTL", b"fdAT"))

    def packet(self, data: bytes) -> bytes | None:
        for kind, body, _ in self.chunks(data):
            # Keyword, then: compressed or not, method, language, translated keyword.
            text = bytes(body) if kind == b"iTXt" else b""
            if text.startswith(self.KEYWORD + b"\0\0\0"):
                parts = text[len(self.KEYWORD) + 3 :].split(b"\0", 2)
                return parts[2] if len(parts) == 3 else None
        return None

    def stripped(self, data: bytes) -> bytes:
        kept = (whole for kind, _, whole in self.chunks(data) if kind in self.KEPT)
        return b"".join((self.SIGNATURE, *kept))

    def with_packet(self, data: bytes, packet: bytes) -> bytes:
        pieces: list[bytes | memoryview] = [self.SIGNATURE]
        body = self.KEYWORD + b"\0\0\0\0\0" + packet
        added = False
        for kind, _, whole in self.chunks(data):
            if kind == b"IDAT" and not added:
                checksum = binascii.crc32(body, binascii.crc32(b"iTXt"))
                pieces += (struct.pack(">I", len(body)), b"iTXt", body, struct.pack(">I", checksum))
                added = True
            if kind in self.KEPT:
                pieces.append(whole)
        return b"".join(pieces)

    def chunks(self, data: bytes) -> Iterator[tuple[bytes, memoryview, memoryview]]:
        """Kind, body and the whole chunk."""
        if not data.startswith(self.SIGNATURE):
            raise _damaged()
        view = memoryview(data)
        position = len(self.SIGNATURE)
        while position < len(data):
            if position + 12 > len(data):
                raise _damaged()
            (length,) = struct.unpack_from(">I", data, position)
            end = position + 12 + length
            if end > len(data):
                raise _damaged()
            kind = data[position + 4 : position + 8]
            yield kind, view[position + 8 : end - 4], view[position:end]
            if kind == b"IEND":
                return
            position = end
        raise _damaged()


class Jpeg:
    """ITU-T T.81, annex B; XMP in APP1 after the XMP specification."""

    NAMESPACE = b"http://ns.adobe.com/xap/1.0/\0"
    SCAN, APP0, APP1, APP2, APP14, APP15, COMMENT = 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
    LARGEST = 65533

    def packet(self, data: bytes) -> bytes | None:
        for marker, body, _ in self.segments(data):
            if marker == self.APP1 and bytes(body).startswith(self.NAMESPACE):
                return bytes(body)[len(self.NAMESPACE) :]
        return None

    def stripped(self, data: bytes) -> bytes:
        kept = [whole for marker, body, whole in self.segments(data) if self._needed(marker, body)]
        return b"".join((b"\xff\xd8", *kept))

    def with_packet(self, data: bytes, packet: bytes) -> bytes:
        body = self.NAMESPACE + packet
        if len(body) > self.LARGEST:
            raise InputError(
                tr("The picture's history is too long for a JPEG file."),
                tr("Save it as PNG or WebP, or without its history."),
            )
        own = struct.pack(">BBH", 0xFF, self.APP1, len(body) + 2) + body
        pieces: list[bytes | memoryview] = [b"\xff\xd8"]
        for marker, old, whole in self.segments(data):
            # JFIF wants its own segment first.
            if own and marker != self.APP0:
                pieces.append(own)
                own = b""
            if self._needed(marker, old):
                pieces.append(whole)
        return b"".join(pieces)

    def _needed(self, marker: int, body: memoryview) -> bool:
        if marker == self.APP2:
            return bytes(body).startswith(b"ICC_PROFILE\0")
        dropped = self.APP1 <= marker <= self.APP15 and marker != self.APP14
        return not dropped and marker != self.COMMENT

    def segments(self, data: bytes) -> Iterator[tuple[int, memoryview, memoryview]]:
        """Marker, body and the whole segment; the last one is the scan with all that follows."""
        if not data.startswith(b"\xff\xd8"):
            raise _damaged()
        view = memoryview(data)
        position = 2
        while position + 4 <= len(data):
            if data[position] != 0xFF:
                raise _damaged()
            marker = data[position + 1]
            if marker == 0xFF:
                position += 1
                continue
            if marker == self.SCAN:
                yield marker, view[:0], view[position:]
                return
            (length,) = struct.unpack_from(">H", data, position + 2)
            end = position + 2 + length
            if length < 2 or end > len(data):
                raise _damaged()
            yield marker, view[position + 4 : end], view[position:end]
            position = end
        raise _damaged()


class WebP:
    """RFC 9649."""

    ALPHA, XMP, EXIF = 0x10, 0x04, 0x08
    KEPT = frozenset((b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"))

    def packet(self, data: bytes) -> bytes | None:
        return next((body for kind, body in self._chunks(data) if kind == b"XMP "), None)

    def stripped(self, data: bytes) -> bytes:
        return self._file([self._flagged(chunk, 0) for chunk in self._kept(data)])

    def with_packet(self, data: bytes, packet: bytes) -> bytes:
        chunks = self._kept(data)
        if not chunks:
            raise _damaged()
        if chunks[0][0] != b"VP8X":
            chunks.insert(0, (b"VP8X", self._extended_header(*chunks[0])))
        chunks = [self._flagged(chunk, self.XMP) for chunk in chunks]
        return self._file([*chunks, (b"XMP ", packet)])

    def _chunks(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
            raise _damaged()
        position, stop = 12, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
        while position + 8 <= stop:
            (length,) = struct.unpack_from("<I", data, position + 4)
            if position + 8 + length > len(data):
                raise _damaged()
            yield data[position : position + 4], data[position + 8 : position + 8 + length]
            position += 8 + length + length % 2

    def _kept(self, data: bytes) -> list[tuple[bytes, bytes]]:
        return [(kind, body) for kind, body in self._chunks(data) if kind in self.KEPT]

    def _flagged(self, chunk: tuple[bytes, bytes], flags: int) -> tuple[bytes, bytes]:
        """VP8X with its flags for XMP and EXIF set to ``flags``; other chunks as they are."""
        kind, body = chunk
        if kind != b"VP8X" or not body:
            return chunk
        return kind, bytes([body[0] & ~(self.XMP | self.EXIF) | flags]) + body[1:]

    def _extended_header(self, kind: bytes, body: bytes) -> bytes:
        if kind == b"VP8L" and len(body) >= 5:
            (bits,) = struct.unpack_from("<I", body, 1)
            width, height = bits & 0x3FFF, bits >> 14 & 0x3FFF
            flags = self.ALPHA if bits >> 28 & 1 else 0
        elif kind == b"VP8 " and len(body) >= 10:
            wide, high = struct.unpack_from("<HH", body, 6)
            width, height, flags = (wide & 0x3FFF) - 1, (high & 0x3FFF) - 1, 0
        else:
            raise _damaged()
        return struct.pack("<I", flags) + width.to_bytes(3, "little") + height.to_bytes(3, "little")

    def _file(self, chunks: list[tuple[bytes, bytes]]) -> bytes:
        pieces = [
            kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
            for kind, body in chunks
        ]
        content = b"WEBP" + b"".join(pieces)
        return b"RIFF" + struct.pack("<I", len(content)) + content


CONTAINERS: dict[str, Container] = {
    "image/png": Png(),
    "image/jpeg": Jpeg(),
    "image/webp": WebP(),
}


def _damaged() -> InputError:
    return InputError(
        tr("The picture's file is damaged."),
        tr("Restore it from a backup, or draw the page again."),
    )
