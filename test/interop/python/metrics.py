"""Every metric of the evaluation by scikit-learn, for the truths and answers in the question."""

import numpy
from exchange import answer, question
from sklearn import metrics as m

AVERAGES = ("macro", "weighted")
SCORES = (("Precision", m.precision_score), ("Recall", m.recall_score), ("F1", m.f1_score))


def averages(truth, answered):
    return {
        average + name: score(truth, answered, average=average, zero_division=0)
        for average in AVERAGES
        for name, score in SCORES
    }


def binary(case):
    truth, probability = numpy.array(case["isPositive"]), numpy.array(case["probability"])
    answered = (probability >= case["threshold"]).astype(int)
    return {
        "metrics": {
            "accuracy": m.accuracy_score(truth, answered),
            "precision": m.precision_score(truth, answered),
            "recall": m.recall_score(truth, answered),
            "f1": m.f1_score(truth, answered),
            "auc": m.roc_auc_score(truth, probability),
            "averagePrecision": m.average_precision_score(truth, probability),
            "logLoss": m.log_loss(truth, probability),
            "brier": m.brier_score_loss(truth, probability),
            **averages(truth, answered),
        },
        "confusion": m.confusion_matrix(truth, answered, labels=[0, 1]).tolist(),
    }


def multiclass(case):
    truth = numpy.array(case["truth"])
    classes = list(range(case["classes"]))
    probabilities = numpy.array(case["probabilities"]).reshape(len(truth), len(classes))
    answered = probabilities.argmax(axis=1)
    precisions = [m.average_precision_score(truth == k, probabilities[:, k]) for k in classes]
    return {
        "metrics": {
            "accuracy": m.accuracy_score(truth, answered),
            "auc": m.roc_auc_score(truth, probabilities, multi_class="ovr", average="macro", labels=classes),
            "averagePrecision": float(numpy.mean(precisions)),
            "logLoss": m.log_loss(truth, probabilities, labels=classes),
            "brier": m.brier_score_loss(truth, probabilities, labels=classes),
            **averages(truth, answered),
        },
        "confusion": m.confusion_matrix(truth, answered, labels=classes).tolist(),
    }


def regression(case):
    truth, predicted = numpy.array(case["truth"]), numpy.array(case["predicted"])
    return {
        "metrics": {
            "rmse": m.root_mean_squared_error(truth, predicted),
            "mae": m.mean_absolute_error(truth, predicted),
            "medianAbsoluteError": m.median_absolute_error(truth, predicted),
            "r2": m.r2_score(truth, predicted),
        },
        "confusion": None,
    }


answer(
    {
        "binary": [binary(case) for case in question["binary"]],
        "multiclass": [multiclass(case) for case in question["multiclass"]],
        "regression": [regression(case) for case in question["regression"]],
    }
)
