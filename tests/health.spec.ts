import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { Desk } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { cleanOffice } from './support/office.ts';
import { type Server, until } from './support/server.ts';

const ADMIN = { user: 'admin', password: 'quiet-mill-harbour-12' };
type Health = { alarms: { kind: string; urgent: boolean }[] };

test.describe.serial('how the server is', () => {
  let server: Server;
  let desk: Desk;
  const backups = mkdtempSync(join(tmpdir(), 'huifang-journey-backups-'));
  const health = () => (JSON.parse(server.cli('health', '--json').stdout) as Health).alarms
    // How full the disk of this machine is stands elsewhere.
    .filter(({ kind }) => !kind.endsWith('_disk'));

  test.beforeAll(async () => {
    server = await cleanOffice();
    server.must('account', 'add', ADMIN.user, '--role', 'admin', '--scope', '339999', '--password', ADMIN.password);
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
    rmSync(backups, { recursive: true, force: true });
  });

  test('a server without backups and without its certificate says so, and what to do', async ({ browser }) => {
    await server.kill();
    await server.start('--certificate', join(backups, 'missing.pem'));
    desk = await Desk.open(browser, server.url);
    await desk.loginWithFactor(ADMIN.user, ADMIN.password);
    await desk.page.getByRole('navigation').getByRole('link', { name: '运行' }).click();
    const { page } = desk;
    await expect(page.getByText('还没有一份验证通过的备份')).toBeVisible();
    await expect(page.getByText('马上处理')).toBeVisible();
    await expect(page.getByText('读不出网站证书')).toBeVisible();
    await expect(page.getByText('在用 0 台')).toBeVisible();
    await expectAccessible(page, 'the server with alarms');
    await shoot(page, 'health-alarms');
    expect(health()).toEqual([{ kind: 'backup_none', urgent: true }, { kind: 'certificate_unreadable', urgent: false }]);
    expect(server.cli('health').code).toBe(1);
  });

  test('without the server the page says that, and comes back by a tap', async () => {
    const { page } = desk;
    await server.kill();
    await desk.open('/me');
    await desk.open('/office/health');
    await expect(page.getByText('连不上服务器')).toBeVisible();
    await shoot(page, 'health-offline');
    await server.start('--backup-dir', backups);
    await until(() => health().length === 0, 'the first backup is verified');
    await page.getByRole('button', { name: '再试一次' }).click();
    await expect(page.getByText('还没有一份验证通过的备份')).toHaveCount(0);
    await expect(page.getByText('每 15 分钟一次')).toBeVisible();
    await expect(page.getByText('备份盘')).toBeVisible();
    await shoot(page, 'health-well');
  });
});
