import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Options = { runOnly?: string[] };
type Axe = { run(context: Document, options: Options): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> };

/** No accessibility violation on the page as it stands, and in the theme for bright sun all type at 7:1. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // The policy of the page stays in force: the source is evaluated, not injected.
  await page.evaluate(source);
  expect(await violations(page, {}), `accessibility of ${where}`).toEqual([]);
  const theme = await page.evaluate(() => document.documentElement.dataset.theme);
  await wear(page, 'sunlight');
  expect(await violations(page, { runOnly: ['color-contrast-enhanced'] }), `${where} in the sun`).toEqual([]);
  await wear(page, theme);
}

async function wear(page: Page, theme?: string): Promise<void> {
  await page.evaluate((to) => {
    if (to) document.documentElement.dataset.theme = to;
    else delete document.documentElement.dataset.theme;
  }, theme);
}

async function violations(page: Page, options: Options): Promise<string[]> {
  // A colour on its way to another is not the one that is read; what turns for ever is. Far from the screen it stands still on its way.
  await page.evaluate(() => {
    const passing = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    for (const one of passing) one.finish();
  });
  return page.evaluate(async (given) => {
    const result = await (window as unknown as { axe: Axe }).axe.run(document, given);
    return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).slice(0, 3).join(' | ')}`);
  }, options);
}
