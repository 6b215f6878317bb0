import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { Desk } from './support/desk.ts';
import { demoOffice } from './support/demo.ts';
import { CLERK, deviceCode, WORKER } from './support/office.ts';
import { DESK_PAGES, PHONE_PAGES } from './support/pages.ts';
import { Phone } from './support/phone.ts';
import type { Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

/** With large type nothing runs out of the page at its side. */
async function expectRoomForLargeType(page: Page, where: string): Promise<void> {
  const wear = (type: string) => page.evaluate((type) => { document.documentElement.dataset.type = type; }, type);
  await wear('large');
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const);
  expect(wide, `${where} in large type`).toBeLessThanOrEqual(seen!);
  await wear('');
}

async function lookAt(page: Page, where: string): Promise<void> {
  await expectAccessible(page, where);
  await expectRoomForLargeType(page, where);
}

/** Goes through the pages, in English too; the last of them is the one that changes the language. */
async function everyPage(page: Page, paths: string[], open: (path: string) => Promise<void>, beside: () => Promise<void>): Promise<void> {
  for (const language of ['English', '中文']) {
    await beside();
    for (const path of paths) {
      await open(path);
      await expect(page.getByRole('heading').first()).toBeVisible();
      // What is still being fetched changes the page while it is looked at. The page of components shows that face among others.
      await expect(page.locator('.loading')).toHaveCount(path === '/ui' ? 1 : 0);
      await lookAt(page, path);
    }
    await page.getByRole('radio', { name: language }).check();
  }
}

test.describe.serial('every page can be used by everyone', () => {
  let server: Server;
  test.beforeAll(async () => { server = await demoOffice(); });
  test.afterAll(async () => { await server?.dispose(); });

  test('on the phone', async () => {
    const phone = new Phone(server.url);
    try {
      await phone.start('/enrol');
      await expect(phone.page.getByLabel('启用码')).toBeVisible();
      await expectAccessible(phone.page, 'enrolment');
      await phone.device.kill();
      await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
      await phone.isReadyForTheVillage();
      const { page } = phone;
      await everyPage(page, PHONE_PAGES, (path) => phone.go(path), async () => {
        await phone.go('/recipients');
        await page.getByRole('list').getByRole('link').first().click();
        await expect(page.getByRole('tab')).toHaveCount(5);
        for (const tab of await page.getByRole('tab').all()) {
          await tab.click();
          await lookAt(page, `a file, ${await tab.innerText()}`);
        }
        await page.locator('.page__foot').getByRole('button').or(page.locator('.page__foot').getByRole('link')).first().click();
        await new VisitForm(page).question('A01').getByRole('radio').first().check();
        await lookAt(page, 'the form');
      });
    } finally {
      await phone.device.dispose();
    }
  });

  test('at the desk', async ({ browser }) => {
    const desk = await Desk.open(browser, server.url);
    await desk.page.goto('/login');
    await expect(desk.page.getByLabel('用户名')).toBeVisible();
    await expectAccessible(desk.page, 'login');
    await desk.login(CLERK.user, CLERK.password);
    await desk.go('对象');
    const table = desk.page.getByRole('grid');
    await table.focus();
    for (const key of ['ArrowDown', 'ArrowDown', ' ', 'Control+a', 'Escape']) await desk.page.keyboard.press(key);
    await expect(table).toHaveAttribute('aria-activedescendant', /desk-row-\d+/);
    await expect(table).toBeFocused();
    const { page } = desk;
    await everyPage(page, DESK_PAGES, (path) => desk.open(path), async () => {
      await desk.open('/recipients');
      await page.getByRole('grid').getByRole('link').first().click();
      await expect(page.getByRole('tab')).toHaveCount(5);
      await lookAt(page, 'a file beside the table');
      await desk.open('/office/checklists/FOLLOWUP');
      await lookAt(page, 'a checklist');
    });
    await desk.context.close();
  });
});
