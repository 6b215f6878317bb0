import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { count, rows, values } from './support/database.ts';
import type { Desk } from './support/desk.ts';
import { listedOffice } from './support/listed_office.ts';
import { shoot } from './support/look.ts';
import { WORKER2 } from './support/office.ts';
import type { Phone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** The row of a family on the page of the event. */
const family = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(name) });

/** Takes the fourth family of the village in or out. */
async function changeFamilies(page: Page, change: (fourth: Locator) => Promise<void>, after: number): Promise<void> {
  await page.getByRole('button', { name: '加几户、减几户' }).click();
  const sheet = page.getByRole('dialog').first();
  await change(sheet.getByRole('checkbox').nth(3));
  await sheet.getByRole('button', { name: `就这 ${after} 人` }).click();
  await expect(page.getByRole('heading', { name: new RegExp(`^各户 · \\d+ 户 ${after} 人`) })).toBeVisible();
}

test.describe.serial('one event for many families', () => {
  test.setTimeout(180_000);
  let server: Server;
  let phone: Phone;
  let desk: Desk;
  const names: string[] = [];

  test.beforeAll(async ({ browser }) => {
    ({ server, desk, phone } = await listedOffice(browser));
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('it is begun for some families of a village', async () => {
    const { page } = phone;
    await page.getByRole('button', { name: '集体走访' }).click();
    await expect(page.getByRole('radio', { name: '节日慰问表' })).toBeChecked();
    const all = page.getByRole('group', { name: /走访哪几户/ }).getByRole('checkbox');
    await expect(page.getByRole('button', { name: '先选走访哪几户' })).toBeDisabled();
    await page.getByRole('button', { name: /^选全村/ }).click();
    await page.getByRole('button', { name: '这个村都不选' }).click();
    for (const index of [0, 1, 2]) await all.nth(index).check();
    await expectAccessible(page, 'a new event');
    await shoot(page, 'round-new');
    await server.kill();
    await page.getByRole('button', { name: '开始，共 3 户 3 人' }).click();
    await expect(heading(page)).toHaveText('集体走访 · 大家一样的内容');
  });

  test('what all have in common is answered once, and outlives the browser', async () => {
    const { page } = phone;
    const form = new VisitForm(page);
    await form.write('F01', '双桥镇政府');
    await form.choose('F02', '座谈');
    await form.write('F04', '300');
    await form.photograph('F09');
    await expect(form.question('F03')).toHaveCount(0);
    await expect(form.question('F10')).toHaveCount(0);
    await page.getByRole('button', { name: /^同行人/ }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: WORKER2.user, exact: true }).click();
    await sheet.getByLabel('没有账号的人，写姓名').fill('王强');
    await shoot(page, 'round-companions');
    await sheet.getByRole('button', { name: '加上' }).click();
    await expect(sheet.getByRole('button', { name: '王强' })).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: /^同行人.*worker2、王强/ })).toBeVisible();
    await form.isSaved();
    await expectAccessible(page, 'what all have in common');
    await shoot(page, 'round-shared');

    await phone.killAndReopen();
    await expect(phone.page.getByText('3 人办完 0 人')).toBeVisible();
    await expectAccessible(phone.page, 'today with an event');
    await shoot(phone.page, 'round-today');
    await phone.page.getByRole('link', { name: /节日慰问表/ }).click();
    await expect(phone.page.getByText('必填的 4 题已填 4 题')).toBeVisible();
    const listed = await phone.page.getByRole('button', { name: /还没去/ }).allInnerTexts();
    names.push(...listed.map((text) => text.split('\n')[0]!.trim()));
    expect(names).toHaveLength(3);
    await expectAccessible(phone.page, 'an event');
    await shoot(phone.page, 'round-open');
  });

  test('a family is asked its own alone, and the browser opens at the same family again', async () => {
    await phone.page.getByRole('button', { name: `下一个：${names[0]}` }).click();
    const first = new VisitForm(phone.page);
    await expect(heading(phone.page)).toContainText(names[0]!);
    await expect(first.question('F03')).toBeVisible();
    for (const code of ['F01', 'F02', 'F04', 'F09']) await expect(first.question(code), code).toHaveCount(0);
    await first.choose('F03', '本人');
    await first.choose('F06', '健康或良好');
    await first.isSaved();
    await shoot(phone.page, 'round-family');

    await phone.killAndReopen();
    await phone.page.getByRole('link', { name: /节日慰问表/ }).click();
    const again = new VisitForm(phone.page);
    await expect(heading(phone.page)).toContainText(names[0]!);
    await expect(again.question('F03').getByLabel('本人', { exact: true })).toBeChecked();
    await expect(phone.page.getByRole('button', { name: /^同行人.*王强/ })).toBeVisible();
    await expectAccessible(phone.page, 'a family of an event');
    await phone.page.getByRole('button', { name: /大家一样的 \d 题已带上/ }).click();
    await expect(again.question('F04').getByRole('textbox')).toHaveValue('300');
    await expect(again.question('F09').locator('img')).toHaveCount(1);
    await again.choose('F07', '无');
    await again.sign('F10');
    await again.isSaved();
    await phone.page.getByRole('button', { name: '完成走访' }).click();
    await expect(heading(phone.page)).toContainText(names[1]!);
  });

  test('who is not there stays due, and one that is not finished stops nobody', async () => {
    const { page } = phone;
    await page.getByRole('button', { name: '人不在，去下一户' }).click();
    await expect(heading(page)).toContainText(names[2]!);
    const form = new VisitForm(page);
    await form.choose('F03', '配偶');
    await form.isSaved();
    await page.getByRole('button', { name: '先放着，去下一户' }).click();
    for (const [index, stand] of [[0, '办完'], [1, '人不在'], [2, '没填完']] as const) {
      await expect(family(page, names[index]!).filter({ hasText: stand }).first()).toBeVisible();
    }
    await expect(page.getByText('1 人不在家，还算没走访，下次再去。')).toBeVisible();
    await shoot(page, 'round-half');
    await page.getByRole('button', { name: `下一个：${names[2]}` }).click();
    await expect(form.question('F03').getByLabel('配偶', { exact: true })).toBeChecked();
    await form.choose('F06', '有慢性病');
    await form.choose('F07', '无');
    await form.question('F10').getByRole('button', { name: '没有签，写明原因' }).click();
    await form.question('F10').getByRole('textbox').fill('手受伤，写不了字');
    await form.isSaved();
    await page.getByRole('button', { name: '完成走访' }).click();
    await expect(page.getByText('没有要去的户了。核对后可以结束集体走访。')).toBeVisible();
    await changeFamilies(page, (fourth) => fourth.check(), 4);
    await expect(page.getByRole('button', { name: /^下一个：/ })).toBeVisible();
    await changeFamilies(page, (fourth) => fourth.uncheck(), 3);
    await expect(page.getByText('没有要去的户了。核对后可以结束集体走访。')).toBeVisible();
    await page.getByRole('button', { name: '结束集体走访' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '结束集体走访' }).click();
    await expect(heading(page)).toHaveText('今日');
    await expect(page.getByRole('link', { name: /节日慰问表/ })).toHaveCount(0);
    await expect(page.getByRole('heading', { name: /今天走访过的 · 2/ })).toBeVisible();
  });

  test('the office has a visit of each, and the photo of the event once', async () => {
    await server.start();
    await until(() => count(server, "record WHERE kind = 'visit'") === 2, 'both visits are at the office', 60_000);
    await until(() => rows(server, 'SELECT state FROM blob').filter((state) => state === 'verified').length === 2, 'the photo and the signature are at the office', 60_000);
    expect(count(server, "blob WHERE kind = 'photo'")).toBe(1);
    expect(rows(server, "SELECT count(*) FROM attachment JOIN blob ON blob.hash = attachment.blob WHERE blob.kind = 'photo'")).toEqual(['2']);
    expect(count(server, "record WHERE kind = 'held'")).toBe(0);
    const visitors = values(server, 'visit', 'visitors').map((text) => JSON.parse(text) as string[]);
    for (const list of visitors) expect(list).toEqual([expect.any(String), expect.any(String), '王强']);
    for (const answers of values(server, 'visit', 'answers')) expect(JSON.parse(answers)).toMatchObject({ F01: '双桥镇政府', F02: '座谈', F04: 30_000 });
    await desk.go('审核');
    await desk.page.getByText(names[2]!).first().click();
    await expect(desk.page.getByText(/手受伤，写不了字/).first()).toBeVisible({ timeout: 60_000 });
    await expect(desk.page.getByText(/worker2、王强/).first()).toBeVisible();
    await expect(desk.page.locator('img[src^="blob:"]').first()).toBeVisible({ timeout: 30_000 });
  });

  test('a visit that is opened again shows who came along and what was sent with it', async () => {
    const { page } = phone;
    await phone.tab('走访');
    await page.getByRole('link', { name: new RegExp(names[0]!) }).first().click();
    await expect(page.getByText(/worker2.*王强/).first()).toBeVisible();
    await page.getByRole('button', { name: '打开修改' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '打开修改' }).click();
    const form = new VisitForm(page);
    await expect(form.question('F09').locator('img')).toHaveCount(1);
    await expect(form.question('F10').locator('img')).toHaveCount(1);
    await page.getByRole('button', { name: /^同行人/ }).click();
    await page.getByRole('dialog').first().getByRole('button', { name: '王强' }).click();
    await page.keyboard.press('Escape');
    await form.isSaved();
    await form.finish();
    await until(() => values(server, 'visit', 'visitors').some((text) => (JSON.parse(text) as string[]).length === 2), 'who came along is corrected', 60_000);
    expect(count(server, 'blob')).toBe(2);
  });
});
