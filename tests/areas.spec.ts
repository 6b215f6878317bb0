import { expect, test, type Locator } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { count, rows } from './support/database.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { pick, pickDay, shoot } from './support/look.ts';
import { cleanOffice, CLERK, TOWNSHIP, VILLAGES } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';

const ADMIN = { user: 'root', password: 'quiet-mill-harbour-12' };

test.describe.serial('an administrator changes villages and people', () => {
  let server: Server;
  let admin: Desk;
  let phone: Phone;

  test.beforeAll(async ({ browser }) => {
    server = await cleanOffice();
    server.must('area', 'add', '339999200', '青山镇');
    server.must('area', 'add', '339999200201', '上坪村');
    server.must('account', 'add', ADMIN.user, '--role', 'admin', '--scope', '339999', '--password', ADMIN.password);
    const clerk = await Desk.open(browser, server.url);
    await clerk.login(CLERK.user, CLERK.password);
    await clerk.importList(join(FIXTURES, 'township-list.xlsx'));
    await clerk.context.close();
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await admin?.context.close();
    await server?.dispose();
  });

  test('the areas stand as a tree, with what lies in each', async ({ browser }) => {
    admin = await Desk.open(browser, server.url);
    const { page } = admin;
    await admin.loginWithFactor(ADMIN.user, ADMIN.password);
    await page.getByRole('tab', { name: '区划' }).click();
    const township = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '双桥镇' }) });
    await expect(township.getByRole('button', { name: /^红旗村/ })).toContainText(/1 人、1 台手机\s*\d+\s份档案/);
    await expect(township.getByRole('button', { name: /^上坪村/ })).toHaveCount(0);
    await expectAccessible(page, 'the tree of areas');
    await shoot(page, 'areas');
  });

  test('a village gets another code and name from a day on, and the phone shows it', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: /^红旗村/ }).click();
    const sheet = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: '红旗村' }) });
    const save = sheet.getByRole('button', { name: '保存' });
    await sheet.getByLabel('代码').fill(VILLAGES[1]!.code);
    await save.click();
    await expect(sheet.getByText('这个代码已经有别的村在用')).toBeVisible();
    await sheet.getByLabel('代码').fill('339999200299');
    await save.click();
    await expect(sheet.getByText('前 9 位是它的乡镇')).toBeVisible();
    await sheet.getByLabel('代码').fill(`${TOWNSHIP}299`);
    await sheet.getByLabel('名称').fill('红旗社区');
    await pickDay(sheet, /^从哪天起/, new Date(Date.now() + 86_400_000));
    await save.click();
    await expect(sheet.getByText('日期要是今天或以前')).toBeVisible();
    await expectAccessible(page, 'an area is changed');
    await shoot(page, 'area-change');
    await pickDay(sheet, /^从哪天起/, new Date(Date.now() - 10 * 86_400_000));
    await save.click();
    await expect(page.getByText('已改，手机下次同步就显示')).toBeVisible();
    await expect(page.getByRole('button', { name: /^红旗社区/ })).toContainText(`${TOWNSHIP}299`);
    await expect(page.getByRole('button', { name: /^红旗社区/ })).toContainText(`原 ${VILLAGES[0]!.code} 红旗村`);
    await phone.syncNow();
    await phone.tab('对象');
    await phone.page.getByRole('searchbox').fill('红旗社区');
    await expect(phone.page.getByRole('main').getByRole('list').getByRole('link', { name: /红旗社区/ }).first()).toBeVisible({ timeout: 60_000 });
  });

  test('a village becomes part of another after everybody was told what moves', async () => {
    test.setTimeout(300_000);
    const { page } = admin;
    const moved = (await phone.page.getByRole('main').getByRole('list').getByRole('link').first().innerText()).split('\n')[0]!.trim();
    const families = count(server, "record WHERE kind = 'recipient' AND del = 0");
    await page.getByRole('button', { name: /^红旗社区/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '并到别的村' }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: '把 红旗社区 并到哪个村？' }) });
    await dialog.getByRole('button', { name: /^并到/ }).click();
    const options = page.getByRole('dialog').last();
    await expect(options.getByRole('button', { name: '石桥村' })).toBeVisible();
    for (const other of ['红旗社区', '上坪村', '双桥镇']) await expect(options.getByRole('button', { name: other })).toHaveCount(0);
    await options.getByRole('button', { name: '石桥村' }).click();
    await expect(dialog.getByText(/红旗社区 的 \d+ 份档案、\d+ 次走访都归 石桥村/)).toBeVisible();
    await expect(dialog.getByText(/worker 以后在 石桥村 走访，1 台手机/)).toBeVisible();
    await expect(dialog.getByText('合并后不能退回')).toBeVisible();
    await expectAccessible(page, 'a merge');
    await shoot(page, 'area-merge');
    await dialog.getByRole('button', { name: '合并', exact: true }).click();
    await expect(page.getByText('已合并，手机下次同步就换')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('已并掉')).toBeVisible();
    await expect(page.getByRole('button', { name: /^红旗社区/ }), 'it is not changed any more').toHaveCount(0);
    await shoot(page, 'areas-merged');
    expect(count(server, "record WHERE kind = 'recipient' AND del = 0"), 'no family is lost').toBe(families);
    const closed = `(SELECT id FROM area WHERE code = '${TOWNSHIP}299')`;
    expect(count(server, `record WHERE area = ${closed}`)).toBe(0);
    // A village leaves the phone, which asks its worker first where that is most of what it holds.
    const release = phone.page.getByRole('button', { name: '看看要不要放行' });
    const there = phone.page.getByRole('main').getByRole('list').getByRole('link', { name: /石桥村/ }).first();
    const comes = (what: Locator) => what.waitFor({ timeout: 5_000 }).then(() => true, () => false);
    await until(async () => {
      await phone.syncNow();
      if (await comes(release)) {
        await release.click();
        await phone.page.getByRole('dialog').getByRole('button', { name: '放行', exact: true }).click();
      }
      await phone.tab('对象');
      await phone.page.getByRole('searchbox').fill(moved);
      return comes(there);
    }, 'the phone has the families in the other village', 120_000);
    await phone.page.getByRole('searchbox').fill('红旗社区');
    await expect(phone.page.getByRole('main').getByRole('list').getByRole('link')).toHaveCount(0);
  });

  test('another role is given with words about what it means', async () => {
    const { page } = admin;
    await page.getByRole('tab', { name: '人员' }).click();
    await page.getByRole('button', { name: /^worker2/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '改岗位、范围' }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: 'worker2：管哪里' }) });
    await dialog.getByRole('checkbox', { name: '柳河村' }).uncheck();
    await expect(dialog.getByText('以后看不到：柳河村')).toBeVisible();
    await pick(dialog, /^岗位/, /^镇经办/);
    await expect(dialog.getByText(/改成镇经办：看全镇的户/)).toBeVisible();
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(dialog.getByText('请至少选一个')).toBeVisible();
    await dialog.getByRole('checkbox', { name: '青山镇' }).check();
    await expect(dialog.getByText(/以后看不到：石桥村、柳河村/)).toBeVisible();
    await expectAccessible(page, 'another role');
    await shoot(page, 'staff-role');
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('已改，手机下次同步生效')).toBeVisible();
    const changed = JSON.parse(rows(server, "SELECT body FROM audit WHERE action = 'account_change' ORDER BY n DESC LIMIT 1")[0]!);
    expect([changed.detail.role_before, changed.detail.role]).toEqual(['village_worker', 'township_clerk']);
  });

  test('the last administrator stays', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: /^root/ }).click();
    const sheet = page.getByRole('dialog');
    await expect(sheet.getByRole('button', { name: '离岗停用' })).toHaveCount(0);
    await sheet.getByRole('button', { name: '改岗位、范围' }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: 'root：管哪里' }) });
    await expect(dialog.getByRole('button', { name: /^岗位/ }), 'his own role is another administrator’s to change').toHaveCount(0);
    await expectAccessible(page, 'one’s own areas');
  });
});
