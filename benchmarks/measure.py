"""One implementation measured in the process that imports this, best a fresh one."""

from __future__ import annotations

import gc
import importlib
import time
from statistics import median

from benchmarks import reference

try:
    import resource
except ImportError:  # Windows
    resource = None


def measure(name: str, residents: int, weeks: int, repeats: int) -> tuple[float, float, float]:
    """Median seconds to build and to run, and peak memory in MB, of one implementation in this
    process.
    """
    implementation = importlib.import_module(f"benchmarks.{name}")
    implementation.run(implementation.build(reference.town(1000, 3), 0), 3)
    town, built, ran = reference.town(residents, weeks), [], []
    for seed in range(repeats):
        gc.collect()
        start = time.process_time()
        model = implementation.build(town, seed)
        middle = time.process_time()
        implementation.run(model, weeks)
        ran.append(time.process_time() - middle)
        built.append(middle - start)
        del model
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if resource else float("nan")
    return median(built), median(ran), peak
