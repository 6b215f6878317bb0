import { expect, type Locator, type Page } from '@playwright/test';

/** A row of the editor by its code. */
export function row(page: Page, code: string): Locator {
  return page.locator('.editor__row').filter({ has: page.locator('.editor__code').getByText(code, { exact: true }) });
}

/** The codes in the order of the editor. */
export async function codes(page: Page): Promise<string[]> {
  return page.locator('.editor__row .editor__code').allInnerTexts();
}

/** A question as the preview shows it. */
export function previewed(page: Page, code: string): Locator {
  return page.locator(`.editor__screen [id="q-${code}"]`);
}

/** Gives the chosen question another kind. */
export async function chooseKind(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: /^题型/ }).click();
  await page.getByRole('dialog').last().getByRole('button', { name: kind, exact: true }).click();
  await expect(page.getByRole('button', { name: /^题型/ })).toContainText(kind);
}
