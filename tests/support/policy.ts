import { expect, type BrowserContext } from '@playwright/test';

/** Fails the journey under way as soon as a page does what its policy forbids. */
export function refuseViolations(context: BrowserContext): void {
  context.on('console', (message) => {
    // By an expectation, so that a test that provokes one may expect to fail.
    expect(message.text(), 'against the policy of the page').not.toMatch(/Content Security Policy|Trusted ?(Type|HTML|Script)/i);
  });
}
