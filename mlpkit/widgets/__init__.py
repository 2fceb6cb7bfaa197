from mlpkit.widgets.explorer import (
    Explorer,
    Trainer,
    learning_rate_explorer,
    loss_explorer,
    nudge,
    sigma_explorer,
    start_explorer,
    trainer,
    xor_by_hand,
)
from mlpkit.widgets.stepper import Stepper

__all__ = [
    "Explorer",
    "Stepper",
    "Trainer",
    "learning_rate_explorer",
    "loss_explorer",
    "nudge",
    "sigma_explorer",
    "start_explorer",
    "trainer",
    "xor_by_hand",
]
