import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** No accessibility violation on the page as it stands. The policy of the page stays in force: the source is evaluated, not injected. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(source);
  // A colour on its way to another is not the one that is read; what turns for ever is.
  await page.evaluate(async () => {
    const passing = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    await Promise.allSettled(passing.map((one) => one.finished));
  });
  const violations = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> } }).axe;
    const result = await axe.run();
    return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).slice(0, 3).join(' | ')}`);
  });
  expect(violations, `accessibility of ${where}`).toEqual([]);
}
