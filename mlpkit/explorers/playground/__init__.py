"""What the playground shows, as plain data.

state     what is trained on what, and how: a State, and every change that a hand can make of it
code      a State as a text to pass on, and read again without trusting it
pictures  the output over the plane, and the same of every neuron, as bytes
words     its state in words, for the screen and aloud
"""
