"""`python -m mlpkit` opens the lessons; `python -m mlpkit --help` says the rest. Each command is in commands/."""

import argparse
import sys
from pathlib import Path

from mlpkit import __version__
from mlpkit.commands.lessons import FOLDER, NotPossible, open_lessons
from mlpkit.commands.site import build

_OWN = ("-h", "--help", "--version")


def main(words=None):
    """Run one command. words: what stands behind `python -m mlpkit`; None for that of this process.

    Returns nothing. Raises SystemExit: with one sentence where the command is not possible, with JupyterLab's number
    where that ends otherwise than well.
    """
    words = list(sys.argv[1:] if words is None else words)
    if not words or (words[0].startswith("-") and words[0] not in _OWN):
        words = ["open", *words]
    options = []
    if words[0] == "open" and not {"-h", "--help"} & set(words):
        # What follows the first option is JupyterLab's: it alone knows which of its options take a word behind them.
        first = next((k for k, word in enumerate(words) if word.startswith("-")), len(words))
        words, options = words[:first], words[first:]
    arguments = _parser().parse_args(words)
    try:
        arguments.run(arguments, options)
    except NotPossible as problem:
        raise SystemExit(f"python -m mlpkit: {problem}") from None


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise SystemExit(f"{self.prog}: {message}; `python -m mlpkit --help` says what there is")


def _parser():
    parser = _Parser(prog="python -m mlpkit", description="Back-propagation, built by hand. Without a command: open.")
    parser.add_argument("--version", action="version", version=f"mlpkit {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")
    one = commands.add_parser(
        "open",
        help="open the lessons in JupyterLab",
        usage="python -m mlpkit open [FOLDER] [options of JupyterLab]",
        description="Open the lessons in JupyterLab, with the settings with which its numbers follow a slider at once.",
    )
    one.add_argument(
        "folder",
        nargs="?",
        metavar="FOLDER",
        help="where your copy of the lessons is, or is made; a file that is there is never overwritten, and one that "
        f"is missing is put there. Without it: the lessons of a checkout themselves, otherwise {FOLDER} in the "
        "current folder",
    )
    one.set_defaults(run=lambda arguments, options: open_lessons(arguments.folder, options))
    site = commands.add_parser(
        "site",
        help="build the lessons as a folder that any web server hands out, Python included",
        description="Build the lessons as a folder of files with Python in it. Any web server hands it out; the "
        "lessons then run in the reader's browser, without a network. Needs a checkout, the extra [site] and Node.js.",
    )
    site.add_argument("folder", type=Path, metavar="FOLDER", help="where it is put; a site that is there is built anew")
    site.add_argument(
        "--pin",
        action="store_true",
        help="after a change of versions.json: write down the sha256 of the wheels instead of asking for them",
    )
    site.set_defaults(run=lambda arguments, options: build(arguments.folder, arguments.pin))
    of_class = commands.add_parser(
        "class",
        help="make one page of the record files that a class has handed in",
        description="Read every record file (my_record.json, under any name that ends with .json) in a folder and "
        "below it, and write one page to be projected or printed: how the answers to each question were spread, what "
        "was most often wrong, and who got stuck where. Damaged and foreign files are told and left out.",
    )
    of_class.add_argument("folder", type=Path, metavar="FOLDER", help="where the record files are")
    of_class.add_argument("--names", action="store_true", help="call the learners by the names of their files")
    of_class.add_argument("--output", type=Path, metavar="FILE", default="class.html", help="the page: %(default)s")
    of_class.set_defaults(run=_write_class)
    guide = commands.add_parser(
        "guide",
        help="make the teacher's guide as sheets to print, one for each lesson",
        description="Write a page with one sheet for each lesson, to be printed on A4: the plans, the questions with "
        "their answers and what is said to a wrong one, the codes that bring every Stepper to the same state.",
    )
    guide.add_argument("--output", type=Path, metavar="FILE", default="guide.html", help="the page: %(default)s")
    guide.set_defaults(run=_write_guide)
    return parser


def _write_class(arguments, options):
    from mlpkit.commands.classroom import write_class  # with the questions, which no other command needs

    write_class(arguments.folder, arguments.names, arguments.output)


def _write_guide(arguments, options):
    from mlpkit.commands.guide import write_guide

    write_guide(arguments.output)


if __name__ == "__main__":
    main()
