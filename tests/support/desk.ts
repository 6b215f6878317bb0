import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { join } from 'node:path';
import { goInside } from './go_inside.ts';
import { refuseViolations } from './policy.ts';
import { totp } from './totp.ts';

export const FIXTURES = join(import.meta.dirname, '../../src/server/fixtures');

/** A clerk at a shared PC: what she sees and presses, by the words on the screen. */
export class Desk {
  private constructor(readonly url: string, readonly context: BrowserContext, readonly page: Page) {}

  static async open(browser: Browser, url: string): Promise<Desk> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true, baseURL: url });
    refuseViolations(context);
    return new Desk(url, context, await context.newPage());
  }

  async login(user: string, password: string): Promise<void> {
    const { page } = this;
    await page.goto('/login');
    await page.getByLabel('用户名').fill(user);
    await page.getByLabel('密码').fill(password);
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByRole('link', { name: '导入', exact: true })).toBeVisible({ timeout: 30_000 });
  }

  /** The first login of a role that needs a second factor: it is set up on the way. */
  async loginWithFactor(user: string, password: string): Promise<void> {
    const { page } = this;
    await page.goto('/login');
    await page.getByLabel('用户名').fill(user);
    await page.getByLabel('密码').fill(password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByLabel('验证码').fill(totp(await page.getByTestId('totp-secret').innerText()));
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('button', { name: '已抄好，进入' }).click();
  }

  /** Moves inside the app by its links; a reload of a shared PC would ask for the login again. */
  async go(name: '总览' | '导入' | '审核' | '台账' | '设备' | '对象' | '待处理'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) }).first().click();
  }

  /** Goes to a page inside the app, as its links do. */
  async open(path: string): Promise<void> {
    await goInside(this.page, path);
  }

  async chooseFile(file: string): Promise<void> {
    await this.page.locator('input[type=file]').setInputFiles(file);
  }

  /** Imports a list with all its new families. */
  async importList(file: string): Promise<void> {
    await this.chooseList(file);
    await this.page.getByRole('button', { name: /^写入/ }).click({ timeout: 30_000 });
    await expect(this.page.getByText('已写入档案')).toBeVisible({ timeout: 60_000 });
  }

  async chooseList(file: string): Promise<void> {
    await this.go('导入');
    const input = this.page.locator('input[type=file]');
    const again = this.page.getByRole('button', { name: '换一份文件' });
    await expect(input.or(again)).toBeAttached();
    if (await again.isVisible()) await again.click();
    await this.chooseFile(file);
  }
}
