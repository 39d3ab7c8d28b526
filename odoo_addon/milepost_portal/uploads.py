"""What may come in through a page: told by its content, never by its name or by what the browser says."""

import io

from PIL import Image, UnidentifiedImageError

MEGABYTE = 1 << 20
LARGEST = 10 * MEGABYTE
PIXELS = 60_000_000
SUFFIX = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif"}
IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg"}
# TIFF 6.0, section 2: byte order and 42. Odoo loads no decoder for it, and none is needed to keep it.
TIFF = (b"II*\x00", b"MM\x00*")
# ISO base media files that phones make of pictures (ISO/IEC 14496-12, brand of the `ftyp` box).
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


class Refused(Exception):
    """A file that is not taken: `why` is `empty`, `large`, `heic` or `type`."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


def media_type(content, largest=LARGEST):
    """The media type of a file that may come in.

    :param content: bytes
    :param largest: how many bytes it may have
    :raises Refused: it is empty, too large, or neither a PDF nor a picture that can be opened
    """
    if not content:
        raise Refused("empty")
    if len(content) > largest:
        raise Refused("large")
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise Refused("heic")
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(TIFF):
        return "image/tiff"
    return _picture(content)


def _picture(content):
    try:
        with Image.open(io.BytesIO(content), formats=tuple(IMAGES)) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused("large")
            picture.verify()
            return IMAGES[picture.format]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("type") from error
