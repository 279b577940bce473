export interface MetricPoint {
  readonly name: string;
  readonly value: number;
  readonly unit: 'Count' | 'Milliseconds' | 'None';
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface MetricQuery {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Half-open interval [from, to) in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** Operational numbers: CloudWatch in the cloud, SQLite on a laptop. */
export interface MetricSink {
  put(points: readonly MetricPoint[]): Promise<void>;
  /** Sum and count of the points in the window; `count: 0` means unknown, never zero traffic. */
  total(query: MetricQuery): Promise<{ readonly sum: number; readonly count: number }>;
}
