import { expect, type Browser, type Locator, type Page } from '@playwright/test';
import { Desk } from './desk.ts';
import type { Server } from './server.ts';
import { totp } from './totp.ts';

const COUNTY = { user: 'county', password: 'slow-river-lantern-44' };

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

/** The county's clerk at a shared PC. */
export async function countyDesk(browser: Browser, server: Server): Promise<Desk> {
  server.must('account', 'assign', COUNTY.user, '--password', COUNTY.password);
  const desk = await Desk.open(browser, server.url);
  const { page } = desk;
  await page.goto('/login');
  await page.getByLabel('用户名').fill(COUNTY.user);
  await page.getByLabel('密码').fill(COUNTY.password);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByLabel('验证码').fill(totp(await page.getByTestId('totp-secret').innerText()));
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('button', { name: '已抄好，进入' }).click();
  return desk;
}

/** Gives the chosen question another kind. */
export async function chooseKind(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: /^题型/ }).click();
  await page.getByRole('dialog').last().getByRole('button', { name: kind, exact: true }).click();
  await expect(page.getByRole('button', { name: /^题型/ })).toContainText(kind);
}
