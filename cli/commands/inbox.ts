import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { renderInbox } from '../render/inbox.ts';
import { withSession } from '../session.ts';

export const inbox: Run = (call) =>
  withSession(call, async ({ studio }) => {
    show(call, await studio.inbox(), (document, style) => renderInbox(document, call.io.program, style));
    return EXIT.done;
  });
