"""What the explorers show, as plain data, and how it depends on their controls. Nothing here draws.

An Exploration names its controls and has one function from their values to what is shown:

    {"panels": [...], "status": [...], "rows": [...], "spoken": "..."}

A panel has axes, curves, marks, labelled points or a heat map; `panel` and the functions beside it make these.
A row is a table, a line of named numbers or a sentence. `status`, which may be missing, is a line of named numbers
that stands beside the buttons. `spoken` says the same to who listens.

Each module has what one lesson needs; controls.py and panels.py have what all of them are made of.
"""

from mlpkit.explorers.controls import Exploration, button, checked, choice, first_values, pair, slider, whole
from mlpkit.explorers.functions import loss, sigma
from mlpkit.explorers.laboratory import step_laboratory, stuck
from mlpkit.explorers.nudging import nudge
from mlpkit.explorers.panels import (
    axis,
    contour,
    curve,
    heat,
    log_ticks,
    marks,
    nice_ticks,
    numbers,
    panel,
    point,
    sentence,
    table,
)
from mlpkit.explorers.paths import deepening
from mlpkit.explorers.rates import learning_rate, verdict_on_losses
from mlpkit.explorers.starts import start, start_weights
from mlpkit.explorers.xor import xor_by_hand

__all__ = [
    "Exploration",
    "axis",
    "button",
    "checked",
    "choice",
    "contour",
    "curve",
    "deepening",
    "first_values",
    "heat",
    "learning_rate",
    "log_ticks",
    "loss",
    "marks",
    "nice_ticks",
    "nudge",
    "numbers",
    "pair",
    "panel",
    "point",
    "sentence",
    "sigma",
    "slider",
    "start",
    "start_weights",
    "step_laboratory",
    "stuck",
    "table",
    "verdict_on_losses",
    "whole",
    "xor_by_hand",
]
