import { expect, test, type Locator } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { CLERK, deviceCode, WORKER } from './support/office.ts';
import { Phone } from './support/phone.ts';
import type { Server } from './support/server.ts';

/** Each number with the list that it opens. */
const NUMBERS: [tile: string, ledger: string, pressed: string][] = [
  ['在册对象（人）', 'coverage', '全部'],
  ['已走访（人）', 'coverage', '已走访'],
  ['逾期未回访（人）', 'coverage', '逾期'],
  ['从未走访（人）', 'coverage', '从未走访'],
  ['走访次数', 'follow_up', '已回访'],
  ['帮扶中的困难（件）', 'help', '帮扶中'],
];

test.describe.serial('what was done and is still to do, in numbers', () => {
  test.setTimeout(180_000);
  let server: Server;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.go('总览');
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  const tile = (name: string): Locator => desk.page.getByRole('link', { name });
  const figure = async (name: string): Promise<number> => Number(await tile(name).locator('.overview__figure').innerText());

  /** The list on the screen has so many lines, in all its pages. */
  async function hasLines(count: number): Promise<void> {
    const { page } = desk;
    if (count === 0) return await expect(page.getByText('这段时间没有要列的')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('row')).toHaveCount(Math.min(count, 50) + 1, { timeout: 30_000 });
    if (count > 50) await expect(page.getByText(`第 1–50 条，共 ${count} 条`)).toBeVisible();
  }

  test('a clerk sees the township, its villages and who answers for whom', async () => {
    const { page } = desk;
    await expect(tile('在册对象（人）')).toBeVisible({ timeout: 30_000 });
    expect(await figure('在册对象（人）')).toBe(218);
    await expect(page.getByRole('img', { name: /各地走访覆盖/ })).toBeVisible();
    const villages = page.getByRole('region', { name: '各地走访覆盖' });
    await expect(villages.getByRole('row')).toHaveCount(11);
    await expect(page.getByRole('region', { name: '各责任人走访覆盖' }).getByText('没有责任人')).toBeVisible();
    await expectAccessible(page, 'the overview');
    await shoot(page, 'overview');
  });

  for (const [name, ledger, pressed] of NUMBERS) {
    test(`${name} opens the list of that many lines`, async () => {
      const { page } = desk;
      const count = await figure(name);
      await tile(name).click();
      await expect(page.getByLabel('哪本台账')).toHaveValue(ledger);
      await expect(page.getByRole('button', { name: pressed, exact: true })).toHaveAttribute('aria-pressed', 'true');
      await hasLines(count);
      await page.goBack();
      await expect(tile(name)).toBeVisible({ timeout: 30_000 });
    });
  }

  test('a number of a village, of a kind of need and of nobody’s families opens its own', async () => {
    const { page } = desk;
    for (const region of ['各地走访覆盖', '各责任人走访覆盖', '未办结困难：种类', '未办结困难：已过多久']) {
      const link = page.getByRole('region', { name: region }).getByRole('link').first();
      await expect(link).toBeVisible({ timeout: 30_000 });
      const count = Number(await link.innerText());
      await link.click();
      await hasLines(count);
      if (region === '未办结困难：种类') {
        await expectAccessible(page, 'a list that a number opened');
        await shoot(page, 'overview-list');
      }
      await page.goBack();
    }
    const late = page.getByRole('region', { name: '未办结困难：种类' }).getByRole('link').nth(1);
    await expect(late).toBeVisible({ timeout: 30_000 });
    const count = Number(await late.innerText());
    await late.click();
    await expect(page.getByRole('button', { name: /，超期$/ })).toHaveAttribute('aria-pressed', 'true');
    await hasLines(count);
    await page.goBack();
  });

  test('by keyboard one looks into a village, and at another half-year', async () => {
    const { page } = desk;
    const village = page.getByRole('button', { name: '红旗村' });
    await expect(village).toBeVisible({ timeout: 30_000 });
    await village.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('范围')).toHaveValue(/.+/);
    await expect.poll(() => figure('在册对象（人）')).toBe(22);
    await page.getByLabel('统计期').selectOption({ index: 1 });
    await expect(page).toHaveURL(/from=\d{4}-0[17]-01/);
    await expect(tile('在册对象（人）')).toBeVisible({ timeout: 30_000 });
    await page.getByLabel('统计期').selectOption({ index: 0 });
    await page.getByLabel('范围').selectOption({ index: 0 });
    await expect.poll(() => figure('在册对象（人）')).toBe(218);
  });

  test('waiting phones lead to the devices that hold something', async () => {
    const { page } = desk;
    const phone = new Phone(server.url);
    try {
      await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
      await phone.isReadyForTheVillage();
    } finally {
      await phone.device.dispose();
    }
    expect(await figure('待传的手机（部）')).toBe(0);
    await tile('待传的手机（部）').click();
    await expect(page.getByRole('button', { name: /^只看有待传的/ })).toHaveAttribute('aria-pressed', 'true');
    await page.goBack();
    await expect(tile('在册对象（人）')).toBeVisible({ timeout: 30_000 });
  });

  test('the half-year report is printed upright, with the same numbers and lines to sign on', async () => {
    const { page } = desk;
    const people = await figure('在册对象（人）');
    const visits = await figure('走访次数');
    await page.getByRole('link', { name: '半年工作报告' }).click();
    const sheet = page.getByRole('article');
    await expect(sheet.getByRole('heading', { name: /^双桥镇 \d{4} 年[上下]半年优抚对象走访帮扶工作报告$/ })).toBeVisible({ timeout: 30_000 });
    await expect(sheet.getByText(new RegExp(`在册优抚对象 \\d+ 户 ${people} 人`))).toBeVisible();
    await expect(sheet.getByText(new RegExp(`本期走访 ${visits} 次`))).toBeVisible();
    for (const word of ['填报单位：双桥镇', '制表：', '审核：', '负责人：']) await expect(sheet.getByText(word)).toBeVisible();
    await expectAccessible(page, 'the report on paper');
    await shoot(page, 'overview-paper');
    await page.emulateMedia({ media: 'print' });
    await expect(sheet).toBeVisible();
    await expect(page.getByRole('button', { name: '打印', exact: true })).toBeHidden();
    await page.emulateMedia({ media: null });
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
    expect(Number(height), 'the sheet stands').toBeGreaterThan(Number(width));
    await page.getByRole('link', { name: '返回' }).click();
    await expect(tile('在册对象（人）')).toBeVisible({ timeout: 30_000 });
  });

  test('out of reach of the office it says so', async () => {
    const { page } = desk;
    await server.kill();
    await page.getByLabel('统计期').selectOption({ index: 2 });
    await expect(page.getByText('总览要从服务器取，现在连不上')).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'an overview out of reach');
    await server.start();
  });
});
