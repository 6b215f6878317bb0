import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { cleanOffice, CLERK } from './support/office.ts';
import type { Server } from './support/server.ts';

const AUDITOR = { user: '审计员', password: 'grey-heron-window-53' };

test.describe.serial('who did what', () => {
  let server: Server;
  let auditor: Desk;

  test.beforeAll(async () => {
    server = await cleanOffice();
    server.must('account', 'add', AUDITOR.user, '--role', 'auditor', '--scope', '339999', '--password', AUDITOR.password);
  });
  test.afterAll(async () => {
    await auditor?.context.close();
    await server?.dispose();
  });

  test('an auditor finds what a clerk did, and nothing of a file', async ({ browser }) => {
    const clerk = await Desk.open(browser, server.url);
    await clerk.login(CLERK.user, CLERK.password);
    await clerk.importList(join(FIXTURES, 'township-list.xlsx'));
    await clerk.context.close();

    auditor = await Desk.open(browser, server.url);
    await auditor.loginWithFactor(AUDITOR.user, AUDITOR.password);
    const { page } = auditor;
    await expect(page.getByRole('heading', { name: '操作记录' })).toBeVisible();
    const rows = page.locator('tbody tr');
    await expect(rows.first()).toContainText(AUDITOR.user);
    await expectAccessible(page, 'the audit');
    await shoot(page, 'audit');

    await page.getByLabel('什么事').selectOption('名单和导出');
    await expect(rows.first()).toContainText('写入了名单');
    await expect(rows.first()).toContainText(CLERK.user);
    await page.getByLabel('谁（姓名的一部分）').fill('没有这个人');
    await page.keyboard.press('Tab');
    await expect(page.getByText('没有这样的记录')).toBeVisible();
    await shoot(page, 'audit-none');
  });

  test('he sees no page on which families stand', async () => {
    const { page } = auditor;
    for (const path of ['/recipients', '/office/ledger', '/office/staff', '/needs']) {
      await auditor.open(path);
      await expect(page.getByRole('heading', { name: '操作记录' })).toBeVisible();
    }
    await expect(page.getByRole('navigation').getByRole('link')).toHaveCount(2);
  });

  test('without the server the page says that, and comes back by a tap', async () => {
    const { page } = auditor;
    await server.kill();
    await auditor.open('/me');
    await auditor.open('/office/audit');
    await expect(page.getByText('连不上服务器')).toBeVisible();
    await server.start();
    await page.getByRole('button', { name: '再试一次' }).click();
    await expect(page.locator('tbody tr').first()).toBeVisible();
  });
});
