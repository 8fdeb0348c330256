import { createMemoryEventLog } from '#events';
import { describeEventLog } from './event-log.contract.ts';
import { describeEventLogIndex } from './event-log-index.contract.ts';

const open = () => ({ log: createMemoryEventLog(), stream: (name: string) => name });

describeEventLog('memory log', open);
describeEventLogIndex('memory log', open);
