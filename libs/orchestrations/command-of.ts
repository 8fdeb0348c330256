import type { ControlCommand } from '#contracts';
import type { Command } from '#domain';

/** The domain's command for what a person or a program asked. */
export const commandOf = (control: ControlCommand): Command => {
  switch (control.command) {
    case 'answer':
      return { type: 'answer', interaction: control.interaction, answer: control.answer, note: control.note };
    case 'retry':
      return { type: 'retry', hint: control.hint };
    case 'skip':
      return { type: 'skip' };
    case 'approve':
      return { type: 'approve' };
    case 'pause':
      return { type: 'pause', reason: control.reason };
    case 'resume':
      return { type: 'resume', checkpoint: control.checkpoint, handoff: control.context ?? null };
    case 'abort':
      return { type: 'abort', reason: control.reason };
    case 'checkpoint':
      return { type: 'checkpoint', name: control.name };
    case 'handoff':
      return { type: 'complete_handoff', from: control.from, to: control.to, context: control.context };
    case 'renew_work':
      return { type: 'renew_work', lease: control.lease };
    case 'give_back_work':
      return { type: 'give_back_work', lease: control.lease };
    case 'outside_start':
      return { type: 'outside_start', agent: control.agent, input: control.input };
    case 'outside_complete':
      return { type: 'outside_complete', agent: control.agent, output: control.output };
    case 'outside_fail':
      return { type: 'outside_fail', agent: control.agent, error: control.error };
    case 'outside_hand_over':
      return { type: 'outside_hand_over', from: control.from, to: control.to, context: control.context };
    case 'outside_route':
      return { type: 'outside_route', goal: control.goal ?? null, workflow: control.workflow ?? null };
    case 'outside_end':
      return { type: 'outside_end' };
  }
};
