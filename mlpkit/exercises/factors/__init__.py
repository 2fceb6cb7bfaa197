"""The lines of the algorithm as products of named factors, each with what else could have stood there.

A line makes one kind of number of a layer out of two factors: δ is σ′(a) times what is carried back, an activation is o
through w, a derivative is o times δ. Each factor has its right form first and then the others that people write there;
what is done to the whole product (a sign, a mean too many) stands in the line's scales. search/ tries them on a
learner's numbers, so the words stand beside the formulas.

    lines       what a line is made of
    values      what a line may read
    scales      what is done to a whole product
    forward     §2: activations and outputs; gradient: §3; backward: §4, δ at the output and in the hidden layers
    names       pairs of factors that have a name of their own

The arrays are (examples, neurons), also for one example alone, without neuron 0 where not said otherwise.
"""
