import type { ControlCommand } from '#contracts';
import type { Command } from '#domain';

/** What a person says, as the decider hears it. */
export const commandOf = (control: ControlCommand): Command => {
  switch (control.command) {
    case 'answer':
      return { type: 'answer', interaction: control.interaction, answer: control.answer, note: control.note };
    case 'retry':
      return { type: 'retry', hint: control.hint };
    case 'skip':
      return { type: 'skip' };
    case 'pause':
      return { type: 'pause', reason: control.reason };
    case 'resume':
      return { type: 'continue' };
    case 'abort':
      return { type: 'abort', reason: control.reason };
    case 'checkpoint':
      return { type: 'checkpoint', name: control.name };
  }
};
