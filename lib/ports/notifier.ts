/** A message to the people who run a model: SNS in the cloud, the terminal and an inbox on a laptop. */
export interface Notification {
  /** The same id sent again is one message: notifications are delivered at least once and shown once. */
  readonly id: string;
  readonly kind:
    | 'approval-requested'
    | 'run-finished'
    | 'run-failed'
    | 'data-refused'
    | 'spec-refused'
    | 'rolled-out'
    | 'note';
  readonly model: string;
  readonly subject: string;
  readonly text: string;
  readonly links?: readonly { readonly title: string; readonly url: string }[];
}

export interface Notifier {
  notify(notification: Notification): Promise<void>;
}
