import { runScript } from '../process-io.ts';
import { orchestrator } from './run.ts';

void runScript(orchestrator, process);
