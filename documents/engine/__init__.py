"""Lays out, paints and binds. The only package that touches WeasyPrint's private parts, hence its exact pin.

A document is laid out section by section; a section always begins on a new page, so its pages do not
depend on what stands before it. A page is painted once and its tags are built once; both are written,
page by page, into every document that contains it, and WeasyPrint's boxes are forgotten. What does depend
on the whole document, the running foot with "Seite x von y", comes from a document of as many empty pages.

    press.py     what a process loads once, and laying out
    sheets.py    a page laid out: its painting, and where it leads
    tags.py      its tags
    likeness.py  whether a page looks like one before
    lines.py     lines that were broken or drawn before
    styles.py    styles that were computed before
    memory.py    a bounded dictionary, for both
    binding.py   one PDF of many sheets
    writing.py   its bytes

There is one way only: a full render records and writes exactly like a cached one. So a cache hit cannot
change a byte, and `tests/documents/test_pdf.py` holds it to that.
"""

from PIL import ImageFile
from weasyprint import images as _images

# WeasyPrint lets Pillow draw half a picture for the whole process. An upload that broke off is to be refused.
assert _images.ImageFile is ImageFile
ImageFile.LOAD_TRUNCATED_IMAGES = False
