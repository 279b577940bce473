"""What SciPy and scikit-learn say of the monitor's sums, for the data in the question."""

import numpy
from exchange import answer, question
from scipy import special, stats
from scipy.spatial import distance
from sklearn import metrics as m
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression

HALF_A_ROW = 0.5
DRAWS = 20_000


def by_chance(a, b, generator):
    """Shares that moved between two draws of a and b rows from what both have in common."""
    shares = (a + b) / (a + b).sum()
    before, now = (generator.multinomial(c.sum(), shares, DRAWS) / c.sum() for c in (a, b))
    return numpy.abs(before - now).sum(axis=1) / 2


def bins(case):
    a, b = numpy.array(case["before"]), numpy.array(case["now"])
    places = numpy.arange(len(a))
    p, q = ((c + HALF_A_ROW) / (c + HALF_A_ROW).sum() for c in (a, b))
    moved = by_chance(a, b, numpy.random.default_rng(7))
    return {
        "ks": stats.ks_2samp(places.repeat(a), places.repeat(b), method="asymp").statistic,
        "js": distance.jensenshannon(a, b, base=2),
        "psi": special.rel_entr(p, q).sum() + special.rel_entr(q, p).sum(),
        "movedByChance": moved.mean(),
        "beyondBound": (moved > case["bound"]).mean(),
        "chiSquare": stats.chi2_contingency(numpy.array([a, b])[:, a + b > 0]).statistic,
    }


def heads(case):
    tosses, least = case["tosses"], case["atLeast"]
    return {
        "tail": float(stats.binom.sf(least - 1, tosses, 0.5)),
        "test": float(stats.binomtest(least, tosses, 0.5, alternative="greater").pvalue) if tosses else 1.0,
    }


def rising(case):
    fit = IsotonicRegression(out_of_bounds="clip").fit(case["x"], case["y"], sample_weight=case["weights"])
    return fit.predict(case["asked"]).tolist()


class Scores(ClassifierMixin, BaseEstimator):
    """A model whose features are its answers."""

    def fit(self, x, y):
        self.classes_ = numpy.unique(y)
        return self

    def predict_proba(self, x):
        return numpy.asarray(x)

    def predict(self, x):
        return self.classes_[numpy.asarray(x).argmax(axis=1)]


def calibrated(case):
    scores = numpy.array(case["scores"]).reshape(-1, case["classes"])
    asked = numpy.array(case["asked"]).reshape(-1, case["classes"])
    truth = numpy.array(case["truth"])
    model = FrozenEstimator(Scores().fit(scores, truth))
    return CalibratedClassifierCV(model, method="isotonic").fit(scores, truth).predict_proba(asked).ravel().tolist()


def expected(case):
    """Every row is both: positive with weight p, negative with the rest."""
    p, score, answers = (numpy.array(case[name]) for name in ("probability", "score", "answers"))
    truth, weight = numpy.repeat([1, 0], len(p)), numpy.concatenate([p, 1 - p])
    both = numpy.concatenate([answers, answers])
    return {
        "auc": m.roc_auc_score(truth, numpy.concatenate([score, score]), sample_weight=weight),
        "accuracy": m.accuracy_score(truth, both, sample_weight=weight),
        "precision": m.precision_score(truth, both, sample_weight=weight),
        "recall": m.recall_score(truth, both, sample_weight=weight),
        "f1": m.f1_score(truth, both, sample_weight=weight),
    }


def welch(case):
    return float(stats.ttest_ind(case["now"], case["before"], equal_var=False).statistic)


answer(
    {
        "bins": [{name: float(value) for name, value in bins(case).items()} for case in question["bins"]],
        "heads": [heads(case) for case in question["heads"]],
        "rising": [rising(case) for case in question["rising"]],
        "calibrated": [calibrated(case) for case in question["calibrated"]],
        "expected": [expected(case) for case in question["expected"]],
        "welch": [welch(case) for case in question["welch"]],
    }
)
