"""A town chooses any colour; what is written on it or in it must stay readable (WCAG 2.1)."""

from __future__ import annotations

from dataclasses import dataclass

BLACK = "#000000"
WHITE = "#ffffff"
TEXT_CONTRAST = 4.5

Channels = tuple[int, int, int]


def channels(colour: str) -> Channels:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it: 0 for black, 1 for white."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`share` of `colour`, the rest of `other`."""
    mixed = (
        round(a * share + b * (1 - share)) for a, b in zip(channels(colour), channels(other), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def text_on(colour: str) -> str:
    """Black or white, whichever is read better on the colour; one of the two always reaches 4.5."""
    return WHITE if contrast(colour, WHITE) >= contrast(colour, BLACK) else BLACK


def tint_of(colour: str) -> str:
    """A ground so light that dark text keeps its contrast."""
    return mix(colour, WHITE, 0.07)


def ink_of(colour: str) -> str:
    """The colour, darkened just so far that it can be read on white and on its own tint."""
    ground = tint_of(colour)
    for step in range(20, 0, -1):
        ink = mix(colour, BLACK, step / 20)
        if contrast(ink, ground) >= TEXT_CONTRAST:
            return ink
    return BLACK


@dataclass(frozen=True)
class TownColours:
    """The four colours that pages and prints use for a municipality."""

    colour: str
    on: str
    ink: str
    tint: str

    @classmethod
    def of(cls, colour: str) -> TownColours:
        return cls(colour=colour, on=text_on(colour), ink=ink_of(colour), tint=tint_of(colour))

    def as_css(self) -> str:
        return (
            f":root {{\n  --town-color: {self.colour};\n  --town-on: {self.on};\n"
            f"  --town-ink: {self.ink};\n  --town-tint: {self.tint};\n}}\n"
        )
