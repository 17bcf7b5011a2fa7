"""Pictures as people have them, made by hand: what Pillow alone reads otherwise than a browser."""

import io
import random
import struct
import zlib

import numpy as np
from PIL import Image

SIZE = 96


def drawing(side: int = SIZE) -> Image.Image:
    """A picture of gradients and squares of one colour, which tells its sides and its colours apart."""
    y, x = np.mgrid[:side, :side]
    image = np.stack([x * 255 // side, y * 255 // side, 255 - (x + y) * 127 // side], -1).astype(np.uint8)
    quarter, half = side // 4, side // 2
    image[quarter:half, quarter:half] = [220, 30, 30]
    image[half : half + quarter, quarter:half] = [30, 200, 40]
    image[quarter:half, half : half + quarter] = [40, 60, 219]
    return Image.fromarray(image)


def encoded(image: Image.Image, file_format: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


# ICC profiles


def _fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def parametric(form: int, *numbers: float) -> bytes:
    return b"para\0\0\0\0" + struct.pack(">HH", form, 0) + _fixed(*numbers)


def table(values: np.ndarray) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">I", len(values)) + (values * 65535).astype(">u2").tobytes()


D50 = _fixed(0.9642, 1, 0.8249)
SRGB_CURVE = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
LINEAR = b"curv\0\0\0\0" + bytes(4)
GAMMA_22 = b"curv\0\0\0\0" + struct.pack(">IH", 1, 563)
STEEP = table(np.linspace(0, 1, 400) ** 2.6)
SRGB = [(0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141)]
P3 = [(0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)]
SWAPPED = [SRGB[1], SRGB[0], SRGB[2]]


def profile(tags: dict[bytes, bytes], space: bytes, white: bytes = D50) -> bytes:
    start = 132 + 12 * len(tags)
    directory, body = b"", b""
    for name, tag in tags.items():
        directory += name + struct.pack(">II", start + len(body), len(tag))
        body += tag + bytes(-len(tag) % 4)
    head = struct.pack(">I4xI4s4s4s12x4s", start + len(body), 0x04300000, b"mntr", space, b"XYZ ", b"acsp")
    head = head.ljust(68, b"\0") + white
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + directory + body


def rgb_profile(
    primaries, curve: bytes, extra: bytes = b"", further: dict[bytes, bytes] | None = None
) -> bytes:
    tags = dict(further or {})
    for name, xyz in zip((b"r", b"g", b"b"), primaries, strict=True):
        tags[name + b"XYZ"] = b"XYZ \0\0\0\0" + _fixed(*xyz)
        tags[name + b"TRC"] = curve
    return profile(tags | ({b"junk": b"data" + bytes(4) + extra} if extra else {}), b"RGB ")


def with_numbers(primaries: int, curve: int) -> bytes:
    """Swapped primaries, and a tag that says in numbers what counts instead."""
    return rgb_profile(
        SWAPPED, SRGB_CURVE, further={b"cicp": b"cicp\0\0\0\0" + bytes([primaries, curve, 0, 1])}
    )


def sized(icc: bytes, size: int) -> bytes:
    """A profile that says it is so long."""
    return struct.pack(">I", size) + icc[4:]


def grey_profile(curve: bytes) -> bytes:
    return profile({b"kTRC": curve}, b"GRAY")


# PNG, chunk by chunk


def chunk(kind: bytes, body: bytes, checksum: int | None = None) -> bytes:
    right = zlib.crc32(kind + body)
    return (
        struct.pack(">I", len(body))
        + kind
        + body
        + struct.pack(">I", right if checksum is None else checksum)
    )


def png(header: tuple[int, int, int, int], rows: bytes, *ahead: bytes) -> bytes:
    """A PNG of (width, height, bits, colour type) with these chunks ahead of its pixels."""
    ihdr = chunk(b"IHDR", struct.pack(">IIBBBBB", *header, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [ihdr, *ahead, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    )


def with_chunks(data: bytes, *ahead: bytes) -> bytes:
    """A PNG that Pillow wrote, with further chunks ahead of its pixels."""
    at = data.index(b"IDAT") - 4
    return data[:at] + b"".join(ahead) + data[at:]


def iccp(icc: bytes) -> bytes:
    return chunk(b"iCCP", b"x\0\0" + zlib.compress(icc))


def gamma(value: int) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", value))


def chromaticities(*values: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values)))


SWAPPED_XY = chromaticities(0.3127, 0.329, 0.30, 0.60, 0.64, 0.33, 0.15, 0.06)


def grey_png(bits: int, *ahead: bytes) -> bytes:
    """Stripes of all greys of so many bits."""
    values = np.add.outer(np.arange(64), np.arange(64)) // 4 % 2**bits
    digits = values[..., np.newaxis] >> np.arange(bits - 1, -1, -1) & 1
    rows = np.packbits(digits.reshape(64, -1).astype(np.uint8), axis=1)
    return png((64, 64, bits, 0), b"".join(b"\0" + row.tobytes() for row in rows), *ahead)


def transparent(*samples: int) -> bytes:
    return chunk(b"tRNS", struct.pack(f">{len(samples)}H", *samples))


def alphas(count: int) -> bytes:
    return chunk(b"tRNS", bytes(count))


# EXIF and XMP


def tag(number: int, kind: int, count: int, value: bytes | int) -> bytes:
    value = value if isinstance(value, bytes) else struct.pack(">HH", value, 0)
    return struct.pack(">HHI", number, kind, count) + value


def tiff(*tags: bytes) -> bytes:
    return b"MM\0*" + struct.pack(">IH", 8, len(tags)) + b"".join(tags) + bytes(4)


def with_segment(data: bytes, body: bytes, marker: int = 0xE1) -> bytes:
    """A JPEG with one more segment at its beginning."""
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + data[2:]


SIX = tag(0x0112, 3, 1, 6)
THREE = tag(0x0112, 3, 1, 3)
XMP6 = b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/" tiff:Orientation="6"/>'


def with_exif(*tags: bytes) -> bytes:
    return with_segment(encoded(drawing(), "JPEG", quality=95), b"Exif\0\0" + tiff(*tags))


# GIF


def gif(width: int, height: int, left: int, top: int, control: bytes = b"") -> bytes:
    """A GIF of this canvas, with a frame of 48x48 pixels somewhere on it."""
    whole = encoded(drawing(48).quantize(16), "GIF")
    colours = whole[13 : 13 + 3 * 2 ** ((whole[10] & 7) + 1)]
    frame = whole[whole.index(b",\0\0\0\0" + struct.pack("<HH", 48, 48)) :]
    place = struct.pack("<HHHH", left, top, 48, 48)
    return (
        b"GIF89a" + struct.pack("<HH", width, height) + whole[10:11] + b"\3\0" + colours + control
        + b"," + place + frame[9:]
    )  # fmt: skip


def _webp_animation() -> bytes:
    """A first frame that does not fill its canvas, on a background that browsers ignore."""
    frame = encoded(drawing(48), "WEBP", lossless=True)[12:]

    def part(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)

    def three(*numbers: int) -> bytes:
        return b"".join(struct.pack("<I", number)[:3] for number in numbers)

    parts = part(b"VP8X", b"\2\0\0\0" + three(95, 95)) + part(b"ANIM", b"\0\0\xff\xff\0\0")
    parts += part(b"ANMF", three(12, 12, 47, 47, 100) + b"\0" + frame)
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts


def _grey_alpha_16(*ahead: bytes) -> bytes:
    samples = np.stack(np.mgrid[:SIZE, :SIZE], axis=-1) * 600
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    return png((SIZE, SIZE, 16, 4), rows, *ahead)


def _bmp_with_profile(icc: bytes) -> bytes:
    rows = np.asarray(drawing())[::-1, :, ::-1].tobytes()
    head = struct.pack("<IiiHHIIiiII", 124, SIZE, SIZE, 1, 24, 0, len(rows), 0, 0, 0, 0)
    head += bytes(16) + b"DEBM" + bytes(48) + struct.pack("<IIII", 4, 124 + len(rows), len(icc), 0)
    size = 14 + len(head) + len(rows) + len(icc)
    return b"BM" + struct.pack("<IHHI", size, 0, 0, 138) + head + rows + icc


def _text(kind: bytes, size: int) -> bytes:
    heads = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\1\0\0\0"}
    return chunk(kind, heads[kind] + zlib.compress(bytes(size)))


def _hidden_first() -> bytes:
    """An animation whose first frame is not the picture that stands in its place."""
    frames = [drawing().rotate(90 * turn) for turn in range(3)]
    return encoded(frames[0], save_all=True, append_images=frames[1:], duration=50, default_image=True)


def as_in_the_browser() -> dict[str, bytes]:
    """Pictures by name, all of which browsers show; Chromium, Pillow and the page are to agree on them."""
    plain, jpeg = encoded(drawing()), encoded(drawing(), "JPEG", quality=95)
    grey, palette = drawing().convert("L"), drawing().quantize(64)
    fading = drawing()
    fading.putalpha(Image.linear_gradient("L").resize((SIZE, SIZE)))
    noise = random.Random(0).randbytes(1_500_000)
    swapped = rgb_profile(SWAPPED, SRGB_CURVE)
    p3 = rgb_profile(P3, SRGB_CURVE)
    large = encoded(drawing(1200), "JPEG", quality=90)
    halves = (b"ICC_PROFILE\0\1\2" + swapped[:200], b"ICC_PROFILE\0\2\2" + swapped[200:])
    far = struct.pack(">I", 0xFFFFFFF0)
    return {
        # colours
        "p3.png": encoded(drawing(), icc_profile=p3),
        "p3.jpg": encoded(drawing(), "JPEG", quality=95, icc_profile=p3),
        "p3.webp": encoded(drawing(), "WEBP", lossless=True, icc_profile=p3),
        "swapped.png": encoded(drawing(), icc_profile=swapped),
        "swapped.jpg": encoded(drawing(), "JPEG", quality=95, icc_profile=swapped),
        "swapped.bmp": _bmp_with_profile(swapped),
        "swapped-palette.png": encoded(palette, icc_profile=swapped),
        "swapped-fading.png": encoded(fading, icc_profile=swapped),
        "swapped-fading.webp": encoded(fading, "WEBP", lossless=True, icc_profile=swapped),
        "linear.png": encoded(drawing(), icc_profile=rgb_profile(SRGB, LINEAR)),
        "gamma.jpg": encoded(drawing(), "JPEG", quality=95, icc_profile=rgb_profile(P3, GAMMA_22)),
        "table.png": encoded(drawing(), icc_profile=rgb_profile(P3, STEEP)),
        "power.png": encoded(drawing(), icc_profile=rgb_profile(SRGB, parametric(0, 1.8))),
        "refused-curve.png": encoded(drawing(), icc_profile=rgb_profile(SRGB, parametric(1, 2, 0.9, 0.1))),
        "profile-without-white.png": encoded(drawing(), icc_profile=swapped.replace(D50, bytes(12))),
        "profile-cut.png": encoded(drawing(), icc_profile=swapped[:300]),
        "profile-1.5-MB.png": encoded(drawing(), icc_profile=rgb_profile(P3, SRGB_CURVE, noise)),
        "profile-1.5-MB.jpg": encoded(drawing(), "JPEG", icc_profile=rgb_profile(P3, SRGB_CURVE, noise)),
        "profile-in-two.jpg": with_segment(with_segment(jpeg, halves[0], 0xE2), halves[1], 0xE2),
        "profile-in-one-of-two.jpg": with_segment(jpeg, halves[0], 0xE2),
        "profile-shorter-than-its-tags.png": encoded(drawing(), icc_profile=sized(swapped, 300)),
        "profile-shorter-than-its-list.png": encoded(drawing(), icc_profile=sized(swapped, 180)),
        "profile-with-numbers.png": encoded(drawing(), icc_profile=with_numbers(12, 13)),
        "profile-with-numbers.jpg": encoded(drawing(), "JPEG", quality=95, icc_profile=with_numbers(9, 13)),
        "profile-with-unknown-numbers.png": encoded(drawing(), icc_profile=with_numbers(99, 13)),
        "grey-linear.png": encoded(grey, icc_profile=grey_profile(LINEAR)),
        "grey-linear.jpg": encoded(grey, "JPEG", icc_profile=grey_profile(LINEAR)),
        "grey-with-rgb-profile.png": encoded(grey, icc_profile=rgb_profile(SRGB, LINEAR)),
        "rgb-with-grey-profile.png": encoded(drawing(), icc_profile=grey_profile(LINEAR)),
        "profile-of-no-name.png": with_chunks(plain, chunk(b"iCCP", b"\0\0" + zlib.compress(swapped))),
        "grey-16-bits-alpha.png": _grey_alpha_16(iccp(grey_profile(LINEAR))),
        "animated.webp": encoded(
            drawing(), "WEBP", lossless=True, icc_profile=swapped, save_all=True, append_images=[fading]
        ),
        "gamma-1.png": with_chunks(plain, gamma(100_000)),
        "gamma-and-chromaticities.png": with_chunks(plain, gamma(45_455), SWAPPED_XY),
        "chromaticities-alone.png": with_chunks(plain, SWAPPED_XY),
        "srgb-wins-over-gamma.png": with_chunks(plain, chunk(b"sRGB", b"\0"), gamma(100_000)),
        "profile-wins-over-srgb.png": with_chunks(plain, chunk(b"sRGB", b"\0"), iccp(swapped)),
        "gamma-after-a-bad-profile.png": with_chunks(plain, chunk(b"iCCP", b"x\0\0junk"), gamma(100_000)),
        "cicp-p3.png": with_chunks(plain, chunk(b"cICP", bytes([12, 13, 0, 1]))),
        "cicp-wins.png": with_chunks(plain, chunk(b"cICP", bytes([1, 13, 0, 1])), iccp(swapped)),
        "cmyk.jpg": encoded(drawing().convert("CMYK"), "JPEG", quality=95),
        "cmyk-with-rgb-profile.jpg": encoded(drawing().convert("CMYK"), "JPEG", icc_profile=swapped),
        # orientation
        "exif-6.jpg": with_exif(SIX),
        "xmp-6.jpg": with_segment(jpeg, XMP6),
        "xmp-6-exif-3.jpg": with_segment(with_segment(jpeg, XMP6), b"Exif\0\0" + tiff(THREE)),
        "exif-after-a-far-tag.jpg": with_exif(tag(0x010F, 2, 200, far), SIX),
        "exif-after-a-far-fraction.jpg": with_exif(tag(0x011A, 5, 1, far), SIX),
        "exif-after-an-unknown-kind.jpg": with_exif(tag(0x010F, 99, 3, far), SIX),
        "exif-after-a-huge-tag.jpg": with_exif(tag(0x010F, 2, 0x7FFFFFFF, far), SIX),
        "exif-after-a-lost-list.jpg": with_exif(tag(0x8769, 4, 1, far), SIX),
        "exif-twice.jpg": with_exif(SIX, THREE),
        "exif-of-another-kind.jpg": with_exif(tag(0x0112, 4, 1, struct.pack(">I", 6))),
        "exif-9.jpg": with_exif(tag(0x0112, 3, 1, 9), SIX),
        "exif-6.png": with_chunks(plain, chunk(b"eXIf", tiff(SIX))),
        "exif-6-damaged.png": with_chunks(plain, chunk(b"eXIf", tiff(SIX), 0)),
        "exif-6-after-its-pixels.png": plain[:-12] + chunk(b"eXIf", tiff(SIX)) + plain[-12:],
        "xmp-6.png": with_chunks(plain, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP6[29:])),
        "exif-6.webp": encoded(drawing(), "WEBP", lossless=True, exif=tiff(SIX)),
        # transparency
        **{f"grey-{bits}-bits.png": grey_png(bits, transparent(1)) for bits in (1, 2, 4, 8)},
        "grey-2-bits-high-byte.png": grey_png(2, transparent(0x0102)),
        "grey-2-bits-no-such-grey.png": grey_png(2, transparent(5)),
        "transparency-too-short.png": grey_png(8, chunk(b"tRNS", b"\1")),
        "transparency-damaged.png": with_chunks(plain, chunk(b"tRNS", struct.pack(">3H", 220, 30, 30), 0)),
        "transparency-of-rgb.png": with_chunks(plain, transparent(220, 30, 30)),
        "transparency-longer-than-palette.png": with_chunks(encoded(drawing().quantize(16)), alphas(17)),
        "transparency-as-long-as-palette.png": with_chunks(encoded(drawing().quantize(16)), alphas(16)),
        "transparency-of-300.png": with_chunks(encoded(palette), alphas(300)),
        "transparency-before-palette.png": encoded(palette).replace(
            struct.pack(">I", 192) + b"PLTE", chunk(b"tRNS", bytes(8)) + struct.pack(">I", 192) + b"PLTE"
        ),
        # what does not matter
        "size-checksum.png": with_chunks(plain, chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1), 0)),
        "gamma-checksum.png": with_chunks(plain, chunk(b"gAMA", struct.pack(">I", 100_000), 0)),
        "profile-checksum.png": with_chunks(plain, chunk(b"iCCP", b"x\0\0" + zlib.compress(swapped), 0)),
        "text-checksum.png": with_chunks(plain, chunk(b"tEXt", b"k\0text", 1)),
        "gamma-short.png": with_chunks(plain, chunk(b"gAMA", b"\0\1")),
        "chromaticities-short.png": with_chunks(plain, gamma(45_455), chunk(b"cHRM", bytes(31))),
        "srgb-empty.png": with_chunks(plain, chunk(b"sRGB", b"")),
        "size-short.png": with_chunks(plain, chunk(b"pHYs", b"\0")),
        "animation-short.png": with_chunks(plain, chunk(b"acTL", b"\0")),
        "text-garbage.png": with_chunks(plain, chunk(b"zTXt", b"k\0\7garbage")),
        "text-2-MB.png": with_chunks(plain, _text(b"zTXt", 2_000_000)),
        "text-5-MB.png": with_chunks(plain, _text(b"iTXt", 5_000_000)),
        "text-90-MB.png": with_chunks(plain, *[_text(b"zTXt", 900_000)] * 100),
        "no-end.png": plain[:-12],
        "more-after-the-end.png": plain + bytes(500),
        # frames
        "offset.gif": gif(96, 96, 24, 24),
        "offset-with-transparency.gif": gif(96, 96, 24, 24, b"!\xf9\4\1\0\0\2\0"),
        "offset-to-be-cleared.gif": gif(96, 96, 30, 8, b"!\xf9\4\x08\0\0\0\0"),
        "beyond-its-canvas.gif": gif(60, 60, 24, 24),
        "tall-canvas.gif": gif(48, 96, 0, 0),
        "offset.webp": _webp_animation(),
        "hidden-first.png": _hidden_first(),
        # ends
        "large-without-end.jpg": large[:-2],
        "large-without-last-bytes.jpg": large[:-300],
        "large-without-last-rows.jpg": large[: len(large) * 98 // 100],
        "progressive-without-end.jpg": encoded(drawing(1200), "JPEG", quality=90, progressive=True)[:-40],
        "small-ends-early.jpg": encoded(drawing(208), "JPEG", subsampling=0)[:-2],
        "coarse-ends-early.jpg": encoded(drawing(208), "JPEG", subsampling=2)[:-2],
        "grey-ends-early.jpg": encoded(drawing(205).convert("L"), "JPEG")[:-2],
        "more-after-the-end.jpg": large + bytes(5000),
    }  # fmt: skip


def mutated(count: int, seed: int) -> list[tuple[str, bytes]]:
    """Files of all formats with changed, missing, doubled or inserted bytes, most near where they begin."""
    chance = random.Random(seed)
    small = drawing(40)
    originals = {name: data for name, data in as_in_the_browser().items() if len(data) < 20_000}
    originals |= {
        "plain.bmp": encoded(small, "BMP"),
        "palette.bmp": encoded(small.quantize(16), "BMP"),
        "plain.gif": encoded(small, "GIF", save_all=True, append_images=[small.rotate(90)]),
        "lossy.webp": encoded(small, "WEBP"),
        "plain.avif": encoded(small, "AVIF"),
        "other.tiff": encoded(small, "TIFF"),
        "other.ico": encoded(small, "ICO"),
    }
    names = list(originals)
    return [(name, _mutate(originals[name], chance)) for name in chance.choices(names, k=count)]


def _mutate(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        end = len(changed) if chance.random() < 0.4 else min(len(changed), 600)
        at = chance.randrange(max(1, end))
        kind = chance.random()
        if kind < 0.6:
            changed[at : at + 1] = bytes([chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))])
        elif kind < 0.7:
            changed[at : at + 4] = chance.randbytes(4)
        elif kind < 0.8:
            del changed[at : at + chance.randint(1, 30)]
        elif kind < 0.9:
            changed[at:at] = changed[at : at + chance.randint(1, 100)]
        else:
            del changed[at + chance.randint(1, 300) :]
    return _with_right_checksums(bytes(changed)) if chance.random() < 0.5 else bytes(changed)


def _with_right_checksums(data: bytes) -> bytes:
    """A PNG whose chunks are believed, so that what they say is looked at; other files as they are."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return data
    at, parts = 8, [data[:8]]
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        parts.append(chunk(data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    return b"".join(parts)
