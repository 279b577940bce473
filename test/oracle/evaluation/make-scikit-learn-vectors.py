# python3 -m venv skl && skl/bin/pip install scikit-learn==1.7.2 && skl/bin/python make-scikit-learn-vectors.py > scikit-learn-vectors.json
import json, sys
import numpy, sklearn
from sklearn import metrics as m

rng = numpy.random.default_rng(20261121)

def delong(y, p):  # straight from the definition, O(P·N): independent of the one-pass form under test
    pos, neg = p[y == 1], p[y == 0]
    psi = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    return float(numpy.sqrt(v10.var(ddof=1) / len(pos) + v01.var(ddof=1) / len(neg)))

def parts(p):  # ten bins, or as many as leave 20 rows in each
    return max(1, min(10, len(p) // 20))

def equal_mass_error(hit, p):  # equal parts of the sorted rows; only asked where no two probabilities are equal
    order = numpy.argsort(p)
    return float(sum(len(part) * abs(p[part].mean() - hit[part].mean()) for part in numpy.array_split(order, parts(p))) / len(p))

def binary(name, y, p, threshold):
    answer = (p >= threshold).astype(int)
    fpr, tpr, _ = m.roc_curve(y, p, drop_intermediate=False)
    precision, recall, _ = m.precision_recall_curve(y, p)
    case = {
        "name": name, "isPositive": y.tolist(), "probability": p.tolist(), "threshold": threshold,
        "metrics": {
            "accuracy": m.accuracy_score(y, answer), "precision": m.precision_score(y, answer),
            "recall": m.recall_score(y, answer), "f1": m.f1_score(y, answer),
            "macroPrecision": m.precision_score(y, answer, average="macro", zero_division=0),
            "macroRecall": m.recall_score(y, answer, average="macro"), "macroF1": m.f1_score(y, answer, average="macro"),
            "weightedPrecision": m.precision_score(y, answer, average="weighted", zero_division=0),
            "weightedRecall": m.recall_score(y, answer, average="weighted"), "weightedF1": m.f1_score(y, answer, average="weighted"),
            "auc": m.roc_auc_score(y, p), "aucStandardError": delong(y, p),
            "averagePrecision": m.average_precision_score(y, p),
            "logLoss": m.log_loss(y, p), "brier": m.brier_score_loss(y, p),
        },
        "confusion": m.confusion_matrix(y, answer).tolist(),
        "roc": {"x": fpr.tolist(), "y": tpr.tolist()},
        "precisionRecall": {"x": recall[:-1][::-1].tolist(), "y": precision[:-1][::-1].tolist()},
    }
    if len(set(p.tolist())) == len(p) and len(p) % parts(p) == 0:
        case["metrics"]["calibrationError"] = equal_mass_error(y, p)
    return case

def multiclass(name, y, p):
    answer, classes = p.argmax(axis=1), list(range(p.shape[1]))
    case = {
        "name": name, "classes": [str(k) for k in classes], "truth": y.tolist(), "probabilities": p.ravel().tolist(),
        "metrics": {"accuracy": m.accuracy_score(y, answer), "logLoss": m.log_loss(y, p, labels=classes),
                    "brier": m.brier_score_loss(y, p, labels=classes)},
        "confusion": m.confusion_matrix(y, answer, labels=classes).tolist(),
    }
    for average in ("macro", "weighted"):
        for metric, score in (("Precision", m.precision_score), ("Recall", m.recall_score), ("F1", m.f1_score)):
            case["metrics"][average + metric] = score(y, answer, average=average, zero_division=0)
    if len(set(y.tolist())) == len(classes):
        case["metrics"]["auc"] = m.roc_auc_score(y, p, multi_class="ovr", average="macro", labels=classes)
        case["metrics"]["averagePrecision"] = float(numpy.mean([m.average_precision_score((y == k).astype(int), p[:, k]) for k in classes]))
    confidence = p.max(axis=1)
    if len(set(confidence.tolist())) == len(p) and len(p) % parts(p) == 0:
        case["metrics"]["calibrationError"] = equal_mass_error((answer == y).astype(int), confidence)
    return case

def regression(name, y, p):
    return {"name": name, "truth": y.tolist(), "predicted": p.tolist(), "metrics": {
        "rmse": m.root_mean_squared_error(y, p), "mae": m.mean_absolute_error(y, p),
        "medianAbsoluteError": m.median_absolute_error(y, p), "r2": m.r2_score(y, p), "meanError": float((p - y).mean())}}

def scored(n, share, digits):
    y = (rng.random(n) < share).astype(int)
    p = 1 / (1 + numpy.exp(-(rng.normal(size=n) + 1.3 * y - 0.8)))
    return y, numpy.round(p, digits)

def softmax(n, k, digits, weights):
    y = rng.choice(k, size=n, p=weights)
    z = rng.normal(size=(n, k)); z[numpy.arange(n), y] += 1.2
    p = numpy.exp(z) / numpy.exp(z).sum(axis=1, keepdims=True)
    p = numpy.round(p, digits); p[:, 0] = 1 - p[:, 1:].sum(axis=1)
    return y, numpy.clip(p, 0, 1)

binaries = [
    binary("hand-sized with ties", numpy.array([0, 0, 1, 1, 0, 1]), numpy.array([.1, .4, .4, .8, .4, .9]), .5),
    binary("balanced, all different", *scored(120, .5, 12), .5),
]
y, p = scored(150, .5, 1); p = numpy.clip(p, .1, .9)
binaries.append(binary("balanced, many ties", y, p, .5))
binaries.append(binary("unbalanced, three per cent positive", *scored(400, .03, 4), .3))
binaries.append(binary("worse than chance", *(lambda yp: (1 - yp[0], yp[1]))(scored(90, .5, 6)), .5))
classes = [
    multiclass("three classes", *softmax(120, 3, 12, [.4, .35, .25])),
    multiclass("five unbalanced classes, ties", *softmax(200, 5, 2, [.6, .2, .1, .06, .04])),
]
y, p = softmax(80, 4, 6, [.5, .3, .2, 0])
classes.append(multiclass("a class absent from the test", y, p))
values = []
y = rng.normal(size=101) * 3 + 5
values.append(regression("odd count", y, y + rng.normal(size=101)))
y = rng.normal(size=60) + 1e6
values.append(regression("a mean far above the spread", y, y + rng.normal(size=60) * .5))
y = rng.exponential(size=40)
values.append(regression("worse than the mean", y, -y))
json.dump({"scikit-learn": sklearn.__version__, "numpy": numpy.__version__,
           "binary": binaries, "multiclass": classes, "regression": values}, sys.stdout, indent=None, separators=(",", ":"))
