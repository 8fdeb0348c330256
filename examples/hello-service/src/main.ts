import { createService } from './server.ts';

const port = Number(process.env.PORT ?? 3000);

createService().listen(port, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${port}`);
});
