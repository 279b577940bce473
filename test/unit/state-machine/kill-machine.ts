import { container, machine } from './conformance/case.ts';

/** A quick task, then a slow one within a branch. */
export const killMachine = machine({
  Quick: { Type: 'Task', Resource: 'quick', Next: 'Both' },
  Both: {
    Type: 'Parallel',
    Branches: [
      container({ Pass: { Type: 'Succeed' } }),
      container({ Slow: { Type: 'Task', Resource: 'slow', End: true } }),
    ],
    End: true,
  },
});
