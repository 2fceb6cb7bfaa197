"""A page that stands alone: one HTML file with its style in it, for a screen, a projector and paper; no network."""

from html import escape

from mlpkit.commands.lessons import NotPossible

TITLES = ("Start here", "Definitions", "Forward", "Derivations", "Backward", "Stepping", "Digits")

# What is coloured has a word or a rim as well. Paper takes the colours of the light theme, whatever the screen has.
_COLOURS = """
--fg: #1b1f24; --muted: #5b636d; --bg: #fff; --soft: #eef1f4; --bar: #0067a3; --good: #1a6e37;
""".strip()
_DARK = "--fg: #e7eaee; --muted: #b4bcc5; --bg: #14171a; --soft: #23282d; --bar: #63bdf0; --good: #6fd08c;"
_STYLE = f"""
:root {{ color-scheme: light dark; {_COLOURS} }}
@media (prefers-color-scheme: dark) {{ :root {{ {_DARK} }} }}
@media print {{ :root {{ color-scheme: light; {_COLOURS} }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 1rem 1.5rem 3rem; max-width: 72rem; color: var(--fg); background: var(--bg);
  font: 1.25rem/1.4 system-ui, sans-serif; overflow-wrap: break-word; }}
bdi {{ overflow-wrap: anywhere; }}
h1, h2, h3 {{ line-height: 1.2; margin: 1.6em 0 .4em; }}
h1 {{ font-size: 1.4em; margin-top: .3em; }} h2 {{ font-size: 1.2em; }} h3 {{ font-size: 1em; }}
p {{ margin: .4em 0; }}
a {{ color: inherit; }}
p.muted {{ color: var(--muted); }}
table {{ border-collapse: collapse; width: 100%; margin: .5em 0; }}
th, td {{ text-align: left; vertical-align: top; padding: .2em .8em .2em 0; }}
thead th {{ border-bottom: 1px solid var(--muted); }}
th[scope=row] {{ font-weight: normal; }}
code {{ background: var(--soft); padding: 0 .2em; }}
section {{ break-inside: avoid; }}
"""


def html(kind, title, body, style=""):
    """The whole page as a text. kind: of which command it is; title: plain text; body, style: HTML and CSS."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="mlpkit {escape(kind)}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}{style}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""


def write(path, kind, text):
    """Write a page; one of the same command is written anew. NotPossible where something else is there."""
    try:
        if path.exists() and f'content="mlpkit {kind}"' not in path.read_text("utf-8", errors="replace")[:300]:
            raise NotPossible(f"{path} is there already and is no page of this command: name another file")
        path.write_text(text, "utf-8")
    except OSError as problem:
        raise NotPossible(f"{path} cannot be written ({problem.strerror}): name another file") from None


def table(heads, rows, kind=""):
    """A table as HTML. heads: plain texts; rows: lists of cells, HTML; the first of each is its head."""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    lines = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in rows
    )
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
