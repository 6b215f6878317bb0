import { expect, test, type Locator, type Page } from '@playwright/test';
import { join } from 'node:path';
import { report } from '../support/chance.ts';
import { demoOffice } from '../support/demo.ts';
import { Desk, FIXTURES } from '../support/desk.ts';
import { goInside } from '../support/go_inside.ts';
import { CLERK, deviceCode, WORKER } from '../support/office.ts';
import { DESK_PAGES, PHONE_PAGES } from '../support/pages.ts';
import { Phone } from '../support/phone.ts';
import { until, type Server } from '../support/server.ts';
import { SlowLink, type Weather } from '../support/slow_link.ts';

/** After so long nothing may still be at work: a step without progress is given up after 30 s. */
const ENDLESS_MS = 45_000;
const OUT_OF_REACH = /现在连不上镇里|现在没有信号|连不上服务器|没有信号/;
/** Buttons that lock the phone or leave the office. */
const LEAVES = /锁上|退出登录|忘了锁码/;

const tally = { presses: 0, endless: 0 };

/** Waits until nothing on the page is at work; whether it came to that. */
async function settles(page: Page, what: string): Promise<boolean> {
  tally.presses += 1;
  const busy = page.locator('[aria-busy="true"]');
  const ends = await until(async () => (await busy.count()) === 0, what, ENDLESS_MS).then(() => true, () => false);
  if (!ends) tally.endless += 1;
  console.log(`${ends ? 'ends' : 'NEVER ENDS'}: ${what}`);
  expect.soft(ends, `${what}: still at work after ${ENDLESS_MS} ms`).toBe(true);
  return ends;
}

/** Presses a button that needs the office and expects to be told that it is out of reach. */
async function saysSo(page: Page, button: Locator, what: string): Promise<void> {
  await button.click();
  if (!(await settles(page, what))) return;
  await expect.soft(page.getByText(OUT_OF_REACH).first(), `${what}: words`).toBeVisible();
}

/** Presses every button of a page, each on the page as it is when it is opened. */
async function pressAll(page: Page, path: string, what: string): Promise<void> {
  await goInside(page, path);
  await expect(page.getByRole('heading').first()).toBeVisible();
  const names = (await page.locator('main button:visible:enabled').allInnerTexts()).map((name) => name.trim());
  const kinds = [...new Set(names)].filter((name) => name !== '' && !LEAVES.test(name)).slice(0, 12);
  for (const name of kinds) {
    await goInside(page, '/');
    await goInside(page, path);
    const button = page.locator('main').getByRole('button', { name, exact: true }).first();
    if (!(await button.isVisible().catch(() => false)) || !(await button.isEnabled().catch(() => false))) continue;
    await button.click({ timeout: 5_000 }).catch(() => undefined);
    await settles(page, `${what} ${path} 「${name.replaceAll('\n', ' ')}」`);
    for (let level = 0; level < 3 && (await page.locator('dialog[open]').count()) > 0; level += 1) await page.keyboard.press('Escape');
  }
}

/** A list is chosen where the office does not answer. Sending one may take minutes on a slow line, so that it can be cancelled instead. */
async function choosesList(desk: Desk, weather: Weather): Promise<void> {
  const { page } = desk;
  await goInside(page, '/office/import');
  const field = page.locator('input[type=file]');
  const words = page.getByText(OUT_OF_REACH).first();
  await expect(field.or(words)).toBeAttached();
  if (await words.isVisible()) return;
  await desk.chooseFile(join(FIXTURES, 'township-list.xlsx'));
  const cancel = page.getByRole('button', { name: '取消' });
  if (weather === 'silent') {
    await cancel.click();
    await expect(field).toBeAttached();
    return;
  }
  await settles(page, `${weather}: desk, a list is chosen`);
  await expect.soft(words, `${weather}: a list is chosen, words`).toBeVisible();
}

for (const weather of ['dead', 'portal', 'cut', 'silent'] as Weather[]) {
  test.describe.serial(`no office: ${weather}`, () => {
    let server: Server;
    let link: SlowLink;
    test.beforeAll(async () => {
      server = await demoOffice(60);
      link = await SlowLink.before(server.port);
    });
    test.afterAll(async () => {
      report(`F13 ${weather}`, tally);
      await link?.dispose();
      await server?.dispose();
    });

    test('at the door of a new phone', async () => {
      await link.become('open');
      const phone = new Phone(link.url);
      const code = deviceCode(server, WORKER.user);
      try {
        await phone.start(`/enrol#${code}`);
        const { page } = phone;
        const next = page.getByRole('button', { name: '下一步' });
        await expect(next).toBeVisible();
        await link.become(weather);
        await saysSo(page, next, `${weather}: enrolment 「下一步」`);
        await link.become('open');
        await until(() => next.isEnabled(), 'the button is free', 5_000).catch(() => page.reload());
        await next.click();
        await page.getByLabel('账号').fill(WORKER.user);
        await page.getByLabel('密码').fill(WORKER.password);
        await link.become(weather);
        await saysSo(page, page.getByRole('button', { name: '登录' }), `${weather}: enrolment 「登录」`);
      } finally {
        await phone.device.dispose();
      }
    });

    test('on a phone', async () => {
      await link.become('open');
      const phone = new Phone(link.url);
      try {
        await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
        await phone.isReadyForTheVillage();
        const { page } = phone;
        await phone.openFile(0);
        const file = new URL(page.url()).pathname;
        await link.become(weather);
        expect(await page.evaluate(() => navigator.onLine), 'the browser believes to be online').toBe(true);
        await phone.change('联系和住址', '其他联系方式', '0570-7000001');
        await phone.go('/outbox');
        await saysSo(page, page.getByRole('button', { name: '现在同步' }), `${weather}: /outbox 「现在同步」`);
        await expect(page.getByTestId('on-phone').getByRole('definition')).toHaveText('1');
        for (const path of [...PHONE_PAGES, file]) await pressAll(page, path, `${weather}: phone`);
        await phone.killAndReopen();
        await page.close().catch(() => undefined);
        await phone.page.reload();
        await phone.page.getByRole('button', { name: '忘了锁码' }).click();
        await phone.page.getByLabel('账号').fill(WORKER.user);
        await phone.page.getByLabel('密码').fill(WORKER.password);
        await saysSo(phone.page, phone.page.getByRole('button', { name: '登录' }), `${weather}: forgotten code 「登录」`);
      } finally {
        await phone.device.dispose();
      }
    });

    test('at the desk', async ({ browser }) => {
      await link.become('open');
      const desk = await Desk.open(browser, link.url);
      const { page } = desk;
      page.setDefaultTimeout(30_000);
      try {
        await page.goto('/login');
        await page.getByLabel('用户名').fill(CLERK.user);
        await page.getByLabel('密码').fill(CLERK.password);
        await link.become(weather);
        await saysSo(page, page.getByRole('button', { name: '登录' }), `${weather}: desk 「登录」`);
        await link.become('open');
        await desk.login(CLERK.user, CLERK.password);
        await link.become(weather);
        for (const path of DESK_PAGES.filter((path) => path.startsWith('/office'))) await pressAll(page, path, `${weather}: desk`);
        await choosesList(desk, weather);
      } finally {
        await desk.context.close();
      }
    });
  });
}
