"""Exponentials whose last bit is the same on every machine.

The exponential function of numpy may differ in its last bit with the vector width of the processor.
That of base 2 in scipy does not: so ``exp(x)`` is written ``exp2(LOG2_E * x)``.
"""

LOG2_E = 1.4426950408889634
"""The logarithm of e to base 2."""
