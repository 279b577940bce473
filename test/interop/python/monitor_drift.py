"""The windows of the question as Evidently's DataDriftPreset and NannyML's univariate drift judge them, by their defaults."""

import warnings

import pandas
from exchange import answer, matrix, question

warnings.filterwarnings("ignore")

from evidently import Dataset, Report  # noqa: E402
from evidently.legacy.calculations.stattests import get_stattest  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402
from nannyml import UnivariateDriftCalculator  # noqa: E402

DRIFT_SHARE = DataDriftPreset().drift_share


def frame(run):
    """Categories by name, in an order that means nothing; all else numbers."""
    table = pandas.DataFrame(matrix(run["matrix"]).astype("float64"), columns=[c["name"] for c in run["columns"]])
    for column in run["columns"]:
        if column["values"] is not None:
            names = pandas.Series(column["values"])
            table[column["name"]] = table[column["name"]].astype(int).map(names)
    return table


def kind(run, name):
    column = next(c for c in run["columns"] if c["name"] == name)
    return "num" if column["values"] is None else "cat"


def evidently_test(reference, current, kind):
    """What ValueDrift asks of a column, without the figures it draws: a report of 20 columns takes four seconds."""
    test = get_stattest(reference, current, kind, None)
    return test(reference, current, kind, None)


def evidently(run, reference, current):
    found = [evidently_test(reference[name], current[name], kind(run, name)) for name in reference.columns]
    drifted = sum(bool(one.drifted) for one in found)
    return {"columns": drifted, "dataset": bool(drifted / len(found) >= DRIFT_SHARE)}


def preset(run, reference, current):
    """The whole preset on one window: its distances minus those of the tests alone, and how many columns drifted."""
    report = Report([DataDriftPreset()]).run(Dataset.from_pandas(current), Dataset.from_pandas(reference)).dict()
    count, *values = report["metrics"]
    alone = {name: evidently_test(reference[name], current[name], kind(run, name)) for name in reference.columns}
    gaps = [abs(float(v["value"]) - float(alone[v["config"]["column"]].drift_score)) for v in values]
    return {
        "gap": max(gaps),
        "columns": int(count["value"]["count"]),
        "alone": sum(bool(one.drifted) for one in alone.values()),
    }


def nannyml(story, reference, windows):
    """How many columns alert in each chunk."""
    drift = UnivariateDriftCalculator(column_names=list(reference.columns), chunk_size=story["windowRows"])
    found = drift.fit(reference).calculate(windows).filter(period="analysis").to_df()
    alerts = found.loc[:, [column for column in found.columns if column[-1] == "alert"]]
    return alerts.sum(axis=1).astype(int).tolist()


def judged(story, run, hasPreset):
    rows = frame(run)
    reference = rows.iloc[: story["referenceRows"]]
    windows = rows.iloc[story["referenceRows"] :].reset_index(drop=True)
    size = story["windowRows"]
    cut = [windows.iloc[start : start + size] for start in range(0, len(windows), size)]
    return {
        "evidently": [evidently(run, reference, window) for window in cut],
        "nannyml": nannyml(story, reference, windows),
        "preset": preset(run, reference, cut[0]) if hasPreset else None,
    }


answer(
    [
        [judged(story, run, len(run["columns"]) <= 5 and index == 0) for index, run in enumerate(story["runs"])]
        for story in question["stories"]
    ]
)
