import type { Browser } from '@playwright/test';
import { join } from 'node:path';
import { Desk, FIXTURES } from './desk.ts';
import { cleanOffice, CLERK } from './office.ts';
import { type Phone, workersPhone } from './phone.ts';
import type { Server } from './server.ts';

/** An office that has imported its list, the clerk at her desk, and a worker's phone that is ready for the village. */
export async function listedOffice(browser: Browser): Promise<{ server: Server; desk: Desk; phone: Phone }> {
  const server = await cleanOffice();
  const desk = await Desk.open(browser, server.url);
  await desk.login(CLERK.user, CLERK.password);
  await desk.importList(join(FIXTURES, 'township-list.xlsx'));
  return { server, desk, phone: await workersPhone(server) };
}
