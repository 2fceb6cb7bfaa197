from mlpkit.widgets.ask import Ask, ask
from mlpkit.widgets.digit_pad import DigitPad, digit_pad
from mlpkit.widgets.explorer import (
    Explorer,
    learning_rate_explorer,
    loss_explorer,
    nudge,
    sigma_explorer,
    start_explorer,
    step_laboratory,
    stuck_laboratory,
    xor_by_hand,
)
from mlpkit.widgets.paths import Paths, deepening, paths
from mlpkit.widgets.playground import Playground, playground
from mlpkit.widgets.stepper import Stepper
from mlpkit.widgets.trial import Trial, trial

__all__ = [
    "Ask",
    "DigitPad",
    "Explorer",
    "Paths",
    "Playground",
    "Stepper",
    "Trial",
    "ask",
    "deepening",
    "digit_pad",
    "learning_rate_explorer",
    "loss_explorer",
    "nudge",
    "paths",
    "playground",
    "sigma_explorer",
    "start_explorer",
    "step_laboratory",
    "stuck_laboratory",
    "trial",
    "xor_by_hand",
]
