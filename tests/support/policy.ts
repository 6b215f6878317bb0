import type { BrowserContext } from '@playwright/test';

/** Fails the journey under way as soon as a page does what its policy forbids, or would forbid once it is enforced. */
export function refuseViolations(context: BrowserContext): void {
  context.on('console', (message) => {
    if (/Content Security Policy|Trusted ?(Type|HTML|Script)/i.test(message.text())) throw new Error(`against the policy of the page: ${message.text()}`);
  });
}
