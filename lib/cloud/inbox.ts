import type { Notification } from '../ports/notifier.ts';
import type { Stage } from './open-stage.ts';

/** The latest messages a stage has sent to people, newest first. */
export const inboxOf = async (
  _stage: Stage,
  _limit: number,
): Promise<readonly { readonly notification: Notification; readonly receivedAt: string }[]> => [];
