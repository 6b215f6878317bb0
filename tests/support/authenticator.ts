import type { CDPSession, Page } from '@playwright/test';

/** The authenticator of a phone (finger, face, screen lock), as long as its page is open. */
export class Authenticator {
  private constructor(private readonly session: CDPSession, private id: string) {}

  /** Builds one into the phone; its owner's finger lies on it. `secrets` says whether it makes secrets (PRF). */
  static async of(page: Page, secrets = true): Promise<Authenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const built = new Authenticator(session, '');
    await built.build(secrets);
    return built;
  }

  /** Another in its place, which knows nobody. */
  async replace(secrets = true): Promise<void> {
    await this.session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.id });
    await this.build(secrets);
  }

  /** As after a screen lock that was taken away: its keys are gone. */
  async loseKeys(): Promise<void> {
    await this.session.send('WebAuthn.clearCredentials', { authenticatorId: this.id });
  }

  /** What it keeps: whose, and whether it is a passkey that can be listed. */
  async credentials(): Promise<{ isResidentCredential: boolean; userName?: string; userDisplayName?: string }[]> {
    return (await this.session.send('WebAuthn.getCredentials', { authenticatorId: this.id })).credentials;
  }

  private async build(hasPrf: boolean): Promise<void> {
    const { authenticatorId } = await this.session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, hasPrf,
        isUserVerified: true, automaticPresenceSimulation: true,
      },
    });
    this.id = authenticatorId;
  }
}

type Credentials = Pick<CredentialsContainer, 'create' | 'get'>;
type Patched = Credentials & { whole?: Credentials; lift?: () => void };

/** What the finger does: `gone` is taken away, and the browser says no more than that nothing came; `waits` is not there yet; before `tap` the browser
 * wants a tap, and is content with the next. It lasts until the finger is back, or the page loaded anew. */
export async function takeFingerAway(page: Page, how: 'gone' | 'waits' | 'tap' = 'gone'): Promise<void> {
  await page.evaluate((how) => {
    const container = CredentialsContainer.prototype as Patched;
    const whole = container.whole ??= { create: container.create, get: container.get };
    let isTapped = how !== 'tap';
    Object.defineProperty(navigator, 'userActivation', { configurable: true, get: () => ({ isActive: isTapped }) });
    const refuse = () => {
      if (how === 'tap') setTimeout(() => { isTapped = true; Object.assign(container, whole); });
      return Promise.reject(new DOMException('not allowed', 'NotAllowedError'));
    };
    const wait = (options: CredentialRequestOptions) => new Promise((resolve, reject) => {
      container.lift = () => { resolve(whole.get.call(navigator.credentials, options)); };
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
    });
    Object.assign(container, { create: refuse, get: how === 'waits' ? wait : refuse });
  }, how);
}

/** The finger is there again. */
export async function bringFingerBack(page: Page): Promise<void> {
  await page.evaluate(() => {
    const container = CredentialsContainer.prototype as Patched;
    Object.assign(container, container.whole);
    container.lift?.();
    delete container.lift;
  });
}
