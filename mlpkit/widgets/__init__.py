from mlpkit.widgets.stepper import Stepper

__all__ = ["Stepper"]
