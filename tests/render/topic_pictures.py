"""The topics' pictures for mail, drawn from their vector sources: `python -m tests.render.topic_pictures`.

192 × 192 pixels, which mail shows at 64 × 64 or 96 × 96, so that they are sharp on fine screens; 64 colours at
most, so that each is a few kilobytes. Mail programs show no SVG, hence the PNG beside each.
"""

import io
from pathlib import Path

from PIL import Image

from pipeline.config import CHECKOUT
from tests.browser import chromium

FOLDER = CHECKOUT / "templates" / "email" / "_topics"
SIZE = 64
SHARPNESS = 3


def draw(folder: Path = FOLDER) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": SIZE, "height": SIZE}, device_scale_factor=SHARPNESS)
        for source in sorted(folder.glob("*.svg")):
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{source.read_text(encoding='utf-8')}")
            picture = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
            few = picture.quantize(colors=64, method=Image.Quantize.FASTOCTREE)
            few.save(source.with_suffix(".png"), optimize=True)


if __name__ == "__main__":
    draw()
