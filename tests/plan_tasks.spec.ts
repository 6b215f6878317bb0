import { expect, test, type Request } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { countyDesk } from './support/county_desk.ts';
import { demoOffice } from './support/demo.ts';
import { values } from './support/database.ts';
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
    for (const [task, unit, who] of [['报刊、广播、电视宣传', '宣传部', PRESS.user], ['医疗保障基金筹资', '财政局', MONEY.user], ['双拥晚会', '宣传部', PRESS.user]] as const) {
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

  test('the office moves several at once, and takes it back', async () => {
    const { page } = office;
    const days = () => values(server, 'plan_task', 'due_on').sort();
    const before = days();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '选几个一起改' }).click();
    await expect(page.getByRole('checkbox'), 'what is done is not offered').toHaveCount(2);
    await expect(page.getByRole('button', { name: '改期限' })).toBeDisabled();
    await page.getByRole('button', { name: '全选' }).click();
    await expect(page.getByText('已选 2 个')).toBeVisible();
    await expectAccessible(page, 'tasks that are chosen');
    await shoot(page, 'plan-tasks-chosen');
    await page.getByRole('button', { name: '改期限' }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: '改期限' }) });
    await dialog.getByRole('button', { name: '改到这天' }).click();
    await expect(dialog.getByText('请选完成期限')).toBeVisible();
    await dialog.getByRole('button', { name: '14 天后' }).click();
    await expectAccessible(page, 'another day for several tasks');
    await shoot(page, 'plan-tasks-day');
    await dialog.getByRole('button', { name: '改到这天' }).click();
    await expect(page.getByText('2 个任务的期限改好了')).toBeVisible();
    expect(days().filter((day) => !before.includes(day))).toHaveLength(2);
    await page.getByRole('button', { name: '撤销' }).click();
    await expect(page.getByText('已撤销，和原来一样')).toBeVisible();
    expect(days()).toEqual(before);
  });

  test('and gives them to another contact', async () => {
    const { page } = office;
    await page.getByRole('button', { name: '选几个一起改' }).click();
    await page.getByRole('checkbox', { name: /双拥晚会/ }).check();
    await page.getByRole('button', { name: '换联络员' }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: '换联络员' }) });
    await dialog.getByRole('button', { name: '交给他' }).click();
    await expect(dialog.getByText('请选联络员')).toBeVisible();
    await pick(dialog, /^联络员/, new RegExp(`^${MONEY.user}`));
    await shoot(page, 'plan-tasks-contact-chosen');
    await dialog.getByRole('button', { name: '交给他' }).click();
    await expect(page.getByText('1 个任务换了联络员')).toBeVisible();
    await expect(page.getByRole('button', { name: /^双拥晚会/ })).toContainText(MONEY.user);
  });

  test('a month shows how many are due on each day, and a day its tasks', async () => {
    const { page } = office;
    await page.getByRole('tab', { name: '日历' }).click();
    const day = page.getByRole('button', { name: /，3 个任务$/ });
    await expect(day).toContainText('3 个');
    await day.click();
    await expect(page.getByRole('button', { name: /^双拥晚会/ })).toBeVisible();
    await expectAccessible(page, 'a month of tasks');
    await shoot(page, 'plan-tasks-month');
    await page.getByRole('button', { name: '下个月' }).click();
    await expect(page.getByRole('button', { name: /个任务$/ })).toHaveCount(0);
    await page.getByRole('button', { name: '上个月' }).click();
    await expect(day).toBeVisible();
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
