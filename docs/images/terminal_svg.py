#!/usr/bin/env python3
"""Draws what a terminal shows after a command as an SVG picture.

    script -qec "make demo" /dev/null | docs/images/terminal_svg.py "make demo" > docs/images/demo.svg

Reads the bytes that the command sent to the terminal and follows the few control sequences that Leat uses: colours,
cursor up, carriage return, erase to the end of the screen, line wrap on and off.
"""
import re
import sys
from html import escape

COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#56d4dd", "2": "#8b949e", "1": "#ffffff"}
FOREGROUND, BACKGROUND = "#e6edf3", "#0d1117"
CHARACTER, LINE, MARGIN = 7.83, 18, 16
TOKEN = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|([^\x1b]+)|\x1b.")


def screen(text):
    """The lines of the screen, each a list of (character, colour)."""
    lines, row, column, colour = [[]], 0, 0, None
    for codes, command, plain in TOKEN.findall(text):
        if command == "m":
            for code in (codes or "0").split(";"):
                colour = COLOURS.get(code) if code != "0" else None
        elif command == "A":
            row = max(0, row - int(codes or 1))
        elif command == "J":
            del lines[row][column:]
            del lines[row + 1:]
        for character in plain:
            if character == "\n":
                row, column = row + 1, 0
                if row == len(lines):
                    lines.append([])
            elif character == "\r":
                column = 0
            else:
                line = lines[row]
                line.extend([(" ", None)] * (column + 1 - len(line)))
                line[column] = (character, colour)
                column += 1
    while lines and not lines[-1]:
        lines.pop()
    return lines


def spans(line):
    """Runs of one colour, as SVG."""
    out, start = [], 0
    while start < len(line):
        end = start
        while end < len(line) and line[end][1] == line[start][1]:
            end += 1
        text = escape("".join(character for character, _ in line[start:end]))
        x = MARGIN + start * CHARACTER
        out.append(f'<tspan x="{x:.1f}" fill="{line[start][1] or FOREGROUND}">{text}</tspan>')
        start = end
    return "".join(out)


def main():
    command, columns = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 118
    lines = screen("\x1b[32m$\x1b[0m " + command + "\n" + sys.stdin.buffer.read().decode("utf-8", "replace"))
    lines = [line[: columns - 1] + [("…", COLOURS["2"])] if len(line) > columns else line for line in lines]
    width = MARGIN * 2 + max(len(line) for line in lines) * CHARACTER
    height = MARGIN * 2 + len(lines) * LINE
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
          f'font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="13">')
    print(f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>')
    for index, line in enumerate(lines):
        print(f'<text y="{MARGIN + (index + 0.75) * LINE:.1f}" xml:space="preserve">{spans(line)}</text>')
    print("</svg>")


if __name__ == "__main__":
    main()
