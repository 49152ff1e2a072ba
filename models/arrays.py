"""Names for the array types that cross module borders."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer]
"""Integer array; yen, days, row numbers and codes."""

Floats = NDArray[np.float64]
"""Array of uniforms or shares."""

Bools = NDArray[np.bool_]
"""Mask."""
