"""The Stepper in marimo: python -m pip install marimo, then marimo run marimo_stepper.py, or marimo edit."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    from mlpkit import data
    from mlpkit.widgets import Stepper

    return Stepper, data, mo


@app.cell
def _(Stepper, data, mo):
    stepper = mo.ui.anywidget(Stepper(*data.running_example(), alpha=0.5))
    stepper  # noqa: B018, marimo shows the last line
    return (stepper,)


if __name__ == "__main__":
    app.run()
