import type { Locator, Page } from '@playwright/test';

/**
 * Buttons that lock the phone, leave the office, or take away what cannot be had again. And 安装: the browser's own window, which no test can
 * close, takes every press after it.
 */
const DESTROYS = /^安装$|锁上|退出登录|忘了锁码|^清除|^停用|取消这次走访|不留这次/;
/** Of a list with more rows than this the first row stands for all. */
const ROWS_MAX = 8;

/** A button that can be pressed, named so that it is found again on the page as it is when it is opened. */
export interface Pressable {
  key: string;
  /** Its place among the buttons of the sheet on top, or else of the page. */
  place: number;
  destroys: boolean;
}

/** The sheet on top, or else the page. */
async function ground(page: Page): Promise<Locator> {
  const sheets = page.locator('dialog[open]');
  return (await sheets.count()) > 0 ? sheets.last() : page.locator('main').first();
}

/** What can be pressed in the sheet on top, or else on the page. */
export async function pressable(page: Page): Promise<Pressable[]> {
  const root = await ground(page);
  const found = await root.evaluate((root, rowsMax) => {
    const buttons = [...root.querySelectorAll('button')];
    const rows = (list: Element | null | undefined) => list?.querySelectorAll(':scope > li, :scope > tr, :scope > article').length ?? 0;
    const sheet = root.tagName === 'DIALOG' ? `${root.querySelector('h2')?.textContent ?? ''}: ` : '';
    return buttons.map((button, place) => {
      const name = (button.getAttribute('aria-label') ?? button.innerText).trim().replaceAll(/\s+/g, ' ');
      const row = button.closest('li, tr, article');
      const list = row && root.contains(row) && row !== root ? row.parentElement : undefined;
      const inRow = row ? [...row.querySelectorAll('button')].indexOf(button) : 0;
      const isMany = rows(list) > rowsMax;
      const said = isMany ? `button ${inRow + 1} of a row of ${list!.className || list!.tagName}` : name;
      const canBe = name !== '' && !button.disabled && button.checkVisibility({ visibilityProperty: true }) && button.getClientRects().length > 0;
      return { key: sheet + said, name, place, canBe, danger: button.dataset.kind === 'danger' };
    });
  }, ROWS_MAX).catch(() => []);
  return found.filter(({ canBe }) => canBe).map(({ key, name, place, danger }) => ({ key, place, destroys: danger || DESTROYS.test(name) }));
}

/** The first button of that name; else the one in its place, as a filter is named by what was chosen last. */
export async function find(page: Page, { key, place }: Pressable): Promise<Locator | undefined> {
  const all = await pressable(page);
  const found = all.find((one) => one.key === key) ?? all.find((one) => one.place === place && !one.destroys);
  return found && (await ground(page)).locator('button').nth(found.place);
}
