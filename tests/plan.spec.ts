import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { expectAccessible } from './support/axe.ts';
import { countyDesk } from './support/county_desk.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { CLERK } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import type { Server } from './support/server.ts';

/** Month and day in China, as a field takes them and as the screen says them. */
function day(fromToday: number): { typed: string; said: string } {
  const at = new Date(Date.now() + (fromToday * 24 + 8) * 3_600_000);
  const [month, date] = [at.getUTCMonth() + 1, at.getUTCDate()];
  return { typed: `${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`, said: `${month} 月 ${date} 日` };
}

/** How many are due, by the heading. */
async function dueCount(page: Page): Promise<number> {
  const heading = await page.getByRole('heading', { name: /^该走访的/ }).innerText();
  return Number(/(\d+) 户/.exec(heading)![1]);
}

test.describe.serial('who is due and why', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(100);
    phone = await workersPhone(server);
    desk = await countyDesk(browser, server);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('a worker sees by village and door whom to visit, what for and until when', async () => {
    const { page } = phone;
    await phone.go('/');
    await expect(page.getByRole('heading', { name: /^红旗村 · \d+ 户/ })).toBeVisible({ timeout: 30_000 });
    const rows = await page.locator('.today__due a.person').allInnerTexts();
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect(row).toMatch(/还没走访过|回访|走访|年度确认|光荣牌|电话问候/);
    expect(rows.some((row) => /逾期：/.test(row))).toBe(true);
    const groups = rows.map((row) => Number(/(\d+)组/.exec(row)?.[1] ?? 0));
    const first = groups.slice(0, await page.locator('.today__due section').first().locator('a.person').count());
    expect(first, 'the groups of a village in order').toEqual([...first].sort((a, b) => a - b));
    await expectAccessible(page, 'today');
    await shoot(page, 'plan-today');
  });

  test('what is due goes into the calendar without a name, and its number onto the icon', async () => {
    const { page } = phone;
    await page.evaluate(() => {
      (navigator as unknown as { setAppBadge: (n: number) => void }).setAppBadge = (n) => { document.documentElement.dataset.badge = String(n); };
    });
    await phone.go('/visits');
    await phone.go('/');
    const due = await dueCount(page);
    await expect(page.locator('html')).toHaveAttribute('data-badge', String(due));
    const names = await page.locator('.today__due .person__name').allInnerTexts();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '存到日历' }).click()]);
    const text = readFileSync((await download.path())!, 'utf8');
    expect(download.suggestedFilename()).toMatch(/\.ics$/);
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*SUMMARY:红旗村 \d+ 户：[\s\S]*END:VCALENDAR\r\n$/);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const unfolded = text.replaceAll('\r\n ', '');
    for (const name of names) expect(unfolded).not.toContain(name);
  });

  test('a county changes the periods; a wrong one is said at its field and changes nothing', async () => {
    const { page } = desk;
    await desk.open('/office/plan');
    const often = page.getByLabel('重点对象每隔');
    await expect(often).toHaveValue('3');
    await often.fill('0');
    await expect(page.getByText('填 1 到 36 的整数')).toBeVisible();
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('有一项填得不对')).toBeVisible();
    await expectAccessible(page, 'the plan with a fault');
    await shoot(page, 'plan-fault');
    await often.fill('1');
    await page.getByLabel('从哪天').fill(day(0).typed);
    // The window does not cross the year.
    const last = day(3).typed < day(0).typed ? '12-31' : day(3).typed;
    await page.getByLabel('到哪天').fill(last);
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('已保存，各部手机下次联系时生效')).toBeVisible();
    await expectAccessible(page, 'the plan');
    await shoot(page, 'plan-settings');
  });

  test('the phone shows it after its next sync', async () => {
    const { page } = phone;
    await phone.syncNow();
    await phone.go('/');
    await expect(page.getByText(/每月回访/).first()).toBeVisible({ timeout: 30_000 });
    const last = day(3).typed < day(0).typed ? '12 月 31 日' : day(3).said;
    await page.getByRole('button', { name: /^年度确认/ }).click();
    await expect(page.getByText(new RegExp(`年度确认，(${last}前|明天前|今天最后一天)`)).first()).toBeVisible();
    await shoot(page, 'plan-confirmation');
  });

  test('the ledger says the same days as the phone', async ({ browser }) => {
    const clerk = await Desk.open(browser, server.url);
    await clerk.login(CLERK.user, CLERK.password);
    await clerk.go('台账');
    await clerk.page.getByRole('button', { name: '逾期', exact: true }).click();
    const rows = clerk.page.getByRole('row').filter({ hasText: /红旗村|石桥村|柳河村/ });
    await expect(rows.filter({ hasText: '已回访' }), 'the list of before is gone').toHaveCount(0, { timeout: 30_000 });
    await expect(rows.first()).toBeVisible();
    const lines = await rows.evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim())));
    const { page } = phone;
    await page.getByRole('button', { name: '全部' }).click();
    const shown = await page.locator('.today__due a.person').allInnerTexts();
    let compared = 0;
    for (const [village, name, , due] of lines) {
      const row = shown.find((text) => text.includes(name!));
      if (!row || !due) continue;
      const [, month, date] = due.split('-').map(Number);
      expect(row, `${village} ${name}`).toContain(`应在 ${new Date().getFullYear() === Number(due.slice(0, 4)) ? '' : `${due.slice(0, 4)} 年 `}${month} 月 ${date} 日前`);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(0);
    await clerk.context.close();
  });
});
