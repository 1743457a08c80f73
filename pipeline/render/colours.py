"""The colours of an issue: the house's paper and ink, and the newsletter's accent, made legible on them.

Legible means a contrast of at least 4.5 : 1 (WCAG 2.2, success criterion 1.4.3) for every text on every ground: in
light, in dark, and in the dark that some mail programs make by themselves, turning each colour's lightness over in
CIELAB (L* becomes 100 - L*). An accent that falls short keeps its hue and is darkened or lightened until it does.
"""

import re
from dataclasses import dataclass, fields

LEAST_CONTRAST = 4.5
HOUSE_ACCENT = "#b4533c"

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_WHITE = (0.9504559, 1.0, 1.0890578)  # D65, 2 degrees
_DARK_ACCENT_LIGHTNESS = 76.0  # bright enough to read as a colour on dark, not as a shade of grey

Lab = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours of one appearance, each `#rrggbb`. Text is set in ink, muted or accent, on paper or card."""

    paper: str
    card: str
    ink: str
    muted: str
    line: str
    accent: str

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.ink, self.muted, self.accent)

    @property
    def grounds(self) -> tuple[str, ...]:
        return (self.paper, self.card)


@dataclass(frozen=True, slots=True)
class Palette:
    """Both appearances. `correction` says what was changed in the newsletter's accent, '' for nothing."""

    light: Scheme
    dark: Scheme
    correction: str = ""


def palette(accent: str) -> Palette:
    """The palette for a newsletter's accent colour; one that is no `#rrggbb` is replaced by the house's."""
    wanted = accent.strip().lower()
    known = bool(_HEX.fullmatch(wanted))
    base = wanted if known else HOUSE_ACCENT
    light = Scheme("#faf7f2", "#ffffff", "#2b2622", "#6b625a", "#e7dfd4", base)
    dark = Scheme("#1c1917", "#26221f", "#ede8e1", "#b3a89c", "#3a342f", base)
    light = _with_accent(light, _legible(light, base, step=-1.0))
    dark = _with_accent(dark, _legible(dark, _for_dark(base), step=1.0))
    return Palette(light, dark, _correction(accent, light.accent, known=known))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def turned_over(colour: str) -> str:
    """The colour as a mail program shows it that makes its own dark appearance."""
    lightness, a, b = _to_lab(colour)
    return _from_lab((100.0 - lightness, a, b))


def _with_accent(scheme: Scheme, accent: str) -> Scheme:
    values = {field.name: getattr(scheme, field.name) for field in fields(scheme)}
    return Scheme(**(values | {"accent": accent}))


def _for_dark(accent: str) -> str:
    lightness, a, b = _to_lab(accent)
    calm = 0.7 if lightness < _DARK_ACCENT_LIGHTNESS else 1.0
    return _from_lab((max(lightness, _DARK_ACCENT_LIGHTNESS), a * calm, b * calm))


def _legible(scheme: Scheme, accent: str, *, step: float) -> str:
    lightness, a, b = _to_lab(accent)
    while not _is_legible(scheme, accent) and 0.0 < lightness + step < 100.0:
        lightness += step
        accent = _from_lab((lightness, a, b))
    return accent


def _is_legible(scheme: Scheme, accent: str) -> bool:
    """On these grounds, which lie near white and near black, what is legible is so when both are turned over."""
    return all(contrast(accent, ground) >= LEAST_CONTRAST for ground in scheme.grounds)


def _correction(wanted: str, used: str, *, known: bool) -> str:
    if not known:
        return f"the accent colour {wanted!r} is no colour of the form #rrggbb; {used} stands in for it"
    if used != wanted.strip().lower():
        return f"the accent colour {wanted} is too pale to read on the page; {used} stands in for it"
    return ""


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return _expand(red), _expand(green), _expand(blue)


def _expand(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _compress(channel: float) -> int:
    channel = min(max(channel, 0.0), 1.0)
    value = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(value * 255)


def _to_lab(colour: str) -> Lab:
    red, green, blue = _linear(colour)
    x = 0.4124564 * red + 0.3575761 * green + 0.1804375 * blue
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = 0.0193339 * red + 0.1191920 * green + 0.9503041 * blue
    fx, fy, fz = (_cube_root(value / white) for value, white in zip((x, y, z), _WHITE, strict=True))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _from_lab(lab: Lab) -> str:
    lightness, a, b = lab
    fy = (lightness + 16) / 116
    x, y, z = (_cube(value) * white for value, white in zip((fy + a / 500, fy, fy - b / 200), _WHITE, strict=True))
    red = 3.2404542 * x - 1.5371385 * y - 0.4985314 * z
    green = -0.9692660 * x + 1.8760108 * y + 0.0415560 * z
    blue = 0.0556434 * x - 0.2040259 * y + 1.0572252 * z
    return f"#{_compress(red):02x}{_compress(green):02x}{_compress(blue):02x}"


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _cube(value: float) -> float:
    return value**3 if value > 6 / 29 else (116 * value - 16) * 27 / 24389
