import type { RunProgress } from '../../lambdas/services.ts';
import type { TaskEvent } from './perform-task.ts';

/** Where progress is shown: a terminal redraws one line, anything else gets whole lines only. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const titles: Readonly<Record<string, string>> = {
  'close-batch': 'Collect the files',
  'prepare-dataset': 'Check, profile and split',
  'plan-training': 'Plan the training',
  'train-model': 'Train',
  'collect-training-job': 'Collect what was trained',
  'adopt-model': 'Examine the model',
  'evaluate-model': 'Evaluate on held-out rows',
  'register-version': 'Register the version',
  'request-approval': 'Ask for approval',
  'check-parity': 'Check parity',
  'shift-traffic': 'Move the pointer',
  'check-health': 'Check health',
  'finish-run': 'Record the outcome',
};

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const bar = (fraction: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * 20);
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`;
};

/** Shows what runs are doing: a moving line for the step under way, a line that stays for each step done. */
export const terminal = (screen: Screen) => {
  let hasMovingLine = false;

  const clear = (): void => {
    if (hasMovingLine) screen.write('\r\u001b[2K');
    hasMovingLine = false;
  };

  const line = (text: string): void => {
    clear();
    screen.write(`${text}\n`);
  };

  const moving = (text: string): void => {
    if (!screen.isTTY) return;
    clear();
    screen.write(text.slice(0, (screen.columns ?? 80) - 1));
    hasMovingLine = true;
  };

  return {
    line,
    onTask: ({ task, phase, milliseconds = 0, model = '' }: TaskEvent): void => {
      const title = (titles[task] ?? task).padEnd(26);
      if (phase === 'started') {
        moving(`  … ${title} ${model}`);
        return;
      }
      // Asking whether a batch is quiet yet happens every few seconds and is no news.
      if (task === 'close-batch' && milliseconds < 20 && phase === 'finished') {
        clear();
        return;
      }
      line(
        `  ${phase === 'finished' ? '✓' : '✗'} ${title} ${model.padEnd(20)} ${seconds(milliseconds).padStart(8)}`,
      );
    },
    onProgress: ({ model, phase, fraction, message }: RunProgress): void =>
      moving(`  … ${model} · ${phase.padEnd(12)} ${bar(fraction)} ${message ?? ''}`),
  };
};
export type Terminal = ReturnType<typeof terminal>;
