"""Write the pages of docs/ that are made from the code: configuration.md, commands.md and providers.md.

Run it after a change to `pipeline/config.py`, to a command or to a provider: `python docs/generate.py`. The tests
compare.
"""

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))


def pages() -> dict[str, str]:
    """File name → content of each generated page."""
    from pipeline.cli.reference import commands_page
    from pipeline.config import reference_page
    from pipeline.publish.provider_table import providers_page

    return {"configuration.md": reference_page(), "commands.md": commands_page(), "providers.md": providers_page()}


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(f"wrote docs/{name}")
