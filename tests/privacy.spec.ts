import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { rows, values } from './support/database.ts';
import { Desk } from './support/desk.ts';
import { listedOffice } from './support/listed_office.ts';
import { see, shoot } from './support/look.ts';
import type { Phone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';
import { readWorkbook } from './support/workbook.ts';

const LEAD = { user: '县领导', password: 'slow-river-lantern-44' };
const NOTICE = '我们是双桥镇退役军人服务站，依法登记您的情况，只用于核对待遇和落实帮扶，保存三年，您可以查阅、更正、删除，电话 0571-1234567。';
test.describe.serial('what people are told, and what they may ask', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;
  let name = '';

  test.beforeAll(async ({ browser }) => {
    ({ server, desk, phone } = await listedOffice(browser));
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('a new version of the notice reaches the phone, is shown on the form, and its version stays with the visit', async () => {
    const { page } = phone;
    await phone.openFile(0);
    name = await page.getByRole('heading').first().innerText();
    const file = join(server.dataDir, 'notice.txt');
    writeFileSync(file, NOTICE);
    server.must('notice', 'set', '2027-1', file);
    await phone.syncNow();
    await expect(page.getByText('全部已同步').or(page.getByTestId('on-phone').getByRole('definition').filter({ hasText: /^0$/ })).first()).toBeVisible();
    await expect(async () => {
      await phone.openFile(0);
      await page.getByRole('button', { name: '开始走访' }).or(page.getByRole('link', { name: '接着填' })).click();
      await expect(page.getByText('告知书 2027-1')).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
    await shoot(page, 'privacy-form');
    await page.getByRole('button', { name: /先告/ }).click();
    await expect(page.getByRole('dialog').getByText('0571-1234567')).toBeVisible();
    await expectAccessible(page, 'the notice');
    await see(page, 'privacy-notice');
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click();
    const form = new VisitForm(page);
    await form.foundDead();
    await form.signAndFinish();
    await phone.syncNow();
    await until(() => values(server, 'visit', 'notice_version').length > 0, 'the visit arrives');
    expect(values(server, 'visit', 'notice_version')).toEqual(['2027-1']);
  });

  test('the worker takes a request down; without its content it is not saved', async () => {
    const { page } = phone;
    await phone.openFile(0);
    await page.getByRole('tab', { name: '权利', exact: true }).click();
    await expectAccessible(page, 'rights on the phone');
    await see(page, 'privacy-phone-rights');
    await page.getByRole('button', { name: '登记申请' }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByLabel('近亲属').check();
    await sheet.getByLabel('具体内容').fill('手机号换了，新号 13911112222');
    await sheet.getByRole('button', { name: '登记' }).click();
    await expect(sheet.getByText('请写明近亲属的姓名')).toBeVisible();
    await sheet.getByLabel('姓名').fill('李强');
    await sheet.getByLabel('与本人关系').fill('儿子');
    await see(page, 'privacy-request');
    await sheet.getByRole('button', { name: '登记' }).click();
    await expect(sheet).toBeHidden();
    await expect(page.getByText('待办理')).toBeVisible();
    await phone.syncNow();
    await until(() => values(server, 'rights_request', 'what').length > 0, 'the request arrives');
  });

  test('the office decides it, and the file says the new number in the same save', async () => {
    const { page } = desk;
    await desk.open('/outbox');
    await page.getByRole('button', { name: '现在同步' }).click();
    const id = rows(server, "SELECT parent FROM record WHERE kind = 'rights_request'")[0]!;
    await desk.open(`/recipients/${id}`);
    await page.getByRole('tab', { name: '权利', exact: true }).click({ timeout: 30_000 });
    await see(page, 'privacy-rights');
    await expectAccessible(page, 'rights at the desk');
    await page.getByRole('button', { name: /更正.*待办理/ }).click({ timeout: 30_000 });
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: '办理', exact: true }).click();
    await expect(sheet.getByText('请选同意或不同意')).toBeVisible();
    await sheet.getByLabel('不同意').check();
    await sheet.getByRole('button', { name: '办理', exact: true }).click();
    await expect(sheet.getByText('不同意的要有理由')).toBeVisible();
    await sheet.getByLabel('同意', { exact: true }).check();
    await sheet.getByRole('button', { name: /改哪一项/ }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: '手机', exact: true }).click();
    await sheet.getByRole('textbox', { name: '手机' }).fill('13911112222');
    await sheet.getByLabel('答复').fill('核对后已改');
    await see(page, 'privacy-decide');
    await sheet.getByRole('button', { name: '办理', exact: true }).click();
    await expect(page.getByText('已同意')).toBeVisible();
    await until(() => values(server, 'rights_request', 'state').includes('granted'), 'the decision arrives');
    expect(values(server, 'recipient', 'mobile')).toContain('13911112222');
    await phone.syncNow();
    await phone.openFile(0);
    await phone.page.getByRole('tab', { name: '权利', exact: true }).click();
    await expect(phone.page.getByText('已同意')).toBeVisible({ timeout: 30_000 });
  });

  test('all that is kept goes out as a workbook, masked, or whole for a reason', async () => {
    const { page } = desk;
    const [masked] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出报告' }).click()]);
    expect(masked.suggestedFilename()).toContain(name);
    const text = readWorkbook(await masked.path()).text;
    for (const part of ['核对后已改', '2027-1', '13911112222', '李强', '谁能看']) expect(text, part).toContain(part);
    expect(text, 'a full ID number').not.toMatch(/\d{17}[\dX]/);
    await page.getByRole('button', { name: '导出含完整号码' }).click();
    const dialog = page.getByRole('dialog').last();
    await dialog.getByRole('button', { name: '导出' }).click();
    await expect(dialog.getByText('请写明原因')).toBeVisible();
    await dialog.getByLabel('原因').fill('本人到镇里查阅');
    const [full] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: '导出' }).click()]);
    expect(readWorkbook(await full.path()).text).toMatch(/\d{17}[\dX]/);
    expect(rows(server, "SELECT n FROM audit WHERE action = 'person_report'")).toHaveLength(2);
  });

  test('a deletion that is granted takes the file from the devices, and what was asked stays', async () => {
    const { page } = desk;
    const id = rows(server, "SELECT r.e FROM record r WHERE r.kind = 'recipient' AND NOT EXISTS (SELECT 1 FROM record v WHERE v.parent = r.e AND v.kind = 'visit') LIMIT 1")[0]!;
    await desk.open(`/recipients/${id}`);
    await page.getByRole('tab', { name: '权利', exact: true }).click({ timeout: 30_000 });
    await page.getByRole('button', { name: '登记申请' }).click();
    const asking = page.getByRole('dialog').first();
    await asking.getByLabel('删除', { exact: true }).check();
    await asking.getByLabel('具体内容').fill('不再享受待遇，要求删除');
    await asking.getByRole('button', { name: '登记' }).click();
    await page.getByRole('button', { name: /删除.*待办理/ }).click();
    const sheet = page.getByRole('dialog').last();
    await sheet.getByLabel('同意', { exact: true }).check();
    await expect(sheet.getByText('会从所有设备上删除')).toBeVisible();
    await sheet.getByLabel('答复').fill('核对后删除');
    await sheet.getByRole('button', { name: '办理', exact: true }).click();
    await expect(page.getByText('这份档案不在')).toBeVisible({ timeout: 30_000 });
    await until(() => rows(server, `SELECT e FROM record WHERE del = 1 AND (e = '${id}' OR parent = '${id}')`).length > 1, 'file and entitlement are deleted');
    expect(rows(server, `SELECT e FROM record WHERE kind = 'rights_request' AND parent = '${id}' AND del = 0`)).toHaveLength(1);
  });

  test('the page 隐私 shows the notice, and says why there is no list to hang up', async () => {
    const { page } = desk;
    await desk.open('/office/privacy');
    await expect(page.getByRole('button', { name: '2027-1 使用中' })).toBeVisible();
    await expectAccessible(page, 'the versions of the notice');
    await shoot(page, 'privacy-notices');
    await page.getByRole('tab', { name: '公示名单' }).click();
    await page.getByRole('button', { name: '做公示名单' }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: /范围/ }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: '双桥镇' }).click();
    await sheet.getByLabel('异议向谁反映').fill('双桥镇退役军人服务站 0571-1234567');
    await sheet.getByRole('button', { name: '做名单' }).click();
    await expect(sheet.getByText('没有处在公示阶段')).toBeVisible();
    await expectAccessible(page, 'a list for publication');
    await see(page, 'privacy-publication');
  });

  test("the county's leader writes a notice, puts it in force, and reads what is due", async ({ browser }) => {
    server.must('account', 'add', LEAD.user, '--role', 'county_lead', '--scope', '339999', '--password', LEAD.password);
    const lead = await Desk.open(browser, server.url);
    const { page } = lead;
    await lead.loginWithFactor(LEAD.user, LEAD.password);
    await page.getByRole('navigation').getByRole('link', { name: '隐私' }).click();
    await page.getByRole('button', { name: '写新版本' }).click();
    const sheet = page.getByRole('dialog').first();
    await expect(sheet.getByLabel('正文')).toHaveValue(NOTICE);
    await sheet.getByLabel('版本号').fill('2027-1');
    await sheet.getByRole('button', { name: '送批准' }).click();
    await expect(sheet.getByText('这个版本号用过了')).toBeVisible();
    await sheet.getByLabel('版本号').fill('2027-2');
    await sheet.getByRole('button', { name: '送批准' }).click();
    await page.getByRole('button', { name: '2027-2 待批准' }).click();
    await see(page, 'privacy-approve');
    await page.getByRole('button', { name: '批准启用' }).first().click();
    await page.getByRole('dialog').last().getByRole('button', { name: '批准启用' }).click();
    await expect(page.getByRole('button', { name: '2027-2 使用中' })).toBeVisible();
    await page.getByRole('tab', { name: '保存期限' }).click();
    await expect(page.getByText('没有到期的')).toBeVisible();
    await expectAccessible(page, 'what is due');
    await see(page, 'privacy-retention');
    await lead.context.close();
  });
});
