import type { Browser } from '@playwright/test';
import { Desk } from './desk.ts';
import type { Server } from './server.ts';

const COUNTY = { user: 'county', password: 'slow-river-lantern-44' };

/** The county's clerk of the demo at a shared PC. */
export async function countyDesk(browser: Browser, server: Server): Promise<Desk> {
  server.must('account', 'assign', COUNTY.user, '--password', COUNTY.password);
  const desk = await Desk.open(browser, server.url);
  await desk.loginWithFactor(COUNTY.user, COUNTY.password);
  return desk;
}
