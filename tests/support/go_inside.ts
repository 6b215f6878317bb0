import type { Page } from '@playwright/test';

/** Changes the path as a link of the app does: loading a page anew would lock the vault. */
export async function goInside(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}
