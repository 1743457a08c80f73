"""What it costs to render an issue, beside the bare MJML compiler: `python -m tests.benchmarks.render`.

Prints one line for each design: the issue's tips, milliseconds for a whole rendering (template, checks, compiling,
filling, inlining, text part) and for the compiler alone on the same MJML, their ratio, and the bytes of HTML and text.
An issue is rendered once, never per recipient.
"""

import statistics
import time
from collections.abc import Callable
from unittest import mock

from pipeline.render import markdown, mjml
from pipeline.render.designs import find_designs
from pipeline.render.email import render_email
from pipeline.render.preflight import check
from tests.render.issues import TEMPLATES

ROUNDS = 200


def milliseconds(work: Callable[[], object]) -> float:
    """Of the processor's time: the median of many rounds, after a few to warm up, none of which knows the texts."""
    times = []
    for _ in range(ROUNDS + 10):
        markdown.to_html.cache_clear()
        markdown.to_text.cache_clear()
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times[10:]) * 1000


def main() -> None:
    print(f"{'design':<12}{'tips':>6}{'render ms':>12}{'mjml ms':>10}{'ratio':>8}{'preflight ms':>14}", end="")
    print(f"{'HTML B':>9}{'text B':>8}")
    for design in find_designs(TEMPLATES).values():
        content = design.sample()
        with mock.patch.object(mjml, "mjml2html", wraps=mjml.mjml2html) as compiler:
            email = render_email(content, templates=TEMPLATES)
        source = compiler.call_args.args[0]
        whole = milliseconds(lambda content=content: render_email(content, templates=TEMPLATES))
        bare = milliseconds(lambda source=source: mjml.mjml2html(source, fonts={}))
        preflight = milliseconds(lambda content=content, email=email: check(content, email))
        print(
            f"{design.slug:<12}{len(content.tips):>6}{whole:>12.2f}{bare:>10.2f}{whole / bare:>8.1f}{preflight:>14.2f}"
            f"{email.html_bytes:>9}{len(email.text.encode()):>8}"
        )


if __name__ == "__main__":
    main()
