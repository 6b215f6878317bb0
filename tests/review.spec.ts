import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { count, rows } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { see } from './support/look.ts';
import { CLERK } from './support/office.ts';
import { until, type Server } from './support/server.ts';

type Visit = { id: string; parent: string; completed_at: number; answers: Record<string, unknown> };

test.describe('a clerk with many visits to look at', () => {
  let server: Server;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
  });
  test.afterAll(async () => {
    await desk.context.close();
    await server.dispose();
  });

  /** The visits by the follow-up form, the newest first. */
  const visits = (): Visit[] => {
    const field = (name: string) => `json_extract(body, '$.f.${name}[1]')`;
    const parts = `'id', e, 'parent', parent, 'completed_at', ${field('completed_at')}, 'answers', json(${field('answers')})`;
    const all = rows(server, `SELECT json_object(${parts}) FROM record WHERE kind = 'visit' AND ${field('template')} = 'FOLLOWUP'`);
    return all.map((one) => JSON.parse(one) as Visit).sort((one, other) => other.completed_at - one.completed_at);
  };

  test('what was answered the time before stands beside what differs', async () => {
    const { page } = desk;
    const all = visits();
    const pair = all.flatMap((one) => {
      const before = all.find((other) => other.parent === one.parent && other.completed_at < one.completed_at);
      return before && before.answers.A16 !== one.answers.A16 && one.answers.A16 ? [{ one, before }] : [];
    })[0]!;
    await desk.open(`/office/review/${pair.one.id}`);
    const row = page.locator('.answer').filter({ hasText: 'A16' });
    await expect(row).toContainText(String(pair.one.answers.A16));
    await expect(row).toContainText(`上次：${pair.before.answers.A16}`);
    await see(page, 'review-last-time');
  });

  test('those in which nothing changed are accepted together, and no other', async () => {
    const { page } = desk;
    await desk.go('审核');
    const tab = page.getByRole('tab', { name: /^待审/ });
    const waiting = async () => Number((await tab.innerText()).replaceAll(/\D/g, ''));
    const before = await waiting();
    await page.getByRole('button', { name: '没有变化的，一并通过' }).click();
    const sheet = page.getByRole('dialog', { name: '没有变化的走访' });
    const yes = sheet.getByRole('button', { name: /^通过这 \d+ 次$/ });
    await expect(yes).toBeVisible();
    await expectAccessible(page, 'visits without changes');
    await see(page, 'review-together');
    const many = Number((await yes.innerText()).replaceAll(/\D/g, ''));
    expect(many).toBeGreaterThan(1);
    await yes.click();
    await expect(page.getByText(`已通过 ${many} 次`)).toBeVisible({ timeout: 30_000 });
    await expect.poll(waiting).toBe(before - many);
    await until(() => count(server, "record WHERE kind = 'visit' AND body LIKE '%\"accepted\"%'") === many, 'the office has them');
    const accepted = rows(server, "SELECT e FROM record WHERE kind = 'visit' AND body LIKE '%\"accepted\"%'");
    const found = rows(server, "SELECT body FROM record WHERE kind = 'need'").join();
    expect(accepted.filter((visit) => found.includes(visit))).toEqual([]);
  });
});
