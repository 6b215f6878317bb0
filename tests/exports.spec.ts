import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { rows } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { CLERK, TOWNSHIP } from './support/office.ts';
import type { Server } from './support/server.ts';
import { readWorkbook } from './support/workbook.ts';

const LEAD = { user: '刘主任', password: 'warm-stone-bridge-63' };
const WHY = '县局季度抽查';

test.describe.serial('a ledger of more than 500 lines', () => {
  let server: Server;
  let clerk: Desk;
  let lead: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(700);
    server.must('account', 'add', LEAD.user, '--role', 'township_lead', '--scope', TOWNSHIP, '--password', LEAD.password);
    clerk = await Desk.open(browser, server.url);
    await clerk.login(CLERK.user, CLERK.password);
    lead = await Desk.open(browser, server.url);
    await lead.login(LEAD.user, LEAD.password);
  });
  test.afterAll(async () => {
    await clerk?.context.close();
    await lead?.context.close();
    await server?.dispose();
  });

  /** The ledger of all days. */
  async function ledger(desk: Desk): Promise<void> {
    await desk.open('/');
    await desk.go('台账');
    for (const day of ['从', '到']) await desk.page.getByLabel(day, { exact: true }).fill('');
    await expect(desk.page.getByText(/共 [5-9]\d\d 条|共 \d{4,} 条/)).toBeVisible({ timeout: 60_000 });
  }

  const asked = (desk: Desk) => desk.page.getByRole('region', { name: '待同意的导出' });

  async function askInFull(desk: Desk): Promise<void> {
    const { page } = desk;
    await page.getByRole('button', { name: '导出含完整证号' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('原因').fill('查');
    await dialog.getByRole('button', { name: '导出' }).click();
    await expect(dialog.getByText('至少 4 个字')).toBeVisible();
    await dialog.getByLabel('原因').fill(WHY);
    await dialog.getByRole('button', { name: '导出' }).click();
    await expect(page.getByText('超过 500 条，要分管领导同意')).toBeVisible({ timeout: 60_000 });
  }

  test('is asked for with a reason, and its asker cannot allow it himself', async () => {
    await ledger(clerk);
    await askInFull(clerk);
    await expect(asked(clerk).getByText('等分管领导同意')).toBeVisible();
    await expect(asked(clerk).getByRole('button')).toHaveCount(0);
    await expectAccessible(clerk.page, 'an export that waits');
    await shoot(clerk.page, 'export-waits');
  });

  test('is refused by a second person, and its asker reads why', async () => {
    await ledger(lead);
    await expect(asked(lead).getByText(`含完整证号：${WHY}`)).toBeVisible();
    await expectAccessible(lead.page, 'an export to be allowed');
    await shoot(lead.page, 'export-asked');
    await asked(lead).getByRole('button', { name: '不同意' }).click();
    const dialog = lead.page.getByRole('dialog').filter({ hasText: '为什么不同意' });
    await dialog.getByRole('button', { name: '不同意' }).click();
    await expect(dialog.getByText('至少 4 个字')).toBeVisible();
    await dialog.getByLabel('原因').fill('只要红旗村的就够了');
    await expectAccessible(lead.page, 'an export is refused');
    await shoot(lead.page, 'export-refuse');
    await dialog.getByRole('button', { name: '不同意' }).click();
    await expect(asked(lead)).toHaveCount(0);
    await ledger(clerk);
    await expect(asked(clerk).getByText('没有同意：只要红旗村的就够了')).toBeVisible();
    await shoot(clerk.page, 'export-refused');
  });

  test('is asked for anew, allowed, and fetched once', async () => {
    test.setTimeout(300_000);
    await askInFull(clerk);
    await ledger(lead);
    await asked(lead).getByRole('button', { name: '同意导出' }).click();
    await expect(asked(lead).getByText('已同意')).toBeVisible();
    await ledger(clerk);
    await shoot(clerk.page, 'export-allowed');
    const download = clerk.page.waitForEvent('download');
    await asked(clerk).getByRole('button', { name: '下载' }).click();
    const book = readWorkbook(await (await download).path());
    expect(book.text.match(/339999\d{11}[\dX]/g)!.length).toBeGreaterThan(500);
    expect(book.formulas).toBe(0);
    await expect(asked(clerk)).toHaveCount(0);
    await askInFull(clerk);
    const told = rows(server, "SELECT action FROM audit WHERE action LIKE 'export%' ORDER BY n");
    expect(told).toEqual(['export_asked', 'export_refused', 'export_asked', 'export_approved', 'export_used', 'export', 'export_asked']);
  });

  test('a lead who asks needs somebody else too', async () => {
    await ledger(lead);
    await lead.page.getByRole('button', { name: '导出 .xlsx' }).click();
    const dialog = lead.page.getByRole('dialog');
    await dialog.getByLabel('原因').fill('半年总结要用');
    await dialog.getByRole('button', { name: '导出' }).click();
    await expect(lead.page.getByText('超过 500 条，要分管领导同意')).toBeVisible({ timeout: 60_000 });
    const own = asked(lead).getByRole('paragraph').filter({ hasText: LEAD.user });
    await expect(own.getByText('等分管领导同意')).toBeVisible();
    await expect(own.getByRole('button')).toHaveCount(0);
  });

  test('is not printed; it says how to go on, and that it was looked at is entered once', async () => {
    const { page } = clerk;
    await ledger(clerk);
    await page.getByRole('link', { name: '打印' }).click();
    await expect(page.getByText(/共 \d+ 条，超过 500 条，不能直接打印/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: '打印', exact: true })).toBeDisabled();
    await expectAccessible(page, 'a ledger that is too long for paper');
    await shoot(page, 'paper-too-long');
    expect(rows(server, "SELECT n FROM audit WHERE action = 'list_print'")).toEqual([]);
    const looked = rows(server, `SELECT account || json_extract(body, '$.detail') FROM audit WHERE action = 'list'`);
    expect(looked.length).toBeGreaterThan(0);
    expect(new Set(looked).size, 'once an hour').toBe(looked.length);
  });

  test('rows are copied up to 500, with a word to the office first', async () => {
    const { page, context } = clerk;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = () => rows(server, "SELECT json_extract(body, '$.detail.rows') FROM audit WHERE action = 'list_copy'");
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await page.evaluate(() => navigator.clipboard.writeText('before'));
    await clerk.open('/');
    await clerk.go('对象');
    await page.getByRole('checkbox', { name: '全选' }).check();
    await page.getByRole('button', { name: '复制已选' }).click();
    await expect(page.getByText('一次最多复制 500 行。多的请在台账里导出。')).toBeVisible();
    await page.getByRole('button', { name: '取消选择' }).click();
    for (const n of [0, 1]) await page.getByRole('checkbox', { name: /^选 / }).nth(n).check();
    const away = (route: { abort(): Promise<void> }) => route.abort();
    await page.route('**/api/v1/views/copied', away);
    await page.getByRole('button', { name: '复制已选' }).click();
    await expect(page.getByText(/复制要在镇里留记录/)).toBeVisible();
    expect([copied(), await clipboard()]).toEqual([[], 'before']);
    await page.unroute('**/api/v1/views/copied', away);
    await page.getByRole('button', { name: '复制已选' }).click();
    await expect(page.getByText('已复制，可以粘贴到表格里')).toBeVisible();
    expect(copied()).toEqual(['2']);
    expect((await clipboard()).trim().split('\n')).toHaveLength(2);
    await shoot(page, 'rows-copied');
  });
});
