import { expect, test, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { report } from './support/bench.ts';
import { row } from './support/checklist_editor.ts';
import { countyDesk } from './support/county_desk.ts';
import { demoOffice } from './support/demo.ts';
import type { Desk } from './support/desk.ts';
import type { Server } from './support/server.ts';

const QUESTIONS = 990;

/** A form near the most that is allowed, every third question with a condition, in one group so that a copy doubles it. */
function longForm(): string {
  const options = ['是', '否', '说不清'].map((word) => ({ code: word, text: { zh: word } }));
  const question = (n: number): unknown => ({
    code: `Q${n}`, text: { zh: `第 ${n} 问` }, type: 'single', options, ...(n % 3 === 2 ? { show_if: `\${Q${n - 1}} = '是'` } : {}),
  });
  const parts = Array.from({ length: QUESTIONS }, (_, n) => question(n));
  const group = { code: 'G', text: { zh: '组' }, type: 'parts', parts };
  return JSON.stringify({ id: 'LONG', version: 1, title: { zh: '长表' }, questions: [group] });
}

/** Does something on the page; the longest time in which it took no input, in ms, until it has rested for a second. */
async function longestBlock(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const at = { last: performance.now(), longest: 0, busy: performance.now(), rest: 0 };
    (window as unknown as { block: typeof at }).block = at;
    const tick = (): void => {
      const now = performance.now();
      at.longest = Math.max(at.longest, now - at.last);
      if (now - at.last > 50) at.busy = now;
      at.last = now;
      at.rest = window.setTimeout(tick, 0);
    };
    tick();
  });
  await act();
  await page.waitForFunction(() => performance.now() - (window as unknown as { block: { busy: number } }).block.busy > 1_000);
  return page.evaluate(() => {
    const { block } = window as unknown as { block: { longest: number; rest: number } };
    clearTimeout(block.rest);
    return block.longest;
  });
}

test.describe.serial('what a long checklist costs in the editor', () => {
  let server: Server;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(30);
    const file = join(server.dataDir, 'LONG.json');
    writeFileSync(file, longForm());
    server.must('checklist', 'import', file);
    desk = await countyDesk(browser, server);
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  test(`${QUESTIONS} questions, then two thousand`, async () => {
    const { page } = desk;
    await desk.open('/office/checklists/LONG/edit');
    await expect(row(page, 'Q1')).toBeVisible({ timeout: 60_000 });
    await row(page, 'Q1').getByRole('button').last().click();
    const words = page.getByLabel('问什么').first();
    const key = await longestBlock(page, () => words.pressSequentially('在这里写字'));
    report(`editor with ${QUESTIONS} questions, longest block while typing`, { figure: key, unit: 'ms' });
    await row(page, 'G').getByRole('button').last().click();
    const copy = await longestBlock(page, async () => {
      await page.getByRole('button', { name: '复制', exact: true }).click();
      await expect(page.getByRole('button', { name: /题和组加起来多于 1000 个/ })).toBeVisible({ timeout: 60_000 });
    });
    report('editor with 1,982 lines, longest block from the copy to the word that they are too many', { figure: copy, unit: 'ms' });
    const after = await longestBlock(page, () => page.getByLabel('问什么').first().pressSequentially('还能写字'));
    report('editor with 1,982 lines, longest block while typing', { figure: after, unit: 'ms' });
  });

  test('five hundred options', async () => {
    const { page } = desk;
    await desk.open('/office/checklists/FOLLOWUP/edit');
    await row(page, 'A01').getByRole('button').last().click();
    await page.getByRole('button', { name: '粘贴多行' }).click();
    await page.getByLabel('一行一个选项').fill(Array.from({ length: 500 }, (_, n) => `o${n},第 ${n} 项`).join('\n'));
    const paste = await longestBlock(page, async () => {
      await page.getByRole('button', { name: '加进去' }).click();
      await expect(page.locator('.editor__screen [id="q-A01"]').getByRole('radio')).toHaveCount(504, { timeout: 60_000 });
    });
    report('editor, longest block from 500 pasted options to their preview', { figure: paste, unit: 'ms' });
  });
});
