import type { FastifyPluginAsyncZod } from '@fastify/type-provider-zod';
import * as z from 'zod';
import type { Studio } from '#client';
import { ControlCommand, StateDocument } from '#contracts';
import { id, problems } from './parts.ts';

const SUMMARIES: Readonly<Record<ControlCommand['command'], string>> = {
  answer: 'Answer the open question',
  retry: 'Try again, with a hint',
  skip: 'Skip the step that failed',
  approve: 'Yes to the route, the map or the plan that waits for it',
  pause: 'Pause',
  resume: 'Go on after a pause, or back to a checkpoint',
  abort: 'End the run',
  checkpoint: 'Save a checkpoint',
  handoff: 'Complete a handoff by hand',
  renew_work: 'Of work that you took: hold it for longer',
  give_back_work: 'Of work that you took: let somebody else do it',
  outside_start: 'Of a run that you drive: an agent starts',
  outside_complete: 'Of a run that you drive: an agent is done',
  outside_fail: 'Of a run that you drive: an agent failed',
  outside_hand_over: 'Of a run that you drive: an agent hands over to another',
  outside_route: 'Of a run that you drive: choose another workflow, or take the route of another goal',
  outside_end: 'Of a run that you drive: you are done with it',
};

type Option = (typeof ControlCommand.options)[number];

/** The command without its name, which the path says. A command that needs nothing more needs no body. */
const bodyOf = (option: Option): z.ZodType<Record<string, unknown>> => {
  const { command: _name, ...fields }: Record<string, z.ZodType> = option.shape;
  const body = z.strictObject(fields);
  return body.safeParse({}).success ? body.prefault({}) : body;
};

/** One route a command; the answer is the state after it. */
export const controlRoutes: FastifyPluginAsyncZod<{ studio: Studio }> = async (app, { studio }) => {
  // No body at all comes as null.
  app.addHook('preValidation', async (request) => {
    request.body ??= {};
  });
  for (const option of ControlCommand.options) {
    const command = option.shape.command.value;
    app.post(
      `/orchestrations/:id/${command}`,
      {
        schema: {
          summary: SUMMARIES[command],
          params: id,
          body: bodyOf(option),
          response: { 200: StateDocument, ...problems },
        },
      },
      async ({ params, body }) => studio.control(params.id, ControlCommand.parse({ ...body, command })),
    );
  }
};
