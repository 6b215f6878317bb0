import { expect, test, type Request } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { countyDesk } from './support/county_desk.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { pick, pickDay, see, shoot } from './support/look.ts';
import type { Server } from './support/server.ts';

const PRESS = { user: '宣传部联络员', password: 'loud-paper-kettle-36' };
const MONEY = { user: '财政局联络员', password: 'slow-coin-orchard-81' };

test.describe.serial('a unit’s own tasks of the work plan', () => {
  let server: Server;
  let office: Desk;
  let contact: Desk;
  let asked: Request;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(20);
    for (const who of [PRESS, MONEY]) server.must('account', 'add', who.user, '--role', 'unit_contact', '--scope', '339999', '--password', who.password);
    office = await countyDesk(browser, server);
  });
  test.afterAll(async () => {
    await contact?.context.close();
    await office?.context.close();
    await server?.dispose();
  });

  test('the county gives each unit a task', async () => {
    const { page } = office;
    await office.open('/office/tasks');
    await expect(page.getByText('没有任务')).toBeVisible({ timeout: 30_000 });
    for (const [task, unit, who] of [['报刊、广播、电视宣传', '宣传部', PRESS.user], ['医疗保障基金筹资', '财政局', MONEY.user]] as const) {
      await page.getByRole('button', { name: '布置任务' }).first().click();
      const sheet = page.getByRole('dialog').first();
      await sheet.getByRole('button', { name: '布置任务' }).click();
      await expect(sheet.getByText('请选联络员')).toBeVisible();
      await sheet.getByLabel(/^任务/).fill(task);
      await sheet.getByLabel(/^牵头单位/).fill(unit);
      await pick(sheet, /^联络员/, new RegExp(`^${who}`));
      await pickDay(sheet, /^完成期限/, new Date(Date.now() + 30 * 86_400_000));
      await expectAccessible(page, 'a task is given');
      await see(page, 'plan-task-new');
      await sheet.getByRole('button', { name: '布置任务' }).click();
      await expect(page.getByRole('button', { name: new RegExp(`^${task}`) })).toContainText('未开始');
    }
    await expectAccessible(page, 'the tasks');
    await shoot(page, 'plan-tasks-office');
  });

  test('its contact finds his own and nothing else', async ({ browser }) => {
    contact = await Desk.open(browser, server.url);
    const { page } = contact;
    const first = page.waitForRequest(/\/api\/v1\/plan-tasks$/);
    await page.goto('/login');
    await page.getByLabel('用户名').fill(PRESS.user);
    await page.getByLabel('密码').fill(PRESS.password);
    await page.getByRole('button', { name: '登录' }).click();
    asked = await first;
    await expect(page.getByRole('button', { name: /^报刊/ })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('医疗保障基金筹资')).toHaveCount(0);
    await expect(page.getByRole('button', { name: '布置任务' })).toHaveCount(0);
    await expect(page.getByRole('navigation').getByRole('link')).toHaveText(['任务', '我的']);
    for (const path of ['/recipients', '/office/staff', '/office/ledger', '/']) {
      await contact.open(path);
      await expect(page.getByRole('heading', { name: '年度工作任务' }).first(), path).toBeVisible();
    }
    await expectAccessible(page, 'a contact’s tasks');
    await shoot(page, 'plan-tasks-contact');
  });

  test('he marks it as done, which needs evidence', async () => {
    const { page } = contact;
    await page.getByRole('button', { name: /^报刊/ }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByLabel('已完成').check();
    await sheet.getByLabel(/^做了什么/).fill('全年见报 12 篇');
    await sheet.getByRole('button', { name: '报进展' }).click();
    await expect(sheet.getByText('报“已完成”要写佐证')).toBeVisible();
    await expectAccessible(page, 'a report without evidence');
    await see(page, 'plan-task-report');
    await sheet.getByLabel(/^佐证/).fill('剪报 12 份，存宣传部档案柜');
    await sheet.getByRole('button', { name: '报进展' }).click();
    await expect(page.getByRole('button', { name: /^报刊/ })).toContainText('已完成');
    await expect(sheet).toBeHidden();
  });

  test('the office reads it', async () => {
    const { page } = office;
    await office.open('/office/plan');
    await office.open('/office/tasks');
    await expect(page.getByRole('button', { name: /^报刊/ })).toContainText('已完成', { timeout: 30_000 });
    await page.getByRole('button', { name: /^报刊/ }).click();
    const sheet = page.getByRole('dialog').first();
    await expect(sheet.getByText('全年见报 12 篇')).toBeVisible();
    await expect(sheet.getByText('剪报 12 份，存宣传部档案柜')).toBeVisible();
    await see(page, 'plan-task-read');
  });

  test('whatever he asks the server for, no family is in the answer', async () => {
    const own = Object.entries(await asked.allHeaders()).filter(([name]) => name === 'huifang-vault');
    const answers = await contact.page.evaluate(async (headers) => {
      const paths = ['plan-tasks', 'lists/recipients', 'lists/follow_up_ledger', 'lists/overview', 'handovers', 'accounts'];
      return Promise.all(paths.map(async (path) => (await fetch(`/api/v1/${path}`, { headers })).status));
    }, own);
    expect(answers).toEqual([200, 403, 403, 403, 403, 403]);
  });
});
