"""The range of normal values of known variance, as JSON: SciPy's
studentized_range with as many degrees of freedom as there can be. Versions: see
requirements.txt.
"""

import json
import platform

import numpy as np
import scipy
from scipy.stats import studentized_range

cases = []
for k in (2, 3, 5, 10, 40, 250):
    for q in (1.0, 2.5, 4.0, 5.0, 6.5):
        p = float(studentized_range.sf(q, k, np.inf))
        if 1e-6 < p < 1 - 1e-6:  # beyond that it is a difference of numbers close to 1
            cases.append({"Q": q, "K": k, "P": p})

print(json.dumps({"scipy": scipy.__version__, "python": platform.python_version(), "cases": cases}, indent=1))
