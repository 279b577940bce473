"""What NannyML says of quality, estimated and realised, in the windows of the question, by its defaults; and z by statsmodels."""

import math
import warnings

import pandas
from exchange import answer, matrix, question

warnings.filterwarnings("ignore")

from nannyml import CBPE, DLE, PerformanceCalculator  # noqa: E402
from statsmodels.stats.proportion import proportions_ztest  # noqa: E402

METRICS = {
    "binary": ["accuracy", "precision", "recall", "f1", "roc_auc"],
    "multiclass": ["accuracy"],
    "regression": ["mae"],
}


def frame(story):
    features = [f"x{index + 1}" for index in range(story["features"])]
    said = [f"said{index}" for index in range(story["outputs"])]
    rows = pandas.DataFrame(matrix(story["matrix"]).astype("float64"), columns=[*features, *said, "truth"])
    if story["task"] == "binary":
        rows["answer"] = (rows["said0"] >= 0.5).astype(int)
        rows["truth"] = rows["truth"].astype(int)
    elif story["task"] == "multiclass":
        names = pandas.Series(story["classes"])
        rows["answer"] = rows[said].to_numpy().argmax(axis=1)
        for column in ("answer", "truth"):
            rows[column] = rows[column].astype(int).map(names)
    else:
        rows = rows.rename(columns={"said0": "answer"})
    return rows, features, said


def estimator(story, features, said):
    names = {"y_true": "truth", "y_pred": "answer", "metrics": METRICS[story["task"]], "chunk_size": story["windowRows"]}
    if story["task"] == "regression":
        return DLE(feature_column_names=features, **names)
    if story["task"] == "binary":
        return CBPE(y_pred_proba="said0", problem_type="classification_binary", **names)
    proba = dict(zip(story["classes"], said))
    return CBPE(y_pred_proba=proba, problem_type="classification_multiclass", **names)


def realised(story, said):
    names = {"y_true": "truth", "y_pred": "answer", "chunk_size": story["windowRows"]}
    if story["task"] == "regression":
        return PerformanceCalculator(metrics=["mae"], problem_type="regression", **names)
    proba = "said0" if story["task"] == "binary" else dict(zip(story["classes"], said))
    problem = f"classification_{story['task']}"
    return PerformanceCalculator(metrics=["accuracy"], problem_type=problem, y_pred_proba=proba, **names)


def chunks(result, metric):
    found = result.filter(period="analysis").to_df()
    return {"values": found[(metric, "value")].tolist(), "alerts": found[(metric, "alert")].astype(bool).tolist()}


def judged(story):
    rows, features, said = frame(story)
    reference = rows.iloc[: story["referenceRows"]].reset_index(drop=True)
    windows = rows.iloc[story["referenceRows"] :].reset_index(drop=True)
    estimate = estimator(story, features, said).fit(reference).estimate(windows)
    performance = realised(story, said).fit(reference).calculate(windows)
    first = METRICS[story["task"]][0]
    return {
        "estimated": {metric: chunks(estimate, metric) for metric in METRICS[story["task"]]},
        "realised": chunks(performance, first),
    }


def z(case):
    statistic, _ = proportions_ztest(case["errors"], case["rows"])
    return None if math.isnan(statistic) else float(statistic)


answer({"stories": [judged(story) for story in question["stories"]], "z": [z(case) for case in question["z"]]})
