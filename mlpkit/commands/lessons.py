"""The lessons: where they are, a copy of one's own, and JupyterLab with the settings that they want."""

import os
import shutil
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

FOLDER = "mlpkit-lessons"  # where the copy is made if no other folder is named
START = "00_start_here.ipynb"  # what is opened, and by which a folder of lessons is known
_CHECKOUT = Path(__file__).parents[2]


class NotPossible(Exception):
    """A command that cannot be carried out; its text is the rest of a sentence that says why and what helps."""


def home():
    """The folder that has lessons/ and binder/ in it, as a Path: the checkout, or where the wheel has put them.

    Raises NotPossible where the package was installed without them.
    """
    if _has_lessons(_CHECKOUT / "lessons"):
        return _CHECKOUT
    try:
        installed = files("mlpkit") or []
    except PackageNotFoundError:
        installed = []
    for file in installed:
        if file.name == START and file.parent.name == "lessons":
            return Path(file.locate()).resolve().parents[1]
    raise NotPossible("the lessons are not installed here: install mlpkit from its wheel or in a checkout")


def copy_lessons(folder):
    """Put every file of the lessons that is missing in `folder` there; nothing that is there is touched.

    folder: a Path; it is made if it is not there. Raises NotPossible where it holds other things, or cannot be written.
    """
    source = home() / "lessons"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not _has_lessons(folder) and any(folder.iterdir()):
            raise NotPossible(f"{folder} holds other things than the lessons: name a new folder, or an empty one")
        # The start page comes first, since by it the folder is known again if the copying is broken off.
        for file in sorted(source.rglob("*")):
            below = file.relative_to(source)
            if file.is_file() and not _of_a_learner(below):
                (folder / below).parent.mkdir(exist_ok=True)
                if not os.path.lexists(folder / below):
                    shutil.copyfile(file, folder / below)
    except OSError as problem:
        raise NotPossible(
            f"the lessons cannot be copied to {folder} ({problem.strerror}): name another folder"
        ) from None


def open_lessons(folder=None, options=()):
    """Start JupyterLab at the start page; it runs until it is stopped.

    folder: where the learner's copy is, or is made. None: a checkout's lessons themselves; else the current folder if
    the lessons are in it, else FOLDER in it. options: further ones for JupyterLab, which count more than the kit's.
    Raises NotPossible.
    """
    try:
        from jupyterlab.labapp import main
    except ImportError:
        raise NotPossible('there is no JupyterLab here: python -m pip install "jupyterlab>=4.4"') from None
    settings = home() / "binder"
    if folder is None and home() == _CHECKOUT:
        root, start = _CHECKOUT, f"lessons/{START}"
    else:
        root = Path(folder or ("." if _has_lessons(Path()) else FOLDER)).expanduser().absolute()
        start = START
        copy_lessons(root)
    print(f"The lessons are in {(root / start).parent}", flush=True)
    main(
        [
            f"--config={settings / 'jupyter_server_config.py'}",
            f"--LabApp.app_settings_dir={settings / 'settings'}",
            f"--ServerApp.root_dir={root}",
            f"--LabApp.default_url=/lab/tree/{start}",
            *options,
        ]
    )


def _has_lessons(folder):
    return (folder / START).is_file()


def _of_a_learner(path):
    """Whether a file below lessons/ is what a learner's work leaves there."""
    return path.name.startswith("my_record") or ".ipynb_checkpoints" in path.parts
