import { test } from '@playwright/test';
import { Village } from '../support/dead_ends.ts';
import { Desk } from '../support/desk.ts';
import { ADMIN_PAGES, AUDITOR_PAGES, COUNTY_PAGES, LEAD_PAGES, NO_OFFICE_DESK_PAGES, NO_OFFICE_PHONE_PAGES } from '../support/pages.ts';
import type { Weather } from '../support/slow_link.ts';

const OTHERS = {
  county_clerk: COUNTY_PAGES,
  county_lead: LEAD_PAGES,
  admin: ADMIN_PAGES.map((path) => path.replace('PAYLOAD', 'FOLLOWUP')),
  auditor: AUDITOR_PAGES,
};

for (const weather of ['dead', 'portal', 'cut', 'silent', 'slow'] as Weather[]) {
  test.describe(`no office: ${weather}`, () => {
    // A silent line is given up after 30 s, at each press that asks the office.
    test.setTimeout(4 * 60 * 60_000);
    let village: Village;
    test.beforeAll(async () => { village = await Village.under(weather); });
    test.afterAll(async () => { await village?.dispose(); });

    test('at the door of a new phone', () => village.atTheDoor());
    test('on a phone', () => village.onAPhone(NO_OFFICE_PHONE_PAGES, ['file', 'form']));
    test('at the desk', async ({ browser }) => {
      const desk = await Desk.open(browser, village.link.url);
      try {
        await village.atTheDesk(desk, NO_OFFICE_DESK_PAGES);
      } finally {
        await desk.context.close();
      }
    });
    for (const [role, paths] of Object.entries(OTHERS)) {
      test(`at the desk of ${role}`, async ({ browser }) => {
        const desk = await Desk.open(browser, village.link.url);
        try {
          await village.atAnotherDesk(desk, role, paths);
        } finally {
          await desk.context.close();
        }
      });
    }
  });
}
