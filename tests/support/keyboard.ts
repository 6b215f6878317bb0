import { expect, type Locator, type Page } from '@playwright/test';

/** Nobody goes on for longer to find a thing on a page. */
const TABS_MAX = 120;

/** Goes on by Tab until something has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible({ timeout: 30_000 });
  for (let n = 0; n < TABS_MAX; n += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached by ${TABS_MAX} tabs: ${target.toString()}`);
}

/** Goes there and presses it. */
export async function pressOn(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Goes to a list of the browser's own and chooses by its arrows. */
export async function arrowTo(page: Page, select: Locator, words: string): Promise<void> {
  await tabTo(page, select);
  const at = await select.evaluate((list: HTMLSelectElement, words) => [...list.options].findIndex((option) => option.text.startsWith(words)) - list.selectedIndex, words);
  for (let n = 0; n < Math.abs(at); n += 1) await page.keyboard.press(at > 0 ? 'ArrowDown' : 'ArrowUp');
  await expect(select.locator('option:checked')).toHaveText(new RegExp(`^${words}`));
}
