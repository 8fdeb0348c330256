// A program that gives no reason when it cannot go on. Told the reason by somebody else, it makes a plan that can be done.
import { text } from 'node:stream/consumers';

const request = JSON.parse(await text(process.stdin));

const planAround = (reason) => ({
  steps: [
    {
      id: 'step_1',
      name: 'Write down the reason',
      action: 'write it down',
      operations: [{ op: 'write', path: 'reason.txt', content: `${reason}\n` }],
      success_criteria: [
        { criterion: 'it is there', verification: { type: 'file_contains', path: 'reason.txt', pattern: '.' } },
      ],
    },
  ],
  acceptance_criteria: [
    {
      id: 'AC-1',
      criterion: 'the reason is written down',
      verification: { type: 'file_contains', path: 'reason.txt', pattern: '.' },
      priority: 'must',
    },
  ],
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
});

const answer = request.failure
  ? { type: 'plan', plan: planAround(request.failure.error_details) }
  : { type: 'failed', category: 'design_flaw', error: ' ' };
console.log(JSON.stringify(answer));
