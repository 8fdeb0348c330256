import type { Recorded } from '#events';

const orNothing = (text: string | null): string => (text ? `: ${text}` : '');

/** A fact in words, a line. Of a kind without words of its own, its name is enough. */
export const describeFact = (event: Recorded): string => {
  switch (event.type) {
    case 'goal.submitted':
      return `submitted by ${event.actor}`;
    case 'route.decided':
      return `routed to ${event.data.workflow} with confidence ${event.data.confidence}`;
    case 'agent.dispatched':
      return `${event.data.role} ordered, attempt ${event.data.attempt} (${event.data.reason.replaceAll('_', ' ')})`;
    case 'agent.started':
      return `started on ${event.data.worker.host}:${event.data.worker.pid}`;
    case 'step.tried':
      return `${event.data.step} failed its checks, try ${event.data.try}`;
    case 'step.succeeded':
      return `${event.data.step} verified, try ${event.data.try}`;
    case 'failure.recorded':
      return `${event.data.category}: ${event.data.error}`;
    case 'recovery.decided':
      return `${event.data.action}: ${event.data.reason}`;
    case 'interaction.opened':
      return `asked: ${event.data.prompt}`;
    case 'interaction.closed':
      return `${event.data.outcome}${orNothing(event.data.answer)}`;
    case 'orchestration.paused':
      return `paused by ${event.actor}${orNothing(event.data.reason)}`;
    default:
      return event.type.replace('.', ' ').replaceAll('_', ' ');
  }
};
