import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { cleanOffice, CLERK, VILLAGES } from './support/office.ts';
import { expectAccessible } from './support/axe.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';
import { count, rows, values } from './support/database.ts';
import { readWorkbook } from './support/workbook.ts';

/** The three numbers that the phone shows, which must be what the server's database says. */
async function expectNumbers(phone: Phone, expected: { onPhone: number; photos: number }): Promise<void> {
  await phone.go('/outbox');
  const number = (name: string) => phone.page.getByTestId(name).getByRole('definition');
  await expect(number('on-phone')).toHaveText(String(expected.onPhone));
  await expect(number('photos-waiting')).toHaveText(String(expected.photos));
}

test.describe.serial('from the list to the ledger', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;

  test.beforeAll(async () => { server = await cleanOffice(); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('the clerk imports a damaged list, and the same people again change nothing', async ({ browser }) => {
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.chooseList(join(FIXTURES, 'township-list.xlsx'));
    const { page } = desk;
    await expect(page.getByText('第 3 行是表头')).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: /^不能导入/ }).click();
    await expect(page.getByText('身份证号校验位不对').first()).toBeVisible();
    await expectAccessible(page, 'the preview of a list');
    await page.getByRole('button', { name: /^写入 211 人/ }).click();
    await expect(page.getByText('已写入档案')).toBeVisible({ timeout: 60_000 });
    const changesets = count(server, 'changeset');
    expect(count(server, "record WHERE kind = 'recipient'")).toBeGreaterThan(200);

    await desk.chooseList(join(import.meta.dirname, 'fixtures/township-list-shuffled.xlsx'));
    await expect(page.getByRole('button', { name: '没有要写入的' })).toBeVisible({ timeout: 30_000 });
    expect(count(server, 'changeset')).toBe(changesets);
  });

  test('the phone gets its own villages and nothing of others', async () => {
    phone = await workersPhone(server);
    const bytes = phone.answers.join('\n');
    expect(bytes).toContain('红旗村');
    for (const { name } of VILLAGES.slice(2)) expect(bytes, `a family of ${name}`).not.toContain(name);
    expect(bytes, 'a full ID number').not.toMatch(/\b339999\d{11}[\dX]\b/);
    expect(bytes, 'an account number').not.toMatch(/\b62\d{14,17}\b/);
  });

  test('in the village: no server, a new browser process, the list and a file', async () => {
    await server.kill();
    await phone.killAndReopen();
    await phone.tab('对象');
    await phone.page.getByRole('searchbox').fill('lkd');
    await phone.page.getByRole('link', { name: /李凯冬/ }).click();
    await expect(phone.page.getByRole('heading', { name: /李凯冬/ })).toBeVisible();
  });

  test('a visit survives the death of its browser on the same question', async () => {
    const { page } = phone;
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.choose('A01', '入户');
    await form.choose('A02', '本人');
    await form.choose('A05', '是');
    await form.choose('A07', '是');
    await form.write('A08', '13912345678');
    await form.choose('A09', '按时足额');
    await form.choose('A10', '重病');
    await form.photograph('A28');
    await form.isSaved();
    const url = page.url();

    await phone.killAndReopen(new URL(url).pathname);
    const again = new VisitForm(phone.page);
    await expect(again.question('A10').getByLabel('重病', { exact: true })).toBeChecked();
    await expect(again.question('A08').getByRole('textbox')).toHaveValue('13912345678');
    await expect(again.question('A28').locator('img')).toHaveCount(1);
    await expect(again.question('A28')).toBeInViewport();
  });

  test('完成 names what is missing, jumps there, and then accepts', async () => {
    const { page } = phone;
    const form = new VisitForm(page);
    await page.getByRole('button', { name: '完成走访' }).click();
    await expect(page.getByText(/还差 \d+ 题/)).toBeVisible();
    await page.getByRole('button', { name: /A14/ }).click();
    await expect(form.question('A14')).toBeInViewport();
    await form.choose('A11', '否');
    await form.choose('A14', '自理');
    await form.choose('A16', '居民医保');
    await form.choose('A17', '完好');
    await form.choose('A18', '持平');
    await form.choose('A19', '无');
    await form.choose('A21', '无在读');
    await form.choose('A22', '完好');
    await form.choose('A23', '已领');
    await form.choose('A26', '无');
    await form.sign('A29');
    await form.sign('A30.1');
    await form.question('A30.2').getByRole('button', { name: '三个月后' }).click();
    await page.getByLabel(/银行账号/).fill('6222021234567890123');
    await page.getByLabel(/银行账号/).blur();
    await form.isSaved();
    await form.finish();
    await expectNumbers(phone, { onPhone: 1, photos: 3 });
    await phone.go('/needs');
    await expect(phone.page.getByText('李凯冬')).toBeVisible();
  });

  test('a finished visit that was opened for correction is no dead end', async () => {
    const { page } = phone;
    await phone.tab('走访');
    await page.getByRole('link', { name: /李凯冬/ }).first().click();
    await page.getByRole('button', { name: '打开修改' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '打开修改' }).click();
    await expect(page).toHaveURL(/\/form$/);
    await expect(new VisitForm(page).question('A10').getByLabel('重病', { exact: true })).toBeChecked();
    await page.goBack();
    await page.getByRole('link', { name: '接着改' }).click();
    await expect(page).toHaveURL(/\/form$/);
    await page.goBack();
    await page.getByRole('button', { name: '取消修改' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '取消修改' }).click();
    await expect(page.getByRole('button', { name: '打开修改' })).toBeVisible();
    await expect(page.getByText('重病').first()).toBeVisible();
  });

  test('the office is back: the phone syncs by itself within 15 seconds', async () => {
    await server.start();
    const started = Date.now();
    await until(() => count(server, "record WHERE kind = 'visit'") === 1, 'the visit is at the office', 15_000);
    expect(Date.now() - started).toBeLessThan(15_000);
    await until(() => rows(server, 'SELECT state FROM blob').filter((row) => row === 'verified').length === 3, 'the photos are at the office');
    await expectNumbers(phone, { onPhone: 0, photos: 0 });
    expect(count(server, "record WHERE kind = 'need'")).toBe(1);
    expect(count(server, "record WHERE kind = 'proposal'")).toBe(1);
  });

  test('the clerk reviews, accepts the proposal and exports the ledger', async () => {
    const { page } = desk;
    await desk.go('审核');
    await page.getByText('李凯冬').first().click();
    await expect(page.getByText('重病').first()).toBeVisible({ timeout: 30_000 });
    await expect(page.locator('img[src^="blob:"]').first()).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'a visit under review');
    await page.getByRole('button', { name: '通过', exact: true }).click();
    await desk.go('待处理');
    const accept = page.getByRole('button', { name: '同意', exact: true }).first();
    await expect(accept).toBeVisible({ timeout: 70_000 });
    await expectAccessible(page, 'a proposal');
    await accept.click();
    await expect(page.getByText('已同意，档案已改')).toBeVisible();
    await desk.go('台账');
    const masked = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出 .xlsx' }).click();
    const shown = readWorkbook(await (await masked).path());
    expect(shown.text).toContain('李凯冬');
    expect(shown.text, 'a full ID number').not.toMatch(/339999\d{11}[\dX]/);
    await page.getByRole('button', { name: '导出含完整证号' }).click();
    await page.getByLabel('原因').fill('县里年度核对名册');
    const full = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出', exact: true }).last().click();
    const whole = readWorkbook(await (await full).path());
    expect(whole.text).toMatch(/339999\d{11}[\dX]/);
    expect([shown.formulas, whole.formulas]).toEqual([0, 0]);
  });

  test('the worker sees the outcome', async () => {
    await until(() => values(server, 'proposal', 'state')[0] === 'accepted', 'the decision is at the office');
    await phone.go('/visits');
    await phone.page.getByText('李凯冬').first().click();
    await expect(phone.page.getByText(/审核通过/)).toBeVisible({ timeout: 30_000 });
    await expect(phone.page.getByText('已采用').first()).toBeVisible();
    await expectAccessible(phone.page, 'a reviewed visit');
  });
});
