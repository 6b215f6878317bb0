import { expect, test } from '@playwright/test';
import { Desk } from './support/desk.ts';
import { cleanOffice, CLERK } from './support/office.ts';

test('the app starts, and a clerk logs in at the desk', async ({ browser }) => {
  const server = await cleanOffice();
  try {
    const desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.go('台账');
    await expect(desk.page.getByRole('heading', { name: '定期回访台账' }).first()).toBeVisible();
    await desk.context.close();
  } finally {
    await server.dispose();
  }
});
