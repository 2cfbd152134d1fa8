#!/usr/bin/env python3
"""Writes Sources/Jinja/Formatting/HTMLEntities+Table.swift from the names of the HTML standard, as Python knows them."""

import html.entities
import pathlib
import textwrap

TARGET = pathlib.Path(__file__).parent.parent / "Sources/Jinja/Formatting/HTMLEntities+Table.swift"


def main():
    """Writes the file."""
    names = html.entities.html5
    entries = [
        f"{name[:-1]}:{'+'.join(f'{ord(character):X}' for character in text)}"
        for name, text in sorted(names.items())
        if name.endswith(";")
    ]
    legacy = sorted(name for name in names if not name.endswith(";"))
    wrap = lambda words: "\n".join("        " + line for line in textwrap.wrap(" ".join(words), 116, break_on_hyphens=False))
    TARGET.write_text(f'''extension HTMLEntities {{
    // Written by scripts/html-entities.py: https://html.spec.whatwg.org/multipage/named-characters.html

    /// The names that also count without a semicolon.
    static let legacyNames = """
{wrap(legacy)}
        """

    /// Each name with its code points.
    static let table = """
{wrap(entries)}
        """
}}
''')


if __name__ == "__main__":
    main()
