"""`python evidently_report.py <folder>`: Evidently's DataDriftPreset by its defaults, on the two frames as Parquet files."""

import json
import pathlib
import resource
import sys
import warnings

warnings.filterwarnings("ignore")

import pandas  # noqa: E402
from evidently import Dataset, Report  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402

folder = pathlib.Path(sys.argv[1])
reference, current = (
    Dataset.from_pandas(pandas.read_parquet(folder / f"{name}.parquet")) for name in ("reference", "current")
)
report = Report([DataDriftPreset()]).run(current, reference).dict()
(folder / "evidently.json").write_text(json.dumps(report, default=float))
# Kilobytes on Linux, bytes on macOS.
unit = 1024 if sys.platform == "linux" else 1024 * 1024
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"peakMb": used.ru_maxrss / unit, "cpuSeconds": used.ru_utime + used.ru_stime}))
