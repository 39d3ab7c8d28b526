"""The paper of a signature: who signed what, when, by which link and device, with the drawing itself.

A drawing alone proves little: that of a typed name is the same file for each delivery.
"""

import io
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "MilepostReceipt"
LEFT, TOP, LINE = 50, A4[1] - 60, 16


def receipt(title, rows, drawing, font):
    """A PDF of one page or more.

    :param title: its heading
    :param rows: [(label, text)], long texts are wrapped
    :param drawing: the signature as PNG
    :param font: path of a TrueType font that has the letters of the names
    :return: bytes
    """
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, str(Path(font))))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    canvas.setFont(FONT, 16)
    canvas.drawString(LEFT, TOP, title)
    canvas.setFont(FONT, 10)
    height = TOP - 2 * LINE
    for label, text in rows:
        for number, part in enumerate(_wrapped(text)):
            if height < 60:
                canvas.showPage()
                canvas.setFont(FONT, 10)
                height = TOP
            if number == 0:
                canvas.drawString(LEFT, height, label)
            canvas.drawString(LEFT + 130, height, part)
            height -= LINE
    if height < 200:
        canvas.showPage()
        height = TOP
    canvas.drawImage(
        ImageReader(io.BytesIO(drawing)), LEFT, height - 130, 300, 120,
        mask="auto", preserveAspectRatio=True, anchor="sw",
    )  # fmt: skip
    canvas.save()
    return out.getvalue()


def _wrapped(text, width=70):
    """The text in lines of at most so many letters; at least one."""
    lines = [""]
    for word in str(text).split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()[:500]
    return lines
