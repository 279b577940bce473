import { describe, expect, it } from 'vitest';
import { run as decideApproval } from '../../../lambdas/decide-approval/handler.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';
import type { JsonValue } from '../../../lib/wire/json.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';
import { questionAbout, registered } from '../registry/support/stories.ts';

/** Takes each token once, as Step Functions does. */
const waitingTask = async () => {
  const { registry } = freshRegistry();
  const version = await registered(registry, 'run-1');
  await registry.requestApproval(questionAbout(version));
  const answers: JsonValue[] = [];
  const used = new Set<string>();
  const workflow = {
    completeTask: async (token: string, output: JsonValue) => {
      if (used.has(token)) throw new MillraceError('TASK_TOKEN_UNKNOWN', 'the token was used');
      used.add(token);
      answers.push(output);
    },
  } as unknown as Parameters<typeof decideApproval>[1]['workflow'];
  const decide = (by: string, decision: 'approved' | 'rejected') =>
    decideApproval({ approvalId: 'run-1', decision, by, reason: 'looked at it' }, { registry, workflow });
  return { registry, answers, used, decide };
};

describe('a task token', () => {
  it('is used by the first of two people, and the second hears who was first', async () => {
    const { answers, decide } = await waitingTask();

    const results = await Promise.allSettled([decide('Ada', 'approved'), decide('Grace', 'rejected')]);

    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'APPROVAL_DECIDED' },
    });
    expect(answers).toHaveLength(1);
  });

  it('that was used just before a crash is no fault of the one who decides again', async () => {
    const { registry, answers, used, decide } = await waitingTask();
    used.add('token-of-run-1');

    const approval = await decide('Ada', 'approved');

    expect(approval).toMatchObject({ status: 'approved', decidedBy: 'Ada' });
    expect(answers).toEqual([]);
    expect((await registry.getApproval('run-1')).tokenAnsweredAt).toBeDefined();
  });
});
