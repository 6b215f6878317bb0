import { CLERK, WORKER } from './office.ts';
import { Server } from './server.ts';

/** The synthetic township with passwords that the tests know. */
export async function demoOffice(families = 218): Promise<Server> {
  const server = await Server.prepare();
  server.must('demo', '--families', String(families), '--seed', '1');
  for (const who of [CLERK, WORKER]) server.must('account', 'assign', who.user, '--password', who.password);
  await server.start();
  return server;
}
