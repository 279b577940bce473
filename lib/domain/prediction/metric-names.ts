/**
 * What the server counts, by model, version and role. Requests are HTTP requests, whatever their rows.
 * `refused`: the caller's rows did not fit the signature; `errors`: the model or the server failed.
 */
export const predictionMetrics = {
  requests: 'PredictionRequests',
  errors: 'PredictionErrors',
  refused: 'PredictionRefusals',
  /** Summed over the requests of a flush; divide by `requests` for the mean. */
  latencyMs: 'PredictionLatency',
  latencyMaxMs: 'PredictionLatencyMax',
} as const;
