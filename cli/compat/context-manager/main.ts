import { runScript } from '../process-io.ts';
import { contextManager } from './run.ts';

void runScript(contextManager, process);
