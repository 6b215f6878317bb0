import type { Page } from '@playwright/test';

/** What a page claims to have on the disk, as it claims it: written down outside of the browser, so that a kill cannot take it back. */
export class Claims {
  /** Texts of the form's box at the moments when the form said that everything given is saved. */
  readonly form: string[] = [];
  /** Short notices, such as "saved on the phone". */
  readonly notices: string[] = [];

  /** Watches from now on; a page loaded anew is watched again. */
  async watch(page: Page): Promise<void> {
    page.on('console', (message) => {
      const [mark, kind, text] = message.text().split('\u0001');
      if (mark !== 'claim') return;
      if (kind === 'form') this.form.push(text!);
      else this.notices.push(text!);
    });
    await page.evaluate(() => {
      let form = '';
      let due = false;
      const said = new Set<Element>();
      // Only what is painted counts as said.
      const look = (): void => {
        due = false;
        const saved = document.querySelector('.form__saved svg');
        const box = document.querySelector<HTMLTextAreaElement | HTMLInputElement>('#q-A27 textarea, #q-A27 input');
        const now = saved && box ? box.value : '';
        if (now && now !== form) console.debug(`claim\u0001form\u0001${now}`);
        form = now;
        for (const notice of document.querySelectorAll('[role=status] .toast')) {
          if (said.has(notice) || !notice.textContent) continue;
          said.add(notice);
          console.debug(`claim\u0001notice\u0001${notice.textContent}`);
        }
      };
      new MutationObserver(() => {
        if (!due) requestAnimationFrame(look);
        due = true;
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  }
}
