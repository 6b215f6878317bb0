import { expect, test, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { report } from './support/bench.ts';
import { demoOffice } from './support/demo.ts';
import { openFile, type Phone, workersPhone } from './support/phone.ts';
import type { Server } from './support/server.ts';
import { percentile, slow } from './support/slow_page.ts';

const TAPS = 30;

/** A form in which every third question shows the next one, as real ones do. */
function longForm(questions: number): { id: string; title: string; text: string } {
  const code = (n: number): string => `Q${String(n).padStart(3, '0')}`;
  const options = ['是', '否', '说不清', '不适用'].map((word) => ({ code: word, text: { zh: word } }));
  const question = (n: number): unknown => ({
    code: code(n), text: { zh: `第 ${n} 问` }, type: 'single', options, required: true,
    ...(n % 3 === 2 ? { show_if: `\${${code(n - 1)}} = '是'` } : {}),
  });
  const title = `${questions} 问`;
  const template = { id: `LONG${questions}`, version: 1, title: { zh: title }, questions: Array.from({ length: questions }, (_, n) => question(n)) };
  return { id: template.id, title, text: JSON.stringify(template) };
}

/** From a tap until its mark, and the question that depends on it, are painted. */
async function taps(page: Page): Promise<number[]> {
  return page.evaluate(async (taps) => {
    const painted = () => new Promise<void>((resolve) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => resolve(); c.port2.postMessage(0); }));
    const figures: number[] = [];
    for (let round = 0; round < taps; round += 1) {
      const code = `Q${String(1 + 3 * (round % 20)).padStart(3, '0')}`;
      const dependent = `q-Q${String(2 + 3 * (round % 20)).padStart(3, '0')}`;
      const wasShown = document.getElementById(dependent) !== null;
      const option = [...document.querySelectorAll<HTMLInputElement>(`#q-${code} input`)][wasShown ? 1 : 0]!;
      // People tap at any time of a frame, not always at its start.
      await new Promise((resolve) => { setTimeout(resolve, (round * 7) % 17); });
      const begun = performance.now();
      option.click();
      do await painted(); while ((document.getElementById(dependent) !== null) === wasShown && performance.now() - begun < 5_000);
      figures.push(performance.now() - begun);
      await painted();
    }
    return figures;
  }, TAPS);
}

test.describe.serial('what a long form costs', () => {
  let server: Server;
  let phone: Phone;
  const forms = [100, 300].map(longForm);

  test.beforeAll(async () => {
    server = await demoOffice(30);
    for (const form of forms) {
      const file = join(server.dataDir, `${form.id}.json`);
      writeFileSync(file, form.text);
      server.must('checklist', 'import', file);
    }
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  /** Begins a visit by a form on a page so much slower; how long until its first question is painted, in ms. */
  async function shown(index: number, title: string, rate: number): Promise<{ ms: number; rest: () => Promise<void> }> {
    await openFile(phone.page, index);
    await phone.page.getByRole('button', { name: '其他走访' }).click();
    const choice = phone.page.getByRole('button', { name: title, exact: true });
    await expect(choice).toBeVisible();
    const session = await slow(phone.page, rate);
    const ms = await choice.evaluate((button: HTMLElement) => new Promise<number>((resolve) => {
      const begun = performance.now();
      const look = (): void => {
        if (document.getElementById('q-Q000')) requestAnimationFrame(() => resolve(performance.now() - begun));
        else requestAnimationFrame(look);
      };
      button.click();
      look();
    }));
    return { ms, rest: () => session.detach() };
  }

  test('100 questions', async () => {
    for (const [index, rate, open, tap] of [[0, 1, 150, 16], [1, 4, 500, 50]] as const) {
      const { ms, rest } = await shown(index, forms[0]!.title, rate);
      report(`form of 100 questions, shown, at ${rate}×`, { figure: ms, budget: open, unit: 'ms' });
      report(`form of 100 questions, an answer to its dependent question, median at ${rate}×`, { figure: percentile(await taps(phone.page), 0.5), budget: tap, unit: 'ms' });
      await rest();
    }
  });

  test('300 questions', async () => {
    const { rest } = await shown(2, forms[1]!.title, 6);
    report('form of 300 questions, a tap, p95 at 6×', { figure: percentile(await taps(phone.page), 0.95), budget: 100, unit: 'ms' });
    await rest();
  });
});
