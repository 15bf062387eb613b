"""The command `latent-lab site`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from aemodels.bundles import BundleError
from aemodels.bundles.atomic import OutputError
from site_builder import build, learning, selection
from site_builder.build import Sizes
from site_builder.pages import megabytes
from site_builder.selection import Selection


def main(arguments: Sequence[str]) -> None:
    """Write a site and print the sizes of its parts; exits with a sentence if that can't be done."""
    parser = argparse.ArgumentParser(
        prog="latent-lab site",
        description="Write a static web site with Explore, Compare, Interpolate, Learn, Families, "
        "Results and the glossary. It needs no server but one for files, works below any address, "
        "and offline after the first visit.",
    )
    parser.add_argument("out", type=Path, help="folder, or with --one-file the HTML file")
    parser.add_argument(
        "--models",
        nargs="+",
        default=[],
        metavar="NAME",
        help=f"models of the zoo; by default {' '.join(selection.USUAL)}",
    )
    parser.add_argument(
        "--lessons",
        nargs="*",
        metavar="KEY",
        help="add all that these lessons need, such as collapse; without a name, all lessons",
    )
    parser.add_argument(
        "--one-file",
        action="store_true",
        help="everything in one HTML file, which opens by a double click",
    )
    options = parser.parse_args(arguments)
    try:
        chosen = selection.choose(options.models)
        if options.lessons is not None:
            chosen = learning.with_lessons(chosen, options.lessons)
        write = build.one_file if options.one_file else build.site
        sizes = write(options.out, chosen)
    except (BundleError, OutputError, OSError) as error:
        sys.exit(f"latent-lab site: {error}")
    print(table(sizes))
    print(f"\n{lessons(chosen)}")
    opened = options.out if options.one_file else options.out / "index.html"
    how = "open it" if options.one_file else f"python -m http.server -d {options.out}"
    print(f"{opened} is ready: {how}")


def table(sizes: Sizes) -> str:
    """The sizes in megabytes, a line each."""
    width = max(len(name) for name in (*sizes.groups, "total"))
    lines = [f"{name:{width}}  {size / 1e6:6.2f} MB" for name, size in sizes.groups.items()]
    return "\n".join([*lines, f"{'total':{width}}  {sizes.total / 1e6:6.2f} MB"])


def lessons(chosen: Selection) -> str:
    """How many lessons there are, and what the others would take."""
    found = learning.find(chosen)
    count = len(found.shown) + len(found.lacking)
    if not found.lacking:
        return f"All {count} lessons are there."
    missing = [name for one in found.lacking for name in one.missing]
    more = megabytes(learning.size(chosen, missing))
    return f"{len(found.shown)} of {count} lessons are there; --lessons adds the others, {more}."
