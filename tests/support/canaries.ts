import type { BrowserContext, Page } from '@playwright/test';

/** Would run as code if any page took it for more than text. */
export const MARKUP = `<script>canary()</script><img src=x onerror=canary()><img/src=x/onerror=canary()>"'><svg onload=canary()>`
  + '<iframe srcdoc="<script>parent.canary()</script>"></iframe><details open ontoggle=canary()>'
  + '<a href="javascript:canary()">点我</a>{{constructor.constructor("canary()")()}}${canary()}';
/** The same where a field takes few letters. */
export const SHORT = '<img/src=x/onerror=canary()>';
/** Would run where a text becomes an address. */
export const LINK = 'javascript:canary()//';

/** What a browser noticed: payloads that ran, dialogs, and what the policy had to stop. */
export class Canaries {
  readonly sung: string[] = [];

  /** Listens in every page of the context from its first script on. */
  static async listen(context: BrowserContext): Promise<Canaries> {
    const canaries = new Canaries();
    // What other journeys fail at is noted here, and provoked once to see that it is.
    context.removeAllListeners('console');
    await context.exposeFunction('canary', () => { canaries.sung.push('a payload ran'); });
    await context.exposeFunction('violated', (what: string) => { canaries.sung.push(`the policy stopped ${what}`); });
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        void (window as unknown as { violated: (what: string) => void }).violated(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
      });
    });
    const watch = (page: Page): void => {
      page.on('dialog', (dialog) => { canaries.sung.push(`a dialog: ${dialog.message()}`); void dialog.dismiss(); });
      page.on('console', (message) => {
        if (/content security policy|trusted ?(html|script|types)/i.test(message.text())) canaries.sung.push(message.text());
      });
    };
    context.pages().forEach(watch);
    context.on('page', watch);
    return canaries;
  }
}
