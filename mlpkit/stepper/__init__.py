"""What the Stepper shows at a micro-step, as plain data: dictionaries, lists, numbers and texts.

    layout          where neurons, edges and labels stand
    frame           all that is on the screen at a micro-step
    matrix_form     the same step as a product of matrices
    updates         the way of every weight from old to new
    breaks          what is told of mistakes made on purpose, and of the learner's functions
    code            the state as a short text

widgets/stepper.py sends it to the browser, where widgets/browser/picture.js draws it.
"""
