import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { codes, previewed, row } from './support/checklist_editor.ts';
import { countyDesk } from './support/county_desk.ts';
import { demoOffice } from './support/demo.ts';
import type { Desk } from './support/desk.ts';
import { pick, shoot } from './support/look.ts';
import type { Server } from './support/server.ts';

test.describe.serial('a change of a checklist is understood before it is out', () => {
  test.setTimeout(240_000);
  let server: Server;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(20);
    desk = await countyDesk(browser, server);
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  test('what makes needs by itself is warned of when it goes or loses an answer', async () => {
    const { page } = desk;
    // The editor builds only the rows in sight.
    await page.setViewportSize({ width: 1440, height: 2600 });
    await desk.open('/office/checklists/FOLLOWUP/edit');
    await row(page, 'A20').getByRole('button').last().click();
    await page.getByRole('button', { name: '删除', exact: true }).click();
    await expect(page.getByText(/A20 没有了：手机和镇里靠它的答案自动记困难/)).toBeVisible();
    await row(page, 'A10').getByRole('button').last().click();
    await page.getByRole('button', { name: '去掉选项 重病' }).click();
    await expect(page.getByRole('button', { name: /A10 少了选项“重病”/ })).toBeVisible();
    await expectAccessible(page, 'the editor with a warning of rules');
    await shoot(page, 'editor-rules');
  });

  test('the preview asks as if somebody were visited', async () => {
    const { page } = desk;
    await row(page, 'A24').getByRole('button').last().click();
    await expect(previewed(page, 'A24')).toHaveCount(0);
    await pick(page, /^当作去走访谁/, /赵大山/);
    await expect(previewed(page, 'A24')).toBeVisible();
    await shoot(page, 'editor-stand-in');
    await pick(page, /^当作去走访谁/, /先不管是谁/);
    await expect(previewed(page, 'A24')).toHaveCount(0);
  });

  test('a question is made one for many, and the warning stands before it is out', async () => {
    const { page } = desk;
    await row(page, 'A01').getByRole('button').last().click();
    const together = page.getByRole('switch', { name: '集体走访时大家一样，只填一次' });
    await together.click();
    await expect(together).toBeChecked();
    await shoot(page, 'editor-shared');
    await page.getByRole('button', { name: '发布', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('有 2 处会影响自动记的困难和事项');
    await dialog.getByRole('button', { name: '发布', exact: true }).click();
    await expect(page.getByText(/已发布第 2 版/)).toBeVisible({ timeout: 30_000 });
    await expect(page.locator('.checklists__question').filter({ hasText: 'A01' }).first()).toContainText('集体走访只填一次', { timeout: 30_000 });
  });

  test('the next version is begun from the older one', async () => {
    const { page } = desk;
    await expect(page.getByRole('link', { name: /^从第/ })).toHaveCount(0);
    await pick(page, /^版本/, /^第 1 版$/);
    await shoot(page, 'checklist-older');
    await page.getByRole('link', { name: '从第 1 版改起' }).click();
    await expect.poll(() => codes(page)).toContain('A20');
    await expect(page.getByText(/A20 没有了/)).toHaveCount(0);
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
    await expect(page.getByText(/已发布第 3 版/)).toBeVisible({ timeout: 30_000 });
    await expect(page.locator('.checklists__question').filter({ hasText: 'A20' }).first()).toBeVisible({ timeout: 30_000 });
  });
});
