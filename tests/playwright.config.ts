import { defineConfig } from '@playwright/test';

// The browser is the system's; every journey starts a server of its own on a folder of its own.
const launch = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
};

export default defineConfig({
  outputDir: 'test-results',
  retries: 0,
  // Much of a journey is waiting: two fill two cores.
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    launchOptions: launch,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'journeys', testMatch: /.*\.spec\.ts/ },
    { name: 'shots', testMatch: /shots\.ts/ },
    { name: 'chaos', testMatch: /chaos\/.*\.ts/, workers: 1, timeout: 1_800_000, use: { trace: 'off' } },
    { name: 'record', testMatch: /record\.ts/ },
    { name: 'bench', testMatch: /bench\.ts/, testIgnore: /support/, workers: 1, timeout: 900_000, use: { trace: 'off' } },
  ],
});
