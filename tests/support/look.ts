import { type Locator, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const shots = process.env.SHOTS;

/** The page as it is, where somebody wants to look at it: at another width a list is another page, and what is open over it closes. */
export async function see(page: Page, name: string): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}-${page.viewportSize()!.width}.png`) });
}

/** The page at both sizes, where somebody wants to look at it. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!shots) return;
  const before = page.viewportSize()!;
  for (const size of [{ width: 360, height: 800 }, { width: 1440, height: 900 }]) {
    await page.setViewportSize(size);
    await see(page, name);
  }
  await page.setViewportSize(before);
}

/** Chooses one of many in the sheet that a picker opens. */
export async function pick(page: Page | Locator, label: RegExp, option: RegExp): Promise<void> {
  await page.getByRole('button', { name: label }).click();
  const top = 'goto' in page ? page : page.page();
  await top.getByRole('dialog').last().getByRole('button', { name: option }).click();
}

/** Chooses a day in the sheet that a date opens. */
export async function pickDay(page: Page | Locator, label: RegExp, day: Date): Promise<void> {
  await page.getByRole('button', { name: label }).click();
  const top = 'goto' in page ? page : page.page();
  const sheet = top.getByRole('dialog').last();
  // What the office calls a day is one in China.
  const [year, month, date] = new Date(day.getTime() + 8 * 3_600_000).toISOString().slice(0, 10).split('-').map(Number);
  for (const [part, value] of [['年', year], ['月', month], ['日', date]] as const) {
    await sheet.getByLabel(part, { exact: true }).fill(String(value));
    await sheet.getByLabel(part, { exact: true }).blur();
  }
  await sheet.getByRole('button', { name: '确定' }).click();
}
