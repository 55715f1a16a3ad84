"""Pictures for the demo's counsellors: drawn shapes without a face, so that nobody's likeness is used."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

SIZE = (320, 400)
FINE = 3  # drawn so many times larger, then made small, for smooth edges

#: (wall, light, clothes), calm and told apart at the size of a stamp
COLOURS = (
    ("#DCEBE5", "#F3E7D2", "#0E5A50"), ("#F4E2D6", "#FBF3E6", "#8A4A30"), ("#DDE6EF", "#F5EDDF", "#2C5C8A"),
    ("#E9E4F0", "#F7EFE0", "#5B4A7A"), ("#E6EBD9", "#FAF2DC", "#5E6B2E"), ("#F1E0E2", "#FBF1E4", "#7F3F52"),
)
SKIN = ("#C98F68", "#B57A55", "#A2683F", "#8B5633", "#D6A27C", "#6F452B")
HAIR = "#2A2220"


@dataclass(frozen=True)
class Look:
    """``hair``: short, long, bun, curls or scarf."""

    hair: str
    colours: int
    skin: int


LOOKS = {
    "andi-nurhayati": Look("scarf", 0, 1), "vincent-tanujaya": Look("short", 2, 4), "fadhlan-chaniago": Look("short", 4, 2),
    "siti-maimunah": Look("scarf", 3, 4), "yohana-wanggai": Look("curls", 1, 5), "made-suardana": Look("short", 5, 3),
    "rina-sihombing": Look("bun", 2, 0), "dewi-lestariningsih": Look("long", 5, 1), "arif-rahman": Look("short", 0, 0),
    "maria-goreti": Look("curls", 4, 3), "bagus-prakoso": Look("short", 3, 1), "lia-kusumawati": Look("long", 1, 4),
}


class Drawing:
    """Takes coordinates of the small picture."""

    def __init__(self, colour: str) -> None:
        self.picture = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), colour)
        self._draw = ImageDraw.Draw(self.picture)

    def round(self, x: int, y: int, width: int, height: int, colour: str) -> None:
        """An ellipse about a middle."""
        box = [(x - width // 2) * FINE, (y - height // 2) * FINE, (x + width // 2) * FINE, (y + height // 2) * FINE]
        self._draw.ellipse(box, fill=colour)

    def soft(self, x: int, y: int, width: int, height: int, radius: int, colour: str) -> None:
        """A box with round corners about a middle."""
        box = [(x - width // 2) * FINE, (y - height // 2) * FINE, (x + width // 2) * FINE, (y + height // 2) * FINE]
        self._draw.rounded_rectangle(box, radius * FINE, fill=colour)


def portrait(slug: str) -> bytes:
    """PNG, 320 x 400 pixels; the same at every run."""
    look = LOOKS[slug]
    wall, light, clothes = COLOURS[look.colours]
    skin = SKIN[look.skin]
    paper = Drawing(wall)
    paper.round(232, 128, 190, 190, light)
    _behind(paper, look.hair, clothes)
    paper.soft(160, 384, 230, 190, 88, clothes)
    paper.soft(160, 286, 54, 84, 26, _deeper(skin))
    paper.round(160, 208, 122, 152, skin)
    _before(paper, look.hair, light)
    out = io.BytesIO()
    paper.picture.resize(SIZE, Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _behind(paper: Drawing, hair: str, clothes: str) -> None:
    if hair == "long":
        paper.soft(160, 242, 172, 236, 80, HAIR)
    elif hair == "bun":
        paper.round(160, 108, 74, 66, HAIR)
    elif hair == "curls":
        for x, y in ((98, 168), (222, 168), (90, 214), (230, 214), (112, 134), (208, 134), (160, 120), (98, 254), (222, 254)):
            paper.round(x, y, 84, 84, HAIR)


def _before(paper: Drawing, hair: str, light: str) -> None:
    """What lies over the forehead; a scarf leaves the face free."""
    if hair == "scarf":
        _scarf(paper, light)
        return
    cap = Image.new("L", paper.picture.size, 0)
    draw = ImageDraw.Draw(cap)
    draw.ellipse([96 * FINE, 124 * FINE, 224 * FINE, 296 * FINE], fill=255)
    draw.rectangle([0, 184 * FINE, SIZE[0] * FINE, SIZE[1] * FINE], fill=0)
    draw.ellipse([104 * FINE, 166 * FINE, 216 * FINE, 300 * FINE], fill=0)
    paper.picture.paste(HAIR, (0, 0), cap)


def _scarf(paper: Drawing, light: str) -> None:
    cloth = Image.new("L", paper.picture.size, 0)
    draw = ImageDraw.Draw(cloth)
    draw.ellipse([80 * FINE, 106 * FINE, 240 * FINE, 318 * FINE], fill=255)
    draw.polygon([(84 * FINE, 226 * FINE), (52 * FINE, 366 * FINE), (268 * FINE, 366 * FINE), (236 * FINE, 226 * FINE)], fill=255)
    draw.ellipse([46 * FINE, 318 * FINE, 274 * FINE, 408 * FINE], fill=255)
    draw.ellipse([106 * FINE, 138 * FINE, 214 * FINE, 282 * FINE], fill=0)
    paper.picture.paste(_deeper(light), (0, 0), cloth)


def _deeper(colour: str) -> str:
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{int(part * 0.86):02X}" for part in parts)
