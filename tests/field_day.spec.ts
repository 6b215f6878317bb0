import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { count, values } from './support/database.ts';
import { Desk } from './support/desk.ts';
import { demoOffice } from './support/demo.ts';
import { see, shoot } from './support/look.ts';
import { CLERK } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

/** How many people are due, by the heading. */
async function due(page: Page): Promise<number> {
  const heading = await page.getByRole('heading', { name: /^该走访的/ }).innerText({ timeout: 30_000 });
  return Number(/(\d+) 人/.exec(heading)![1]);
}

test.describe.serial('a day in the field that does not go as planned', () => {
  test.setTimeout(300_000);
  let server: Server;
  let phone: Phone;
  let desk: Desk | undefined;
  let name = '';
  let visit = '';

  test.beforeAll(async () => {
    server = await demoOffice();
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('a form in which nothing was answered is dropped, and leaves nothing behind', async () => {
    const { page } = phone;
    await phone.go('/');
    await page.locator('.today__due a.person').first().click();
    name = await page.getByRole('heading', { level: 1 }).innerText();
    await page.getByRole('button', { name: '开始走访' }).click();
    await page.getByRole('button', { name: '取消走访' }).click();
    await expect(page.getByRole('dialog')).toContainText('还没有答题');
    await page.getByRole('dialog').getByRole('button', { name: '取消走访' }).click();
    await expect(page.getByRole('button', { name: '开始走访' })).toBeVisible();
  });

  test('a visit under way is cancelled with a reason, without a signal, and the family is due again', async () => {
    const { page } = phone;
    await phone.go('/');
    const before = await due(page);
    await server.kill();
    await page.locator('.today__due a.person').first().click();
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.choose('A01', '入户');
    await form.photograph('A28');
    await form.isSaved();
    await page.getByRole('button', { name: '取消走访' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('原因').fill('走');
    await dialog.getByRole('button', { name: '取消走访' }).click();
    await expect(dialog).toContainText('至少 2 个字');
    await expectAccessible(page, 'why a visit is cancelled');
    await see(page, 'cancel-why');
    await dialog.getByLabel('原因').fill('走错了人家');
    await dialog.getByRole('button', { name: '取消走访' }).click();
    await expect(page.getByRole('button', { name: '开始走访' })).toBeVisible();
    await phone.go('/');
    expect(await due(page)).toBe(before);
    await expect(page.getByRole('heading', { name: '今天取消的 · 1' })).toBeVisible();
    await expect(page.getByRole('link', { name: new RegExp(`${name}.*走错了人家`) })).toBeVisible();
    await expectAccessible(page, 'today with a cancelled visit');
    await page.getByRole('heading', { name: '今天取消的 · 1' }).scrollIntoViewIfNeeded();
    await shoot(page, 'cancel-today');
  });

  test('what was answered outlives the browser, and goes to the office with the reason', async () => {
    await phone.killAndReopen();
    await server.start();
    const { page } = phone;
    await phone.syncNow();
    await until(() => values(server, 'visit', 'cancelled').some((why) => why.includes('走错了人家')), 'the reason is at the office', 60_000);
    expect(values(server, 'visit', 'answers').some((answers) => answers.includes('入户'))).toBe(true);
    await phone.tab('走访');
    await expect(page.getByRole('heading', { name: '已取消的 · 1' })).toBeVisible();
    await page.getByRole('link', { name: new RegExp(`${name}.*走错了人家`) }).click();
    await expect(page.getByText('这次走访已取消：走错了人家')).toBeVisible();
    visit = page.url();
    await expectAccessible(page, 'a cancelled visit');
    await shoot(page, 'cancel-visit');
  });

  test('it is gone on with after all, finished, cancelled and counted again', async () => {
    const { page } = phone;
    await page.getByRole('button', { name: '还是接着填' }).click();
    const form = new VisitForm(page);
    await expect(form.question('A01').getByLabel('入户', { exact: true })).toBeChecked();
    await expect(form.question('A28').locator('img')).toHaveCount(1);
    await form.foundDead(1);
    await form.signAndFinish();
    await expect(page.getByText('这次走访已取消')).toHaveCount(0);
    await page.getByRole('button', { name: '取消这次走访' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('重复登记');
    await page.getByRole('dialog').getByRole('button', { name: '取消这次走访' }).click();
    await expect(page.getByText('这次走访已取消：重复登记')).toBeVisible();
    await expect(page.getByRole('button', { name: '打开修改' })).toHaveCount(0);
    await page.getByRole('button', { name: '恢复这次走访' }).click();
    await expect(page.getByRole('button', { name: '打开修改' })).toBeVisible();
    expect(page.url()).toBe(visit);
    await phone.syncNow();
    await until(() => count(server, "record WHERE kind = 'task'") > 0, 'what it found is at the office', 60_000);
    await expect.poll(() => values(server, 'visit', 'cancelled').filter((why) => why !== 'null').length, { timeout: 30_000 }).toBe(0);
  });

  test('several of the list are chosen by a long press, and visited together', async () => {
    const { page } = phone;
    await phone.tab('对象');
    const people = page.getByRole('list', { name: '对象' });
    // Chromium answers a long press, as a right one, with this.
    await people.getByRole('link').nth(1).dispatchEvent('contextmenu');
    await expect(page.getByText('已选 1 户 1 人')).toBeVisible();
    await people.getByRole('checkbox').nth(2).check();
    await expect(page.getByText(/已选 [12] 户 2 人/)).toBeVisible();
    await expectAccessible(page, 'several chosen');
    await see(page, 'choose-several');
    await page.getByRole('searchbox').fill('红旗村');
    await page.getByRole('button', { name: '全选', exact: true }).click();
    const chosen = /已选 (\d+) 户 (\d+) 人/.exec(await page.getByText(/^已选 \d+ 户/).innerText())!;
    expect(Number(chosen[2])).toBeGreaterThan(2);
    await page.getByRole('button', { name: '集体走访' }).click();
    await expect(page.getByRole('button', { name: `开始，共 ${chosen[1]} 户 ${chosen[2]} 人` })).toBeVisible();
    await see(page, 'choose-round');
    await page.getByRole('button', { name: `开始，共 ${chosen[1]} 户 ${chosen[2]} 人` }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('集体走访 · 大家一样的内容');
    await phone.go('/recipients');
    await page.getByRole('button', { name: '选择', exact: true }).click();
    await page.getByRole('button', { name: '不选了' }).click();
    await expect(people.getByRole('checkbox')).toHaveCount(0);
  });

  test('who reaches an age is counted on 今日 and found by it', async () => {
    const { page } = phone;
    await page.getByRole('searchbox').fill('');
    await phone.tab('今日');
    const line = page.getByRole('link', { name: /^快到年龄的 · \d+ 人/ });
    const people = Number(/(\d+) 人/.exec(await line.innerText())![1]);
    await line.click();
    await expect(page.getByText(new RegExp(`共 \\d+ 户 ${people} 人`))).toBeVisible();
    await expect(page.getByRole('list', { name: '对象' }).getByRole('link').first()).toContainText(/满 (18|22|55|60) 岁/);
    await expectAccessible(page, 'who reaches an age');
    await shoot(page, 'age');
  });

  test('at the desk a range is chosen with Shift, and the same filter is there', async ({ browser }) => {
    desk = await Desk.open(browser, server.url);
    const { page } = desk;
    await desk.login(CLERK.user, CLERK.password);
    await desk.go('对象');
    const boxes = page.getByRole('grid').getByRole('checkbox');
    await boxes.nth(1).click();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    await expect(page.getByRole('status').filter({ hasText: /已选 \d 户 4 人/ })).toBeVisible();
    await see(page, 'choose-desk');
    await page.getByRole('button', { name: '集体走访' }).click();
    await expect(page.getByRole('button', { name: /^开始，共 \d 户 4 人/ })).toBeVisible();
    await desk.go('对象');
    await page.getByLabel('年龄').selectOption('快到年龄的');
    await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
    await expectAccessible(page, 'the table by age');
    await see(page, 'age-desk');
  });
});
